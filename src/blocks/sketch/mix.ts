import { mix32 } from '../../kernel/index.ts';

/** A second hash that tells nothing of the first. */
export function mixAgain(hash: number): number {
  return mix32(Math.imul(hash, 0x9e3779b1) + 0x7f4a7c15);
}

/** @throws RangeError unless the hash is a whole number from −2^31 to 2^32 − 1 */
export function requireHash(hash: number): void {
  if ((hash | 0) !== hash && hash >>> 0 !== hash) {
    throw new RangeError(`hash must be a whole number of 32 bits, got ${hash}`);
  }
}
