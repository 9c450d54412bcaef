import type { Distribution } from '../quantities/index.ts';

/** Whether some work takes no time at all. */
export function takesNothing(time: Distribution): boolean {
  return time.law === 'constant' && time.value === 0;
}
