/** What not every request gets past, for no want of servers. */
export type Gate =
  /**
   * A token bucket: lets so many requests a second of the component go on, and at once, all together or, with `each`,
   * those of each key; those without a key are one. Traffic of one of the `tiers`, by its indices, has a bucket of that
   * instead.
   */
  | ({
      readonly does: 'limit';
      readonly each: boolean;
      readonly tiers?: readonly (Allowance & { readonly traffic: readonly number[] })[];
    } & Allowance)
  /** Lets so many requests of each key go on in a window; traffic of one of the `tiers` has its own. It comes behind a limit. */
  | ({
      readonly does: 'quota';
      readonly tiers?: readonly (Quota & { readonly traffic: readonly number[] })[];
    } & Quota)
  /** This share of requests ends here, unsuccessfully. */
  | { readonly does: 'fail'; readonly share: number };

/** Requests a second, and at once. */
export interface Allowance {
  readonly rate: number;
  readonly burst: number;
}

/** Requests in a window of so many seconds, of which so many are over; null = any number. */
export interface Quota {
  readonly requests: number;
  readonly window: number;
  readonly elapsed: number | null;
}

/** Whether an activity is a gate. */
export function isGate<Activity extends { readonly does: string }>(
  activity: Activity | Gate,
): activity is Gate {
  return activity.does === 'limit' || activity.does === 'quota' || activity.does === 'fail';
}
