import { textWidth } from '../../diagram/text-width.ts';

/** Size of the font of charts, pixels. */
export const CHART_FONT = 12;

/**
 * A text no wider than so many pixels: names are told apart by how they begin and by how they end, so a long one loses its
 * middle.
 */
export function shortened(text: string, most: number): string {
  if (textWidth(text, CHART_FONT) <= most) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 1; kept--) {
    const short = `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(letters.length - Math.floor(kept / 2)).join('')}`;
    if (textWidth(short, CHART_FONT) <= most) return short;
  }
  return '…';
}
