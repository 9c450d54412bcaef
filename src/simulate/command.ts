import type { Plan } from '../design/plan.ts';
import { printNumber } from '../quantities/index.ts';
import { type SimulateOptions, USUAL_MAX_WALL } from './options.ts';

/** The command that gives this report again, whatever the speed of the machine. */
export function commandOf(
  plan: Plan,
  options: SimulateOptions,
  seed: number,
  precision: number,
  frozen: { readonly seconds: number; readonly warmup: number; readonly replications: number } | null,
): string {
  const words = [options.invocation ?? `tenfold simulate ${plan.name}`];
  if (options.scenario !== undefined) words.push('--scenario', options.scenario);
  if (options.recoveryLoad === true) words.push('--recovery-load');
  words.push('--seed', String(seed));
  if (precision !== 0.05) words.push('--precision', printNumber(precision, 'ratio'));
  if (frozen !== null) {
    words.push('--time', printNumber(frozen.seconds, 'time'), '--warmup', printNumber(frozen.warmup, 'time'));
    words.push('--replications', String(frozen.replications));
    return words.join(' ');
  }
  if (options.time !== undefined) words.push('--time', printNumber(options.time, 'time'));
  if (options.warmup !== undefined) words.push('--warmup', printNumber(options.warmup, 'time'));
  if (options.replications !== undefined) words.push('--replications', String(options.replications));
  if (options.maxWall !== undefined && options.maxWall !== USUAL_MAX_WALL) {
    words.push('--max-wall', printNumber(options.maxWall, 'time'));
  }
  return words.join(' ');
}
