/** Copies that the users of a component keep of the answers of one operation. */
export interface OwnCopiesSpec {
  /** Of the component. */
  readonly name: string;
  readonly users: number;
  /** Seconds from an answer. */
  readonly ttl: number;
  /** Whether frames know which user asks. */
  readonly followed: boolean;
  /** By traffic: the data that its keys are of, and requests a second for all of it; null = no items. */
  readonly data: readonly ({ readonly keySpace: number; readonly rate: number } | null)[];
}

/** What became of requests that a copy could have answered. */
export interface CopiesMeasurement {
  readonly lookups: number;
  readonly hits: number;
  /** Seconds since what was served from a copy had come, all together. */
  readonly ageSum: number;
}
