import type { OperationName } from './calls.ts';
import { readKey, type WrittenKey } from './calls.ts';
import { type Outline, visitSteps } from './outline.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import type { Carried } from './reach.ts';

/**
 * The key a step about `data` asks for when it does not say: the request's, where every request that comes
 * here carries one of this data; a freshly drawn one where none does. Null where some do and some do not.
 */
export function keyFor(data: string, carried: Carried): WrittenKey | null {
  if (!carried.has(data)) return { from: 'draw', data };
  return carried.size === 1 ? { from: 'request' } : null;
}

/** Reports steps whose key cannot be told: `request` where none is carried, or some with and some without. */
export function checkKeys(
  outline: Outline,
  reached: ReadonlyMap<OperationName, Carried>,
  problems: Problems,
): void {
  for (const component of outline.components.values()) {
    for (const [operation, steps] of component.written) {
      const carried = reached.get(`${component.name}.${operation}`);
      if (carried === undefined) continue;
      const path = ['components', component.name, 'operations', operation];
      visitSteps(steps, path, (step, stepPath) => checkStep(step, stepPath, carried, problems));
    }
  }
}

function checkStep(
  step: Readonly<Record<string, unknown>>,
  path: Path,
  carried: Carried,
  problems: Problems,
): void {
  const data = step['read'] ?? step['write'];
  const key = typeof step['key'] === 'string' ? readKey(step['key']) : null;
  if (key?.from === 'request') {
    const lacking = typeof data === 'string' ? !carried.has(data) || carried.size > 1 : carried.has(null);
    if (!lacking) return;
    problems.report({
      code: 'no-request-key',
      path: [...path, 'key'],
      message: `not every request that comes here carries a key${typeof data === 'string' ? ` of \`${data}\`` : ''}`,
      found: carriedWords(carried),
      hint: 'give the traffic a `key`, or name the data to draw a key of',
    });
  } else if (key === null && typeof data === 'string' && keyFor(data, carried) === null) {
    problems.report({
      code: 'mixed-keys',
      path,
      message: `some requests that come here carry a key of \`${data}\` and some do not`,
      found: carriedWords(carried),
      expected: `\`key: ${data}\` to draw one each time, or one operation for each traffic`,
    });
  }
}

function carriedWords(carried: Carried): string {
  const words = carried.some(8).map((data) => (data === null ? 'no key' : `a key of ${data}`));
  return words.map((each) => `requests with ${each}`).join(', ');
}
