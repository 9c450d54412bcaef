import { concurrencyLimits, rateLimiters } from '../blocks/index.ts';
import { callsPerWindow, concurrencyBounds, mostCalls, usualLimit } from './limit-options.ts';
import { many } from './limits.ts';
import { type Outline, visitCalls } from './outline.ts';
import { isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';
import { numberOf } from './step-numbers.ts';

type Written = Readonly<Record<string, unknown>>;

/** Algorithms of a limit that let a burst through, and those that count over a window. */
const byBurst: readonly unknown[] = ['token-bucket', 'gcra'];
const byWindow: readonly unknown[] = ['fixed-window', 'sliding-log', 'sliding-counter'];

/** Reports what the settings of one protection make of each other: what excludes another, and what lies beyond it. */
export function checkProtections({ components }: Outline, problems: Problems): void {
  for (const component of components.values()) {
    visitCalls(component, (step, path) => {
      const { limit, concurrency, breaker } = step;
      if (isMap(limit)) checkWindow(limit, [...path, 'limit'], problems);
      if (isMap(concurrency)) checkBounds(concurrency, [...path, 'concurrency'], problems);
      if (isMap(breaker)) checkTrip(breaker, [...path, 'breaker'], problems);
    });
  }
}

function checkWindow(limit: Written, path: Path, problems: Problems): void {
  if (!byWindow.includes(limit['algorithm'])) return;
  const rate = numberOf(limit['rate'], 'rate');
  const window = limit['window'] === undefined ? usualLimit.window : numberOf(limit['window'], 'time');
  // What is nothing is reported as such.
  if (!(rate! > 0 && window! > 0)) return;
  const calls = callsPerWindow(rate!, window!);
  if (calls >= 1 && calls <= mostCalls) return;
  problems.report({
    code: 'out-of-range',
    path: [...path, limit['window'] === undefined ? 'rate' : 'window'],
    message: calls < 1 ? 'a window lets no whole call through' : 'a window lets too many calls through',
    expected: `\`rate\` × \`window\`, which is 1s unless said, of 1 to ${many(mostCalls)} calls`,
  });
}

function checkBounds(concurrency: Written, path: Path, problems: Problems): void {
  const algorithm = concurrencyLimits.find((each) => each === concurrency['algorithm']);
  if (algorithm === undefined) return;
  const number = (key: string): number | undefined => numberOf(concurrency[key], 'count') ?? undefined;
  const { initial, least, most } = concurrencyBounds({
    algorithm,
    initial: number('initial'),
    least: number('least'),
    most: number('most'),
  });
  if (least <= initial && initial <= most) return;
  const key = concurrency['initial'] === undefined ? 'least' : 'initial';
  problems.report({
    code: 'out-of-range',
    path: [...path, key],
    message: `the limit would begin at ${initial}, and stay from ${least} to ${most}`,
    expected: '`least` of at most `initial`, and `initial` of at most `most`',
  });
}

function checkTrip(breaker: Written, path: Path, problems: Problems): void {
  if (breaker['consecutive'] === undefined) return;
  for (const key of ['failures', 'of', 'over']) {
    if (breaker[key] === undefined) continue;
    problems.report({
      code: 'conflicting-keys',
      path: [...path, key],
      at: 'key',
      message: `\`${key}\` is about a share of failed calls, and \`consecutive\` counts those in a row; a breaker goes by one of the two`,
      hint: 'keep one',
    });
  }
}

/** Warns of settings of the protections of a step that change nothing beside the others. */
export function checkIdleProtections(step: Written, path: Path, problems: Problems): void {
  const idle = (option: string, setting: string, message: string): void => {
    const options = step[option];
    if (!isMap(options) || options[setting] === undefined) return;
    problems.report({ code: 'idle-knob', path: [...path, option, setting], at: 'key', message });
  };
  const algorithmOf = (option: string): unknown => (isMap(step[option]) ? step[option]['algorithm'] : null);
  const algorithm = algorithmOf('limit') ?? usualLimit.algorithm;
  const unused = (name: unknown): string => `\`algorithm: ${name}\` makes no use of it`;
  if (rateLimiters.some((each) => each === algorithm)) {
    if (!byBurst.includes(algorithm)) idle('limit', 'burst', unused(algorithm));
    if (!byWindow.includes(algorithm)) idle('limit', 'window', unused(algorithm));
  }
  const moving = algorithmOf('concurrency');
  if (moving === 'fixed' || moving === 'vegas') idle('concurrency', 'least', unused(moving));
  if (moving === 'fixed') idle('concurrency', 'most', unused(moving));
  checkIdleTimes(step, idle);
}

/** What a timeout leaves nothing to do for: no call takes longer than that. */
function checkIdleTimes(
  step: Written,
  idle: (option: string, setting: string, message: string) => void,
): void {
  const timeout = numberOf(step['timeout'], 'time');
  if (timeout === null) return;
  const { breaker, hedge, bulkhead } = step;
  const slower = isMap(breaker) ? numberOf(breaker['slower'], 'time') : null;
  if (slower !== null && slower >= timeout) {
    idle('breaker', 'slower', 'no call takes longer: it has failed by its `timeout` before');
  }
  // A copy may wait in the bulkhead first, which the timeout does not count.
  const waits = isMap(bulkhead) && bulkhead['queue'] !== undefined;
  const after = isMap(hedge) ? numberOf(hedge['after'], 'time') : null;
  if (after !== null && after > timeout && !waits) {
    idle('hedge', 'after', 'no further request is ever sent: the first has failed by its `timeout` before');
  }
}
