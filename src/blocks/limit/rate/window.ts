import { requireFinite, requirePositive, requireWhole } from '../require.ts';
import { ROUNDING } from './rate-limiter.ts';

/** So much in so long. */
export interface WindowOptions {
  /** What may pass in one window, a whole number ≥ 1. */
  readonly limit: number;
  /** Length of the window in units of time, > 0. */
  readonly window: number;
}

/** Windows that follow each other without gaps. */
export interface AlignedWindowOptions extends WindowOptions {
  /** An instant at which a window begins, default 0. */
  readonly origin?: number;
}

/** @throws RangeError when an option is impossible */
export function requireWindow(options: AlignedWindowOptions): void {
  requireWhole('limit', options.limit, 1);
  requirePositive('window', options.window);
  requireFinite('origin', options.origin ?? 0);
}

/** Says what is wrong with a cost that is not to be counted. */
export function requireWholeCost(cost: number): void {
  if (!Number.isSafeInteger(cost)) throw new RangeError(`cost must be a whole number, got ${cost}`);
}

/** In windows from the origin, moved by rounding so that what is meant as a boundary begins a window. */
export function windowsSince(origin: number, window: number, now: number): number {
  const windows = (now - origin) / window;
  return windows + ROUNDING * (Math.abs(now / window) + Math.abs(windows) + 1);
}

/** From `now` to `instant`; never 0, which would mean let through. */
export function waitUntil(instant: number, now: number, window: number): number {
  return Math.max(instant - now, ROUNDING * window);
}
