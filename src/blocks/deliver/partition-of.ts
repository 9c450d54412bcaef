import { mix32 } from '../../kernel/index.ts';
import { requireWhole } from '../require.ts';

/**
 * The partition of a key: the same key always goes to the same one, and so keeps its order. Numbers and texts
 * hash alike in every engine; 5 and '5' are different keys. Changing the number of partitions moves most keys.
 *
 * FNV-1a (Fowler, Noll & Vo) over 16-bit units, finished as MurmurHash3 (Appleby), and scaled to the range by a
 * multiplication (Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019).
 *
 * @param key any text, or a whole number within ±(2^53 − 1)
 * @param partitions 1 to 2^20
 * @throws RangeError when an argument is out of range
 */
export function partitionOf(key: string | number, partitions: number): number {
  requireWhole('partitions', partitions, 1, 2 ** 20);
  let h = 0x811c9dc5;
  if (typeof key === 'string') {
    for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  } else {
    requireWhole('key', key, Number.MIN_SAFE_INTEGER);
    h = Math.imul(h ^ (key % 0x100000000), 0x01000193);
    h = Math.imul(h ^ (h >>> 16) ^ Math.floor(key / 0x100000000), 0x01000193);
  }
  return Math.floor((mix32(h) * partitions) / 0x100000000);
}
