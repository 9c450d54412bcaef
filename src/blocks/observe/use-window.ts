import { requirePositive, requireState } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import type { PaneOptions } from './pane-clock.ts';
import { WindowedSums, type WindowedSumsState } from './windowed-sums.ts';

export interface UseWindowOptions extends PaneOptions {
  /** How much of the resource there is: servers, cores, connections; > 0. */
  readonly capacity: number;
}

/** How a resource fared. */
export interface UseSummary {
  /** Mean share of the capacity in use, 0 to 1. */
  readonly utilisation: number;
  /** Mean number waiting for it. */
  readonly saturation: number;
  readonly errors: number;
}

export interface UseWindowState {
  readonly version: 1;
  readonly busy: number;
  readonly waiting: number;
  readonly sums: WindowedSumsState;
}

const BUSY = 0;
const WAITING = 1;
const ERRORS = 2;

const OPTIONS: OptionNames<UseWindowOptions> = { capacity: true, span: true, panes: true };

/**
 * Utilisation, saturation, errors over a sliding window: the three figures of a resource (Gregg, "Thinking
 * methodically about performance", ACM Queue 10(12), 2012). Levels are averaged over time, not over looks: told at
 * each change, the averages are exact.
 */
export class UseWindow {
  private readonly capacity: number;
  private readonly sums: WindowedSums;
  /** Busy, waiting, and a level of 0 for the errors, which are counted. */
  private readonly levels = new Float64Array(3);

  /**
   * @param state goes on where a {@link UseWindow.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: UseWindowOptions, state?: UseWindowState) {
    requireOptions('UseWindow', options, OPTIONS);
    const { capacity, ...panes } = options;
    this.capacity = requirePositive('capacity', capacity);
    if (state !== undefined) {
      requireState('state', state, true);
      this.setLevels(state.busy, state.waiting);
    }
    this.sums = new WindowedSums(3, panes, state?.sums);
  }

  /** From now on so much is busy (0 to the capacity) and so many wait (≥ 0). */
  change(busy: number, waiting: number, now: number): void {
    this.requireLevels(busy, waiting);
    this.sums.integrate(this.levels, now);
    this.setLevels(busy, waiting);
  }

  /** The resource failed once. */
  error(now: number): void {
    this.sums.integrate(this.levels, now);
    this.sums.add(ERRORS, 1, now);
  }

  /** Averages up to now; before any time has passed, the present levels. */
  summary(now: number): UseSummary {
    this.sums.integrate(this.levels, now);
    const covered = this.sums.covered(now);
    const errors = this.sums.sum(ERRORS, now);
    if (covered === 0) {
      return {
        utilisation: this.levels[BUSY]! / this.capacity,
        saturation: this.levels[WAITING]!,
        errors,
      };
    }
    return {
      // Rounding must not make it more than all.
      utilisation: Math.min(1, this.sums.sum(BUSY, now) / covered / this.capacity),
      saturation: this.sums.sum(WAITING, now) / covered,
      errors,
    };
  }

  snapshot(): UseWindowState {
    return {
      version: 1,
      busy: this.levels[BUSY]!,
      waiting: this.levels[WAITING]!,
      sums: this.sums.snapshot(),
    };
  }

  private setLevels(busy: number, waiting: number): void {
    this.requireLevels(busy, waiting);
    this.levels[BUSY] = busy;
    this.levels[WAITING] = waiting;
  }

  private requireLevels(busy: number, waiting: number): void {
    if (!(busy >= 0 && busy <= this.capacity)) {
      throw new RangeError(`busy must be from 0 to ${this.capacity}, got ${busy}`);
    }
    if (!(waiting >= 0 && waiting < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`waiting must be a number ≥ 0, got ${waiting}`);
    }
  }
}
