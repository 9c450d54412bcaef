import { requireWhole } from '../require.ts';

/** In the order of their character codes, so that texts of equal length sort like their numbers. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Digits by character code; −1 for what is none. */
const DIGITS = /* @__PURE__ */ Int8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)),
);

/**
 * A whole number in base 62 (0–9, A–Z, a–z), with zeros in front up to `length` characters.
 *
 * @throws RangeError when `value` is no whole number from 0 to 2^53 − 1
 */
export function encodeBase62(value: number, length = 1): string {
  requireWhole('value', value, 0);
  let text = '';
  let rest = value;
  while (rest > 0) {
    const next = Math.floor(rest / 62);
    text = ALPHABET[rest - next * 62]! + text;
    rest = next;
  }
  return text.padStart(length, '0');
}

/** The number that a text in base 62 says; −1 when it is empty, has other characters or says more than 2^53 − 1. */
export function decodeBase62(text: string): number {
  if (text.length === 0) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code < 128 ? DIGITS[code]! : -1;
    if (digit < 0) return -1;
    value = value * 62 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}
