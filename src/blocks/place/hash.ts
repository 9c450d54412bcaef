import { mix32 } from '../../kernel/index.ts';
import { encodeUtf8, utf8Buffer } from './utf8.ts';

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** 2^32 / golden ratio, made odd: multiples of it are spread evenly (Knuth, TAOCP 3, 6.4). */
export const GOLDEN = 0x9e3779b1;

/**
 * MurmurHash3_x86_32 of a text's UTF-8 bytes, 0 to 2^32 − 1: what any other implementation of that hash gives
 * for the same bytes. Lone surrogates count as U+FFFD. Up to 1,024 UTF-16 units nothing is allocated.
 *
 * Not for keys chosen by an opponent who wants them to collide: the hash is public and has no secret.
 *
 * @param seed any 32-bit integer; default 0
 */
export function hashString(text: string, seed = 0): number {
  const length = text.length;
  const whole = length & ~3;
  let h = seed | 0;
  let seen = 0;
  // ASCII, which most keys are, is its own UTF-8: no buffer needed.
  for (let i = 0; i < whole; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    seen |= a | b | c | d;
    h = round(h, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let i = length - 1; i >= whole; i--) {
    const unit = text.charCodeAt(i);
    seen |= unit;
    tail = (tail << 8) | unit;
  }
  return seen < 0x80 ? mix32(h ^ scramble(tail) ^ length) : hashNonAscii(text, seed);
}

function hashNonAscii(text: string, seed: number): number {
  const bytes = utf8Buffer(text);
  return murmur3(bytes, encodeUtf8(text, bytes), seed);
}

/** MurmurHash3_x86_32 of bytes; see {@link hashString}. */
export function hashBytes(bytes: Uint8Array, seed = 0): number {
  return murmur3(bytes, bytes.length, seed);
}

/**
 * MurmurHash3_x86_32 of a whole number, 0 to 2^32 − 1, taken as the eight bytes of a signed 64-bit integer in
 * little-endian order. So keys 1, 2, 3, … land far apart.
 *
 * @param key any safe integer
 * @param seed any 32-bit integer; default 0
 * @throws RangeError when `key` is not a safe integer
 */
export function hashInteger(key: number, seed = 0): number {
  if (!Number.isSafeInteger(key)) throw new RangeError(`key must be a safe integer, got ${key}`);
  let h = seed | 0;
  h = round(h, key | 0);
  h = round(h, Math.floor(key / 0x100000000) | 0);
  return mix32(h ^ 8);
}

/**
 * FNV-1a, 32 bits, of a text's UTF-8 bytes (Fowler, Noll, Vo; RFC 9923). For meeting systems that use it; its
 * high bits are mixed badly for short keys, so {@link hashString} is the better choice for placing keys.
 */
export function fnv1a(text: string): number {
  const bytes = utf8Buffer(text);
  const length = encodeUtf8(text, bytes);
  let h = 0x811c9dc5;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}

function murmur3(bytes: Uint8Array, length: number, seed: number): number {
  let h = seed | 0;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    h = round(h, bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
  }
  let tail = 0;
  for (let i = length - 1; i >= whole; i--) tail = (tail << 8) | bytes[i]!;
  h ^= scramble(tail);
  return mix32(h ^ length);
}

function round(h: number, word: number): number {
  h ^= scramble(word);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function scramble(word: number): number {
  word = Math.imul(word, C1);
  return Math.imul((word << 15) | (word >>> 17), C2);
}
