import type { Progress } from '../simulate/index.ts';
import type { Output } from './io.ts';

/** What is known of a run that goes on. */
export interface RunState {
  readonly design: string;
  /** What the simulator last told; null before it told anything. */
  readonly progress: Progress | null;
  /** Replications of the present batch. */
  readonly done: number;
  readonly of: number;
}

/** What a run has come to, on one line. */
export function progressText({ design, progress, done, of }: RunState): string {
  if (progress === null || progress.phase === 'settling')
    return `${design}: looking for the end of the warm-up`;
  const { precision } = progress;
  const reached = Number.isFinite(precision)
    ? `, margins so far ± ${(precision * 100).toPrecision(2)} %`
    : '';
  return `${design}: ${done} of ${of} replications${reached}`;
}

/** A line that is written over and over while a run lasts. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

const ESCAPE = String.fromCharCode(27);
const ERASE_LINE = `\r${ESCAPE}[2K`;
/** Runs shorter than this finish without a word. */
const QUIET_MS = 500;
/** The eye does not follow faster changes. */
const PERIOD_MS = 100;

const SILENT: ProgressLine = { show: () => undefined, clear: () => undefined };

/** A progress line on a terminal, and nothing anywhere else: a log is no place for it. */
export function progressLine(output: Output, now: () => number): ProgressLine {
  if (!output.isTTY) return SILENT;
  const started = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let visible = false;
  return {
    show(text) {
      const at = now();
      if (at - started < QUIET_MS || at - shownAt < PERIOD_MS) return;
      shownAt = at;
      visible = true;
      output.write(ERASE_LINE + text.slice(0, (output.columns ?? 80) - 1));
    },
    clear() {
      if (visible) output.write(ERASE_LINE);
      visible = false;
    },
  };
}
