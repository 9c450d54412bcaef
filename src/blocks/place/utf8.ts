/** Texts up to this many UTF-16 units are encoded without allocating. */
const SCRATCH_UNITS = 1024;

// A UTF-16 unit takes at most three bytes; a surrogate pair takes four for two units.
const scratch = new Uint8Array(3 * SCRATCH_UNITS);

/** Room for the UTF-8 form of `text`: one buffer for all short texts, used up before the next call. */
export function utf8Buffer(text: string): Uint8Array {
  return text.length <= SCRATCH_UNITS ? scratch : new Uint8Array(3 * text.length);
}

/**
 * Writes `text` as UTF-8 into `bytes`; a lone surrogate becomes U+FFFD, as the WHATWG Encoding Standard has it.
 *
 * @returns the number of bytes written
 */
export function encodeUtf8(text: string, bytes: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 0x3f);
      continue;
    }
    if ((code & 0xf800) === 0xd800) {
      // NaN past the end becomes 0 in the comparison: not a low surrogate.
      const low = text.charCodeAt(i + 1);
      if (code < 0xdc00 && (low & 0xfc00) === 0xdc00) {
        i++;
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
        continue;
      }
      code = 0xfffd;
    }
    bytes[at++] = 0xe0 | (code >> 12);
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}
