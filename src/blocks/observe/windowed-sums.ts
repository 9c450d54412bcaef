import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { PaneClock, type PaneClockState, type PaneOptions } from './pane-clock.ts';

export interface WindowedSumsState extends PaneClockState {
  readonly version: 1;
  /** By place in the ring, then column. */
  readonly cells: readonly number[];
}

const OPTIONS: OptionNames<PaneOptions> = { span: true, panes: true };

/**
 * Sums over a sliding window, several side by side: what is older than the window falls out, a pane at a time.
 * Memory is panes × columns, whatever is added.
 */
export class WindowedSums {
  private readonly columns: number;
  private readonly panes: PaneClock;
  private readonly cells: Float64Array;
  private readonly totals: Float64Array;

  /**
   * @param columns sums kept, 1 to 64
   * @param state goes on where a {@link WindowedSums.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(columns: number, options: PaneOptions, state?: WindowedSumsState) {
    this.columns = requireWhole('columns', columns, 1, 64);
    requireOptions('WindowedSums', options, OPTIONS);
    this.panes = new PaneClock(options);
    this.cells = new Float64Array(this.panes.panes * columns);
    this.totals = new Float64Array(columns);
    if (state !== undefined) this.restore(state);
  }

  /** Adds a finite amount to a column. */
  add(column: number, amount: number, now: number): void {
    requireWhole('column', column, 0, this.columns - 1);
    if (!Number.isFinite(amount)) throw new RangeError(`amount must be finite, got ${amount}`);
    this.advance(now);
    const cell = this.panes.slot(0) * this.columns + column;
    this.cells[cell] = this.cells[cell]! + amount;
    this.totals[column] = this.totals[column]! + amount;
  }

  /**
   * Adds to each column its level times the time since the latest instant, each pane its part; then it is `now`.
   * Nothing before the first instant, as nobody knows.
   */
  integrate(levels: ArrayLike<number>, now: number): void {
    const from = this.panes.clock;
    const begun = this.advance(now);
    if (!(now > from) || from === Number.NEGATIVE_INFINITY) return;
    // The pane it was, if that is still in the window, and those that have begun since.
    for (let back = Math.min(begun, this.panes.panes - 1); back >= 0; back--) {
      const begins = this.panes.startOf(back);
      const ends = back === 0 ? now : this.panes.startOf(back - 1);
      const time = Math.min(now, ends) - Math.max(from, begins);
      if (time <= 0) continue;
      const row = this.panes.slot(back) * this.columns;
      for (let column = 0; column < this.columns; column++) {
        const amount = levels[column]! * time;
        this.cells[row + column] = this.cells[row + column]! + amount;
        this.totals[column] = this.totals[column]! + amount;
      }
    }
  }

  /** Sum of a column over the window that ends now. */
  sum(column: number, now: number): number {
    requireWhole('column', column, 0, this.columns - 1);
    this.advance(now);
    return this.totals[column]!;
  }

  /** Time that the window holds: the span to within a pane, less when the first instant is not so long ago. */
  covered(now: number): number {
    this.advance(now);
    return this.panes.covered();
  }

  snapshot(): WindowedSumsState {
    return { version: 1, ...this.panes.state(), cells: Array.from(this.cells) };
  }

  /** @returns how many panes have begun */
  private advance(now: number): number {
    const begun = this.panes.advance(now);
    if (begun === 0) return 0;
    for (let back = 0; back < begun; back++) {
      const row = this.panes.slot(back) * this.columns;
      this.cells.fill(0, row, row + this.columns);
    }
    this.addUp();
    return begun;
  }

  /** From the cells again, so that no rounding is left of what fell out. */
  private addUp(): void {
    this.totals.fill(0);
    for (let cell = 0; cell < this.cells.length; cell++) {
      const column = cell % this.columns;
      this.totals[column] = this.totals[column]! + this.cells[cell]!;
    }
  }

  private restore(state: WindowedSumsState): void {
    const fits =
      Array.isArray(state.cells) &&
      state.cells.length === this.cells.length &&
      state.cells.every((cell) => Number.isFinite(cell));
    requireState('state', state, fits);
    this.panes.restore(state);
    this.cells.set(state.cells);
    this.addUp();
  }
}
