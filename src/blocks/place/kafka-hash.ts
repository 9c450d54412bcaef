import { encodeUtf8, utf8Buffer } from './utf8.ts';

const M = 0x5bd1e995;
const SEED = 0x9747b28c;

/**
 * The hash of a record key in Apache Kafka's Java client: MurmurHash2 with seed 0x9747b28c over the key's
 * bytes (a text is taken as UTF-8, as `StringSerializer` does), as a signed 32-bit integer
 * (`org.apache.kafka.common.utils.Utils.murmur2`). Clients built on librdkafka default to CRC-32 instead.
 */
export function kafkaHash(key: string | Uint8Array): number {
  const bytes = typeof key === 'string' ? utf8Buffer(key) : key;
  const length = typeof key === 'string' ? encodeUtf8(key, bytes) : key.length;
  let h = SEED ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  if (length > whole) {
    let tail = 0;
    for (let i = length - 1; i >= whole; i--) tail = (tail << 8) | bytes[i]!;
    h = Math.imul(h ^ tail, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/**
 * The partition Kafka's default partitioner gives a record with this key: (hash & 0x7fffffff) mod partitions.
 *
 * @param partitions whole number ≥ 1
 * @throws RangeError when `partitions` is not a whole number ≥ 1
 */
export function kafkaPartition(key: string | Uint8Array, partitions: number): number {
  if (!Number.isSafeInteger(partitions) || partitions < 1) {
    throw new RangeError(`partitions must be a whole number ≥ 1, got ${partitions}`);
  }
  return (kafkaHash(key) & 0x7fffffff) % partitions;
}
