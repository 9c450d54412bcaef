import { requireInstant, requirePositive, requireWhole } from '../require.ts';

/** A window of time cut into panes. */
export interface PaneOptions {
  /** Length of the window, > 0, in the unit of `now`. */
  readonly span: number;
  /** Panes it moves on by, 1 to 4096; default 60. The window holds span·(1 − 1/panes) to span. */
  readonly panes?: number;
}

/** Where a {@link PaneClock} stands; null before the first instant. */
export interface PaneClockState {
  readonly start: number | null;
  readonly clock: number | null;
}

/**
 * Which pane of a sliding window an instant belongs to: the present one and those before it, in a ring. Time that
 * goes back counts as standing still.
 */
export class PaneClock {
  readonly panes: number;
  /** Length of a pane. */
  readonly width: number;
  /** The first instant seen; −Infinity before. */
  start = Number.NEGATIVE_INFINITY;
  /** The latest instant seen; −Infinity before. */
  clock = Number.NEGATIVE_INFINITY;
  /** Number of the present pane, counted from instant 0. */
  private pane = 0;

  /** @throws RangeError when an option is out of range */
  constructor(options: PaneOptions) {
    const { span, panes = 60 } = options;
    this.panes = requireWhole('panes', panes, 1, 4096);
    this.width = requirePositive('span', span) / panes;
  }

  /**
   * Goes on to `now`.
   *
   * @returns how many panes have begun, at most all: the slots 0 to that many − 1 back are to be emptied
   */
  advance(now: number): number {
    requireInstant(now);
    if (now <= this.clock) return 0;
    this.clock = now;
    const before = this.pane;
    this.pane = Math.floor(now / this.width);
    if (this.start === Number.NEGATIVE_INFINITY) {
      this.start = now;
      return 0;
    }
    return Math.min(this.panes, this.pane - before);
  }

  /** Place in the ring of the pane so many (0 to panes − 1) before the present one. */
  slot(back: number): number {
    const at = (this.pane - back) % this.panes;
    return at < 0 ? at + this.panes : at;
  }

  /** First instant of the pane so many before the present one. */
  startOf(back: number): number {
    return (this.pane - back) * this.width;
  }

  /** Time that the window holds at the latest instant: at most the span, and no more than there was. */
  covered(): number {
    if (this.start === Number.NEGATIVE_INFINITY) return 0;
    return Math.max(0, this.clock - Math.max(this.start, this.startOf(this.panes - 1)));
  }

  state(): PaneClockState {
    const seen = this.start !== Number.NEGATIVE_INFINITY;
    return { start: seen ? this.start : null, clock: seen ? this.clock : null };
  }

  restore(state: PaneClockState): void {
    if (state.start === null || state.clock === null) return;
    requireInstant(state.start);
    if (!(state.clock >= state.start)) {
      throw new RangeError(`state.clock must be ≥ ${state.start}, got ${state.clock}`);
    }
    this.advance(state.start);
    this.advance(state.clock);
  }
}
