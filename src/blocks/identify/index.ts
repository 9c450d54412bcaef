/**
 * Identifiers: numbers and texts that tell things apart without asking anyone, what they can hold, and how to
 * know a request that came before.
 *
 * Generators follow Unix milliseconds, whatever the rest of the program counts in, since the ids carry them;
 * leases and idempotency keys count in the caller's unit.
 */
export { decodeBase62, encodeBase62 } from './base62.ts';
export { collisionProbability, drawsUntilCollision } from './collisions.ts';
export {
  type IdempotencyDecision,
  type IdempotencyEntryState,
  IdempotencyKeys,
  type IdempotencyKeysOptions,
  type IdempotencyKeysState,
} from './idempotency-keys.ts';
export { KeyedPermutation } from './permutation.ts';
export { ShortCodes, type ShortCodesOptions } from './short-codes.ts';
export {
  SnowflakeGenerator,
  type SnowflakeOptions,
  type SnowflakeRefusal,
  type SnowflakeState,
} from './snowflake.ts';
export {
  parseSnowflake,
  type SnowflakeCapacity,
  type SnowflakeLayout,
  type SnowflakeParts,
  snowflakeCapacity,
  snowflakeDefaults,
  snowflakeLayout,
} from './snowflake-layout.ts';
export { UlidGenerator, type UlidOptions, type UlidState, ulidTime } from './ulid.ts';
export { UuidV7Generator, type UuidV7State, uuidV7Time } from './uuid-v7.ts';
export { WorkerLeases, type WorkerLeasesOptions, type WorkerLeasesState } from './worker-leases.ts';
