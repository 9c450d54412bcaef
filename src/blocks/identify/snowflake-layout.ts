import { requireWhole } from '../require.ts';

/** How the 63 bits of an id are split: time, then worker, then sequence. The sign bit stays 0. */
export interface SnowflakeLayout {
  /** Bits of milliseconds since the epoch, 1 to 53. Default 41: 69.7 years. */
  readonly timestampBits?: number;
  /** Bits of the worker id, 0 to 31. Default 10: 1024 workers. */
  readonly workerBits?: number;
  /** Bits of the sequence inside one millisecond, 1 to 32. Default 12: 4096 ids. */
  readonly sequenceBits?: number;
  /** Unix milliseconds at which ids start, a whole number. Default 1288834974657, Twitter's (4 November 2010). */
  readonly epoch?: number;
}

/**
 * The defaults of Twitter's Snowflake (2010): 41 bits of milliseconds, 10 of worker (there 5 of data centre
 * and 5 of worker), 12 of sequence, and its epoch.
 */
export const snowflakeDefaults: Required<SnowflakeLayout> = Object.freeze({
  timestampBits: 41,
  workerBits: 10,
  sequenceBits: 12,
  epoch: 1_288_834_974_657,
});

/**
 * The layout with its defaults filled in. Worker and sequence share at most 32 bits, all three at most 63.
 *
 * @throws RangeError when the bits do not fit
 */
export function snowflakeLayout(layout: SnowflakeLayout = {}): Required<SnowflakeLayout> {
  const { timestampBits, workerBits, sequenceBits, epoch } = { ...snowflakeDefaults, ...layout };
  requireWhole('timestampBits', timestampBits, 1, 53);
  requireWhole('workerBits', workerBits, 0, 31);
  requireWhole('sequenceBits', sequenceBits, 1, 32);
  requireWhole('workerBits + sequenceBits', workerBits + sequenceBits, 1, 32);
  requireWhole('timestampBits + workerBits + sequenceBits', timestampBits + workerBits + sequenceBits, 2, 63);
  requireWhole('epoch', epoch, Number.MIN_SAFE_INTEGER);
  return { timestampBits, workerBits, sequenceBits, epoch };
}

/** What a layout can number. */
export interface SnowflakeCapacity {
  /** Worker ids: 2^workerBits. */
  readonly workers: number;
  /** Ids of one worker in one millisecond: 2^sequenceBits. */
  readonly idsPerMsPerWorker: number;
  readonly idsPerSecondPerWorker: number;
  /** All workers together. */
  readonly idsPerSecond: number;
  /** 2^timestampBits milliseconds, in years of 365.25 days. */
  readonly years: number;
}

const MS_PER_YEAR = 365.25 * 86_400_000;

/** How many ids a layout gives, how fast, and for how long. */
export function snowflakeCapacity(layout: SnowflakeLayout = {}): SnowflakeCapacity {
  const { timestampBits, workerBits, sequenceBits } = snowflakeLayout(layout);
  const idsPerMsPerWorker = 2 ** sequenceBits;
  const workers = 2 ** workerBits;
  return {
    workers,
    idsPerMsPerWorker,
    idsPerSecondPerWorker: 1000 * idsPerMsPerWorker,
    idsPerSecond: 1000 * idsPerMsPerWorker * workers,
    years: 2 ** timestampBits / MS_PER_YEAR,
  };
}

/** What an id says. */
export interface SnowflakeParts {
  /** Unix milliseconds. */
  readonly time: number;
  readonly workerId: number;
  readonly sequence: number;
}

/**
 * Takes an id apart again; the layout must be the one it was made with.
 *
 * @throws RangeError when the id is negative or has more bits than the layout
 */
export function parseSnowflake(id: bigint, layout: SnowflakeLayout = {}): SnowflakeParts {
  const { timestampBits, workerBits, sequenceBits, epoch } = snowflakeLayout(layout);
  if (id < 0n || id >> BigInt(timestampBits + workerBits + sequenceBits) !== 0n) {
    throw new RangeError(`id must have ${timestampBits + workerBits + sequenceBits} bits, got ${id}`);
  }
  return {
    time: Number(id >> BigInt(workerBits + sequenceBits)) + epoch,
    workerId: Number((id >> BigInt(sequenceBits)) & BigInt(2 ** workerBits - 1)),
    sequence: Number(id & BigInt(2 ** sequenceBits - 1)),
  };
}
