import { formatQuantity, mean } from '../quantities/index.ts';
import { splitOperation } from './calls.ts';
import type { ConstantUse } from './constant-use.ts';
import { many } from './limits.ts';
import { didYouMean, entriesOf, listNames, type Outline, type OutlineComponent } from './outline.ts';
import { isMap, type Path } from './path.ts';
import { mostZones, type PlaceNames, readPlaces } from './places.ts';
import { isName } from './plain-name.ts';
import type { Plan } from './plan.ts';
import { type Standing, zonesThatTalk } from './plan-places.ts';
import type { Problems } from './problems.ts';
import type { ParsedDesign } from './schema.ts';

type Written = Readonly<Record<string, unknown>>;

/** Reports places that cannot be told apart, names of places that nothing has, and components without a place. */
export function checkPlaceNames(design: Written, outline: Outline, problems: Problems): void {
  const places = readPlaces(design);
  for (const component of outline.components.values()) {
    const path = ['components', component.name];
    if (component.kind?.placeless) checkPlaceless(component.settings, path, problems);
    else checkStanding(component.settings, path, places, problems);
    if (component.kind?.outside) checkOutside(component, path, problems);
  }
  for (const [name, { from, call }] of outline.traffic) {
    const path = ['traffic', name, 'from'];
    const first = typeof call === 'string' ? splitOperation(call)?.component : undefined;
    if (from !== undefined && outline.components.get(first ?? '')?.kind?.outside) {
      conflict(path, `its users are where \`${first}\` is: say its \`region\` there`, problems);
      continue;
    }
    if (typeof from !== 'string' || places?.regions.includes(from.trim())) continue;
    if (places === null) reportNoRegions(path, problems);
    else reportUnknown(from, 'region', places.regions, path, problems);
  }
  if (places === null) {
    if (isMap(design['network']) && design['network']['zones'] !== undefined) {
      idle(['network', 'zones'], 'the design has no regions', problems);
    }
    return;
  }
  if (places.regions.length === 0) {
    problems.report({
      code: 'missing-key',
      path: ['regions'],
      at: 'key',
      message: '`regions` is empty',
      expected: 'at least one region',
    });
    return;
  }
  checkNamesApart(places, outline, problems);
  if (places.zones.length > mostZones) {
    problems.report({
      code: 'too-many-values',
      path: ['regions'],
      at: 'key',
      message: `the regions have ${many(places.zones.length)} zones`,
      expected: `at most ${mostZones} zones`,
    });
  }
  const pairs = new Set<string>();
  for (const [name, region] of entriesOf(design['regions'])) {
    for (const word of ['latency', 'distance']) {
      const ways = isMap(region) ? entriesOf(region[word]) : [];
      for (const [other] of ways) {
        const path = ['regions', name, word, other];
        const pair = `${word} ${[name, other].sort().join(' ')}`;
        if (!places.regions.includes(other)) {
          reportUnknown(other, 'region', places.regions, path, problems, 'key');
        } else if (other === name) {
          conflict(path, `\`${name}\` is as far from itself as its zones are`, problems);
        } else if (pairs.has(pair)) {
          conflict(path, `the ${word} between \`${other}\` and \`${name}\` is said twice`, problems);
        }
        pairs.add(pair);
      }
    }
  }
}

/** Users are in a region, and in none of its zones. */
function checkOutside({ name, settings }: OutlineComponent, path: Path, problems: Problems): void {
  for (const word of ['zone', 'zones']) {
    if (settings[word] === undefined) continue;
    conflict([...path, word], `\`${name}\` is outside of all zones: it may be in a \`region\``, problems);
  }
}

function checkNamesApart({ regions, zones }: PlaceNames, outline: Outline, problems: Problems): void {
  const seen = new Set<string>();
  const check = (name: string, path: Path): void => {
    if (!isName(name)) {
      problems.report({
        code: 'bad-name',
        path,
        message: `\`${name}\` cannot be referred to`,
        expected: 'a letter, then letters, digits, - and _, at most 64 in all',
      });
    } else if (seen.has(name) || outline.components.has(name)) {
      problems.report({
        code: 'bad-name',
        path,
        message: `\`${name}\` names ${seen.has(name) ? 'another place' : 'a component'} too`,
        expected: 'a name of its own for each region, zone and component',
      });
    }
    seen.add(name);
  };
  for (const region of regions) check(region, ['regions', region]);
  for (const [z, { name, region }] of zones.entries()) {
    const own = zones.filter((zone) => zone.region === region);
    const position = own.indexOf(zones[z]!);
    // A region that says no zones is its own one.
    if (own.length === 1 && name === regions[region]) continue;
    check(name, ['regions', regions[region]!, 'zones', position]);
  }
}

function checkPlaceless(settings: Written, path: Path, problems: Problems): void {
  for (const word of ['region', 'zone', 'zones']) {
    if (settings[word] !== undefined) idle([...path, word], 'it stands wherever it is asked', problems);
  }
}

function checkStanding(settings: Written, path: Path, places: PlaceNames | null, problems: Problems): void {
  const { region, zone, zones } = settings;
  const words = Object.entries({ region, zone, zones }).filter(([, value]) => value !== undefined);
  if (places === null) {
    const [first] = words;
    if (first !== undefined) reportNoRegions([...path, first[0]], problems);
    return;
  }
  if (zone !== undefined && zones !== undefined) {
    conflict([...path, 'zones'], '`zone` and `zones` both say where it stands', problems);
    return;
  }
  if (words.length === 0) {
    if (places.regions.length > 1) {
      problems.report({
        code: 'missing-key',
        path,
        at: 'key',
        message: `\`${path.at(-1)}\` does not say where it stands`,
        expected: '`region`, `zone` or `zones`',
      });
    }
    return;
  }
  const zoneNames = places.zones.map(({ name }) => name);
  if (typeof region === 'string' && !places.regions.includes(region.trim())) {
    reportUnknown(region, 'region', places.regions, [...path, 'region'], problems);
    return;
  }
  const listed = Array.isArray(zones) ? zones.map((name, i) => ({ name, place: ['zones', i] })) : [];
  const single = zone === undefined ? [] : [{ name: zone, place: ['zone'] }];
  for (const { name, place } of [...single, ...listed]) {
    if (typeof name !== 'string') continue;
    const index = zoneNames.indexOf(name.trim());
    if (index < 0) reportUnknown(name, 'zone', zoneNames, [...path, ...place], problems);
    else if (typeof region === 'string' && places.regions[places.zones[index]!.region] !== region.trim()) {
      conflict([...path, ...place], `\`${name}\` is no zone of \`${region}\``, problems, 'value');
    }
  }
}

/** Reports latencies between regions that no message can have. */
export function checkDistances(design: ParsedDesign, constants: ConstantUse, problems: Problems): void {
  const regions = design.regions ?? {};
  for (const [name, { latency = {} }] of Object.entries(regions)) {
    for (const [other, law] of Object.entries(latency)) {
      const far = regions[name]?.distance?.[other] ?? regions[other]?.distance?.[name];
      if (far === undefined) continue;
      const floor = far * constants.take('net.fibre.km');
      if (mean(law) >= floor) continue;
      problems.report({
        code: 'out-of-range',
        path: ['regions', name, 'latency', other],
        message: `light in fibre takes ${formatQuantity(floor, 'time')} for ${far}km`,
        found: formatQuantity(mean(law), 'time'),
        expected: `one way, at least ${formatQuantity(floor, 'time')}`,
      });
    }
  }
}

/** Warns of what is said of places without effect. The design has no error. */
export function checkPlaceEffects(
  design: ParsedDesign,
  plan: Plan,
  instancesOf: (component: string) => number,
  problems: Problems,
): void {
  const { places } = plan;
  if (places === undefined) return;
  const crossed = new Set(places.acrossRegions.map(({ regions: [a, b] }) => `${a} ${b}`));
  for (const [name, region] of Object.entries(design.regions ?? {})) {
    for (const word of ['latency', 'distance'] as const) {
      for (const other of Object.keys(region[word] ?? {})) {
        const pair = [places.regions.indexOf(name), places.regions.indexOf(other)].sort((a, b) => a - b);
        if (crossed.has(pair.join(' '))) continue;
        idle(['regions', name, word, other], `nothing goes between \`${name}\` and \`${other}\``, problems);
      }
    }
  }
  const standing = plan.components.map(
    ({ name, index, outside }): Standing => ({
      instances: instancesOf(name),
      zones: places.components[index]!,
      outside: outside === true,
    }),
  );
  for (const { name, index } of plan.components) {
    const { zones, instances } = standing[index]!;
    if (design.components[name]?.zones === undefined || instances >= zones.length) continue;
    const first = places.zones[zones[0]!]!.name;
    const where = instances === 1 ? `so it stands in \`${first}\`` : `so some of these zones have none`;
    idle(
      ['components', name, 'zones'],
      `it has ${instances} instance${instances === 1 ? '' : 's'}, ${where}`,
      problems,
    );
  }
  if (design.network?.zones !== undefined && !zonesMeet(plan, standing)) {
    idle(['network', 'zones'], 'no message goes from one zone to another of its region', problems);
  }
}

function zonesMeet({ operations, places }: Plan, standing: readonly Standing[]): boolean {
  const regionOf = (zone: number): number => places!.zones[zone]!.region;
  return zonesThatTalk(operations, standing).some(
    ([from, to, within]) => within && from !== to && regionOf(from) === regionOf(to),
  );
}

function reportNoRegions(path: Path, problems: Problems): void {
  problems.report({
    code: 'unknown-reference',
    path,
    at: 'key',
    message: 'the design has no regions',
    expected: '`regions:` at the top of the design, with what can be named here',
  });
}

/** Reports the name of a place that nothing has. */
export function reportUnknown(
  name: string,
  what: string,
  known: readonly string[],
  path: Path,
  problems: Problems,
  at: 'key' | 'value' = 'value',
): void {
  problems.report({
    code: 'unknown-reference',
    path,
    at,
    message: `there is no ${what} \`${name}\``,
    expected: `one of ${listNames(known, 'none')}`,
    hint: didYouMean(name, known),
  });
}

function conflict(path: Path, message: string, problems: Problems, at: 'key' | 'value' = 'key'): void {
  problems.report({ code: 'conflicting-keys', path, at, message });
}

function idle(path: Path, message: string, problems: Problems): void {
  problems.report({ code: 'idle-knob', path, at: 'key', message });
}
