import type { ComponentModel } from './kind.ts';
import { type Law, sum } from './law/index.ts';
import { timeLaw } from './station.ts';

/** How long something takes when it succeeds, and the chance that it does. */
export interface Response {
  readonly law: Law;
  readonly success: number;
  /** Mean time it takes when it fails, seconds, as far as somebody waits for that; default 0. */
  readonly failing?: number;
}

/**
 * A call with its way out of the component that makes it.
 *
 * @param worked the work that this is
 * @param asked the call from there on
 */
export function goingOut(
  { latency }: NonNullable<ComponentModel['outgoing']>,
  worked: Response,
  asked: Response,
): Response {
  const law = sum(worked.law, timeLaw(latency), asked.law);
  return { ...asked, law, success: worked.success * asked.success };
}
