import { parseQuantity } from '../quantities/index.ts';
import { instancesOf, type KindDescription, type Part } from './kind.ts';
import { entriesOf, type Outline } from './outline.ts';
import { readTarget } from './parts.ts';
import { isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';
import { verbsSaid } from './scenario.ts';
import { faultsWritten, hitsInstances, reportUnknown } from './scenario-rules.ts';
import type { Settled } from './settle.ts';

/** A component that faults can be held against: its settings are known. */
interface Target {
  readonly kind: KindDescription;
  readonly settings: Settled['settings'];
}

/**
 * Reports faults that want more of a component than it has: parts, instances, a limit. Those of components whose own
 * settings cannot be read are passed over.
 */
export function checkFaultTargets(
  design: Readonly<Record<string, unknown>>,
  outline: Outline,
  settled: ReadonlyMap<string, Settled>,
  problems: Problems,
): void {
  const targetOf = (name: string): Target | null => {
    const kind = outline.components.get(name)?.kind;
    const settings = settled.get(name)?.settings;
    return kind == null || settings === undefined ? null : { kind, settings };
  };
  for (const [name, scenario] of entriesOf(design['scenarios'])) {
    if (!isMap(scenario)) continue;
    for (const { fault, place } of faultsWritten(scenario, ['scenarios', name])) {
      checkFault(fault, place, targetOf, problems);
    }
  }
}

function checkFault(
  fault: Readonly<Record<string, unknown>>,
  path: Path,
  targetOf: (name: string) => Target | null,
  problems: Problems,
): void {
  const [verb] = verbsSaid(Object.keys(fault).filter((key) => fault[key] !== undefined));
  if (verb === undefined) return;
  for (const side of verb === 'cut' ? [verb, 'from'] : verb === 'link' ? [verb, 'to'] : []) {
    const written = fault[side];
    for (const [i, name] of [written].flat().entries()) {
      const place = [...path, side, ...(Array.isArray(written) ? [i] : [])];
      if (typeof name === 'string') checkPart(name, place, targetOf, problems);
    }
  }
  const name = fault[verb];
  if (typeof name !== 'string') return;
  const target = targetOf(readTarget(name).component);
  if (target === null) return;
  if (hitsInstances(verb)) checkInstances(fault, name, [...path, verb], target, targetOf, problems);
  if (verb === 'lower' && target.kind.limit !== undefined && target.kind.limit(target.settings) === null) {
    problems.report({
      code: 'missing-key',
      path: [...path, 'lower'],
      message: `\`${name}\` has no limit that could be lowered`,
      expected: 'a component with a `limit`',
    });
  }
}

function checkInstances(
  fault: Readonly<Record<string, unknown>>,
  name: string,
  path: Path,
  { kind, settings }: Target,
  targetOf: (name: string) => Target | null,
  problems: Problems,
): void {
  const { instances } = fault;
  const place = [...path.slice(0, -1), 'instances'];
  if (readTarget(name).part !== null) {
    if (!checkPart(name, path, targetOf, problems) || instances === undefined) return;
    problems.report({
      code: 'conflicting-keys',
      path: place,
      at: 'key',
      message: `\`${name}\` says already which instances`,
      hint: 'leave one of the two out',
    });
    return;
  }
  const read = parseQuantity(String(instances), 'count');
  const most = instancesOf(kind, settings);
  if (!read.ok || read.value.value <= most) return;
  problems.report({
    code: 'out-of-range',
    path: place,
    message: `\`${name}\` has ${most} instance${most === 1 ? '' : 's'}`,
    found: String(instances),
    expected: `at most ${most}`,
  });
}

/** Whether a component has the part that is named, if one is; reports it where it has not. */
function checkPart(
  name: string,
  path: Path,
  targetOf: (name: string) => Target | null,
  problems: Problems,
): boolean {
  const { component, part } = readTarget(name);
  const target = part === null ? null : targetOf(component);
  // A kind without parts was told so by its name.
  if (target?.kind.parts === undefined) return true;
  const parts: ReadonlyMap<string, Part> = target.kind.parts(target.settings);
  if (parts.has(part!)) return true;
  const known = [...parts.keys()].map((each) => `${component}.${each}`);
  reportUnknown(name, 'part', known.length === 0 ? [component] : known, path, 'value', problems);
  return false;
}
