import { parseQuantity } from '../quantities/index.ts';
import { usualPauses } from './call-options.ts';
import { entriesOf, type Outline, visitCalls } from './outline.ts';
import { isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';

/** Sums of probabilities may exceed 1 by this much of rounding. */
const rounding = 1e-9;

/** Reports numbers of steps that contradict each other: probabilities beyond 1, more waited for than there is. */
export function checkStepNumbers(outline: Outline, problems: Problems): void {
  for (const component of outline.components.values()) {
    visitCalls(component, (step, path) => {
      if (Array.isArray(step['parallel'])) checkParallel(step['parallel'], step['wait for'], path, problems);
      if (Array.isArray(step['choose'])) checkChoose(step['choose'], [...path, 'choose'], problems);
      if (isMap(step['journey'])) checkJourney(step['journey'], [...path, 'journey'], problems);
      if (isMap(step['retry'])) checkPauses(step['retry'], [...path, 'retry'], problems);
    });
  }
}

function checkPauses(retry: Readonly<Record<string, unknown>>, path: Path, problems: Problems): void {
  const base = retry['base'] === undefined ? usualPauses.base : numberOf(retry['base'], 'time');
  const cap = retry['cap'] === undefined ? usualPauses.cap : numberOf(retry['cap'], 'time');
  if (base === null || cap === null || base <= cap) return;
  problems.report({
    code: 'out-of-range',
    path: [...path, retry['cap'] === undefined ? 'base' : 'cap'],
    message: 'the longest pause is shorter than the first',
    expected: '`base` of at most `cap`, which is 10s unless said',
  });
}

function checkParallel(branches: readonly unknown[], waitFor: unknown, path: Path, problems: Problems): void {
  const wanted = numberOf(waitFor, 'count');
  if (wanted === null || wanted <= branches.length) return;
  problems.report({
    code: 'parallel-wait-too-large',
    path: [...path, 'wait for'],
    message: `waits for ${wanted} of ${branches.length} branches`,
    expected: `a whole number from 1 to ${branches.length}`,
  });
}

function checkChoose(cases: readonly unknown[], path: Path, problems: Problems): void {
  const probabilities = cases.map((each) => numberOf(isMap(each) ? each['probability'] : null, 'ratio'));
  checkSum(probabilities, path, 'the cases', problems);
}

function checkJourney(states: Readonly<Record<string, unknown>>, path: Path, problems: Problems): void {
  if (Object.keys(states).length === 0) {
    problems.report({
      code: 'out-of-range',
      path,
      message: '`journey` is empty',
      expected: 'at least one state',
    });
    return;
  }
  const next = new Map<string, [string, number][]>();
  let readable = true;
  for (const [name, state] of Object.entries(states)) {
    const row = entriesOf(isMap(state) ? state['next'] : null);
    const numbers = row.map(([, probability]) => numberOf(probability, 'ratio'));
    if (checkSum(numbers, [...path, name, 'next'], `what follows \`${name}\``, problems)) readable = false;
    if (numbers.includes(null)) readable = false;
    next.set(
      name,
      row.map(([target], index) => [target, numbers[index] ?? 0]),
    );
  }
  const trap = readable ? stateWithoutEnd(next) : null;
  if (trap === null) return;
  problems.report({
    code: 'endless-journey',
    path: [...path, trap],
    at: 'key',
    message: `from \`${trap}\` the walk never ends: every way on leads to another state`,
    expected: 'on the way a state whose `next` adds up to less than 100%',
  });
}

/** A state that is reached from the first and from which no state that may end the walk is reached. */
function stateWithoutEnd(next: ReadonlyMap<string, readonly [string, number][]>): string | null {
  const before = new Map<string, string[]>();
  const ending: string[] = [];
  for (const [name, row] of next) {
    let sum = 0;
    for (const [target, probability] of row) {
      sum += probability;
      if (probability <= 0) continue;
      const list = before.get(target);
      if (list === undefined) before.set(target, [name]);
      else list.push(name);
    }
    if (sum < 1 - rounding) ending.push(name);
  }
  const mayEnd = closure(ending, (name) => before.get(name) ?? []);
  const [first] = next.keys();
  const reached = closure(first === undefined ? [] : [first], (name) =>
    (next.get(name) ?? []).filter(([, probability]) => probability > 0).map(([target]) => target),
  );
  // A name that is no state is reported as such; it ends nothing here.
  return [...reached].find((name) => next.has(name) && !mayEnd.has(name)) ?? null;
}

function closure(start: readonly string[], follow: (name: string) => readonly string[]): Set<string> {
  const found = new Set(start);
  const waiting = [...start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const each of follow(name)) {
      if (found.has(each)) continue;
      found.add(each);
      waiting.push(each);
    }
  }
  return found;
}

function checkSum(
  numbers: readonly (number | null)[],
  path: Path,
  what: string,
  problems: Problems,
): boolean {
  const sum = numbers.reduce<number>((total, each) => total + (each ?? 0), 0);
  if (sum <= 1 + rounding || numbers.some((each) => each !== null && each > 1)) return false;
  problems.report({
    code: 'probability-sum',
    path,
    message: `the probabilities of ${what} add up to ${Number((sum * 100).toPrecision(6))}%`,
    expected: 'at most 100%',
  });
  return true;
}

/** An amount as written, in base units; null where it cannot be read, which the schema reports. */
export function numberOf(value: unknown, dimension: 'count' | 'ratio' | 'time' | 'rate'): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const parsed = parseQuantity(value, dimension);
  return parsed.ok ? parsed.value.value : null;
}
