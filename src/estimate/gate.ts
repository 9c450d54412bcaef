/** What not every request gets past, for no want of servers. */
export type Gate =
  /**
   * Lets so many requests a second of the component go on, all together or, with `each`, those of each key; those
   * without a key are one. Traffic of one of the `tiers`, by its indices, has that rate instead.
   */
  | {
      readonly does: 'limit';
      readonly rate: number;
      readonly each: boolean;
      readonly tiers?: readonly { readonly rate: number; readonly traffic: readonly number[] }[];
    }
  /** This share of requests ends here, unsuccessfully. */
  | { readonly does: 'fail'; readonly share: number };
