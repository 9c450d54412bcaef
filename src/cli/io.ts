import type { RenderOptions } from '../report/index.ts';

/** A stream that text goes to. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
}

/** All that the shell takes from the process, so that a test can hand in its own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The whole of standard input as text. */
  readStdin(): Promise<string>;
  /** Calls the handler when the user presses Ctrl-C; the returned function ends that. */
  onInterrupt(handler: () => void): () => void;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/** Columns where nothing says how many: what fits into a mail, a log and a pull request. */
const USUAL_WIDTH = 80;
const WIDEST = 120;

/**
 * Columns that text for a stream may take: those of the terminal; where there is none, or it does not know, what the
 * environment variable `COLUMNS` says; else 80.
 */
export function columnsOf({ env }: Pick<Io, 'env'>, output: Output): number {
  const said = Number(env['COLUMNS']);
  const known =
    (output.isTTY ? output.columns : undefined) ?? (Number.isInteger(said) && said > 0 ? said : 0);
  return known || USUAL_WIDTH;
}

/**
 * How to dress text for a stream. Colours only on a terminal, unless `FORCE_COLOR` asks for them;
 * `NO_COLOR` (https://no-color.org), `--no-color` and `TERM=dumb` forbid them.
 */
export function renderOptions(io: Io, output: Output, colourAllowed: boolean): Required<RenderOptions> {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env;
  const forbidden = !colourAllowed || (NO_COLOR ?? '') !== '';
  const forced = FORCE_COLOR !== undefined && !['0', 'false', ''].includes(FORCE_COLOR);
  const wanted = output.isTTY && TERM !== 'dumb' && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return {
    colour: !forbidden && (forced || wanted),
    width: Math.min(WIDEST, columnsOf(io, output)),
    // The console of Linux itself has a font of 512 characters.
    unicode: TERM !== 'linux',
  };
}
