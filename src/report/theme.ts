import picocolors from 'picocolors';

/** How a report is dressed for its reader. */
export interface RenderOptions {
  /** ANSI colours; default false. */
  readonly colour?: boolean;
  /** Columns of the terminal; default 80, at least 40. */
  readonly width?: number;
  /** Characters beyond ASCII (±, µ, block characters); default true. */
  readonly unicode?: boolean;
}

type Paint = (text: string) => string;

/** Render options made ready for use: paints, marks and the character set. */
export interface Theme {
  readonly width: number;
  readonly unicode: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly accent: Paint;
  readonly met: string;
  readonly missed: string;
  readonly undecided: string;
  readonly warning: string;
  readonly unknown: string;
  readonly plusMinus: string;
  readonly dot: string;
  readonly times: string;
  readonly ellipsis: string;
  /** Text of others (goals, notes, formulas) in the character set of this theme. */
  readonly plain: Paint;
}

const ASCII: readonly (readonly [string, string])[] = [
  ['µ', 'u'],
  ['μ', 'u'],
  ['±', '+-'],
  ['≤', '<='],
  ['≥', '>='],
  ['≈', '~'],
  ['≠', '!='],
  ['×', 'x'],
  ['÷', '/'],
  ['·', '*'],
  ['−', '-'],
  ['–', '-'],
  ['—', '-'],
  ['→', '->'],
  ['…', '...'],
  ['ρ', 'rho'],
  ['λ', 'lambda'],
  ['σ', 'sigma'],
  ['κ', 'kappa'],
  ['Σ', 'sum'],
  ['Π', 'product'],
  ['²', '^2'],
  ['√', 'sqrt'],
  ['∞', 'inf'],
];

function toAscii(text: string): string {
  let plain = text;
  for (const [from, to] of ASCII) plain = plain.replaceAll(from, to);
  // Letters of names and sources: without their accents, and a question mark where that is not all.
  return plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\n -~]/gu, '?');
}

const NARROWEST = 40;

/** Reads render options; every face of the report draws with the theme that comes out. */
export function themeOf(options: RenderOptions): Theme {
  const paint = picocolors.createColors(options.colour ?? false);
  const unicode = options.unicode ?? true;
  return {
    width: Math.max(NARROWEST, options.width ?? 80),
    unicode,
    bold: paint.bold,
    dim: paint.dim,
    good: paint.green,
    bad: paint.red,
    warn: paint.yellow,
    accent: paint.cyan,
    met: unicode ? '✔' : '+',
    missed: unicode ? '✘' : 'x',
    undecided: '?',
    warning: '!',
    unknown: 'unknown',
    plusMinus: unicode ? '±' : '+-',
    dot: unicode ? '·' : '-',
    times: unicode ? '×' : 'x',
    ellipsis: unicode ? '…' : '~',
    plain: unicode ? (text) => text : toAscii,
  };
}

const ESCAPE = String.fromCharCode(27);
const PAINTED = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** Columns a text takes on the screen, colour codes not counted. */
export function visibleWidth(text: string): number {
  return [...text.replaceAll(PAINTED, '')].length;
}

/** Breaks a text at spaces into lines of at most `width` columns; a longer word keeps a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && visibleWidth(line) + 1 + visibleWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
