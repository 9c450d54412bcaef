import type { Model } from './model.ts';

/**
 * Seconds that a design takes to settle at least: until an autoscaler has added, and taken out, what it does at the first
 * chance; and until reads go to a primary for all writes that they would after a long time.
 */
export function leastSettling({ scalers, followers }: Pick<Model, 'scalers' | 'followers'>): number {
  return Math.max(
    0,
    ...scalers.map(({ every, boot, cooldown }) => 2 * every + boot + cooldown),
    ...followers.map(({ readYourWrites }) => (typeof readYourWrites === 'number' ? readYourWrites : 0)),
  );
}
