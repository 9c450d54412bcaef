/**
 * Finaliser of MurmurHash3 (Appleby, public domain, 2011): a bijection of the 32-bit integers in which every
 * input bit reaches every output bit. 0 to 2^32 − 1.
 */
export function mix32(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
