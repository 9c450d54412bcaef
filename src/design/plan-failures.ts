import { mean } from '../quantities/index.ts';
import type { ConstantUse } from './constant-use.ts';
import { type ParsedFailures, type PlanCommonCause, type PlanFailures, repairConstant } from './failures.ts';
import type { Outline } from './outline.ts';
import type { Path } from './path.ts';
import type { PlaceNames } from './places.ts';
import type { PlanPlaces } from './plan.ts';
import type { Problems } from './problems.ts';
import { withArticle } from './with-article.ts';

/** Failures with their repair filled in. */
export function planFailures(
  { mtbf, mttr: repair, crews }: ParsedFailures,
  constants: ConstantUse,
): PlanFailures {
  const mttr = repair ?? ({ law: 'exponential', mean: constants.take(repairConstant) } as const);
  return { mtbf: mtbf ?? null, mttr, crews: crews ?? null };
}

/** What of a region's section says how places fail. */
interface FailingRegion {
  readonly fails?: ParsedFailures | undefined;
  readonly 'zones-fail'?: ParsedFailures | undefined;
}

/** Regions and zones that fail as a whole, in the order written; each zone of a region by itself. */
export function planCommonCauses(
  { regions, zones }: PlaceNames,
  parsed: Readonly<Record<string, FailingRegion>>,
  constants: ConstantUse,
): PlanCommonCause[] {
  return regions.flatMap((name, region) => {
    const own = zones.flatMap((zone, z) => (zone.region === region ? [z] : []));
    const { fails, 'zones-fail': zonesFail } = parsed[name] ?? {};
    const cause = (of: string, zones: readonly number[], written: ParsedFailures): PlanCommonCause => ({
      name: of,
      zones,
      mtbf: written.mtbf!,
      mttr: planFailures(written, constants).mttr,
    });
    return [
      ...(fails === undefined ? [] : [cause(name, own, fails)]),
      ...(zonesFail === undefined ? [] : own.map((z) => cause(zones[z]!.name, [z], zonesFail))),
    ];
  });
}

/** A design whose failures are read: its components and regions by name. */
interface FailingDesign {
  readonly components: Readonly<Record<string, { readonly fails?: ParsedFailures | undefined }>>;
  readonly regions?: Readonly<Record<string, FailingRegion>> | undefined;
}

/** Reports failures of which nothing is known, that are said twice, or that are never over. */
export function checkFailures(design: FailingDesign, outline: Outline, problems: Problems): void {
  for (const [name, region] of Object.entries(design.regions ?? {})) {
    for (const word of ['fails', 'zones-fail'] as const) {
      checkRepair(region[word], ['regions', name, word], problems);
    }
  }
  for (const { name, kind, settings } of outline.components.values()) {
    const fails = design.components[name]?.fails;
    if (fails === undefined || kind === null) continue;
    const path: Path = ['components', name, 'fails'];
    checkRepair(fails, path, problems);
    const known = settings['availability'] !== undefined;
    if (kind.outside) {
      const message = `\`${name}\` stands for users, and is no part of the system that could fail`;
      problems.report({ code: 'conflicting-keys', path, at: 'key', message, hint: 'leave it out' });
    } else if (fails.mtbf !== undefined && known) {
      problems.report({
        code: 'conflicting-keys',
        path: [...path, 'mtbf'],
        at: 'key',
        message: '`availability` says already what share of the time it is up',
        hint: 'keep one of the two',
      });
    } else if (fails.mtbf === undefined && (isEmpty(fails) || (!known && !kind.availability))) {
      problems.report({
        code: 'missing-key',
        path,
        at: 'key',
        message: isEmpty(fails)
          ? '`fails` is empty'
          : `how often ${withArticle(kind.name)} fails is not known`,
        expected: '`mtbf`, the mean time between two failures of an instance',
      });
    }
  }
}

/** Warns of crews that nobody waits for, and of places that fail without anybody noticing. */
export function checkFailureEffects(
  { components: written, regions = {} }: FailingDesign,
  { places, components }: { readonly places?: PlanPlaces; readonly components: readonly unknown[] },
  zonesUsedBy: (component: number) => readonly number[],
  countOf: (component: string) => number,
  problems: Problems,
): void {
  for (const [name, { fails }] of Object.entries(written)) {
    const instances = countOf(name);
    if (fails?.crews === undefined || fails.crews < instances) continue;
    const path: Path = ['components', name, 'fails', 'crews'];
    const there = instances === 1 ? 'is one instance' : `are ${instances} instances`;
    const message = `there ${there}, so nobody waits for a repair`;
    problems.report({ code: 'idle-knob', path, at: 'key', message });
  }
  if (places === undefined) return;
  const used = new Set(components.flatMap((_, index) => zonesUsedBy(index)));
  for (const [name, region] of Object.entries(regions)) {
    const at = places.regions.indexOf(name);
    if (places.zones.some((zone, z) => zone.region === at && used.has(z))) continue;
    for (const word of ['fails', 'zones-fail'] as const) {
      if (region[word] === undefined) continue;
      problems.report({
        code: 'idle-knob',
        path: ['regions', name, word],
        at: 'key',
        message: `nothing stands in \`${name}\``,
      });
    }
  }
}

const isEmpty = ({ mttr, crews }: ParsedFailures): boolean => mttr === undefined && crews === undefined;

function checkRepair(fails: ParsedFailures | undefined, path: Path, problems: Problems): void {
  const repair = fails?.mttr;
  if (repair === undefined || Number.isFinite(mean(repair))) return;
  problems.report({
    code: 'out-of-range',
    path: [...path, 'mttr'],
    message: 'the law has no finite mean: repairs would take for ever on average',
    expected: 'a law with a finite mean',
  });
}
