/** Text for an HTML or SVG document, as content or in quotes as an attribute. What no document may hold becomes U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}

/** A number of pixels, to a tenth. */
export const pixels = (value: number): string => String(Math.round(value * 10) / 10);
