/**
 * Widths of text that nobody has drawn yet, for fonts without serifs: rather too wide than too narrow, since what is too
 * long for its box runs out of it.
 */

/** Of the size of the font: the widths of a common face (Arial, Helvetica, DejaVu) by groups of letters, the widest counting. */
const NARROW = /[ijlI.,:;'|!()[\]{}/\\-]/u;
const WIDE = /[mwMW@%—…]/u;
const CAPITAL = /[\p{Lu}&#+=<>~×±]/u;
/** From here on scripts begin whose letters are as wide as they are high. */
const FULL_WIDTH_FROM = 0x1100;

/** Width of a text at a size of the font, both in pixels. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) ems += widthOf(letter);
  return ems * size;
}

function widthOf(letter: string): number {
  if (letter.codePointAt(0)! >= FULL_WIDTH_FROM) return 1.05;
  if (NARROW.test(letter)) return 0.38;
  if (WIDE.test(letter)) return 1.04;
  return CAPITAL.test(letter) ? 0.84 : 0.66;
}

/**
 * Breaks a text into lines no wider than `most` pixels: at spaces and after `-`, `_`, `/` and `.`, and a part that is too
 * long for a line anywhere.
 */
export function brokenText(text: string, size: number, most: number): string[] {
  const parts = text.split(/(?<=[\s_/.-])/u).flatMap((part) => cut(part, size, most));
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line !== undefined && textWidth((line + part).trimEnd(), size) <= most)
      lines[lines.length - 1] = line + part;
    else lines.push(part);
  }
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** A part in pieces each of which fits into a line. */
function cut(part: string, size: number, most: number): string[] {
  const pieces: string[] = [''];
  for (const letter of part) {
    const piece = pieces.at(-1)!;
    if (piece !== '' && textWidth((piece + letter).trimEnd(), size) > most) pieces.push(letter);
    else pieces[pieces.length - 1] = piece + letter;
  }
  return pieces;
}
