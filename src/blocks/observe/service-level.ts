import { requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { timeToExhaustion } from './burn-rate.ts';
import type { PaneOptions } from './pane-clock.ts';
import { WindowedSums, type WindowedSumsState } from './windowed-sums.ts';

export interface ServiceLevelOptions extends PaneOptions {
  /** Share of events that shall be good, above 0 and below 1: 0.999. The span is the period it is promised for. */
  readonly objective: number;
}

export interface ServiceLevelState {
  readonly version: 1;
  readonly sums: WindowedSumsState;
}

/** What may still go wrong, in events and as shares of what may. */
export interface ErrorBudget {
  /** Bad events that the objective allows among those of the window. */
  readonly allowed: number;
  /** Bad events there were. */
  readonly spent: number;
  /** Allowed less spent; negative when it is overspent. */
  readonly left: number;
  /** Left as a share of allowed: 1 untouched, 0 used up, negative overspent. 1 when there were no events. */
  readonly shareLeft: number;
}

/** @throws RangeError when `objective` is not between 0 and 1 */
export function requireObjective(objective: number): number {
  if (!(objective > 0 && objective < 1)) {
    throw new RangeError(`objective must be above 0 and below 1, got ${objective}`);
  }
  return objective;
}

const GOOD = 0;
const BAD = 1;

const OPTIONS: OptionNames<ServiceLevelOptions> = { objective: true, span: true, panes: true };

/**
 * A service level indicator, the share of good events over a sliding window, held against its objective (Beyer
 * et al., Site Reliability Engineering, 2016, ch. 4; Beyer et al., The Site Reliability Workbook, 2018, ch. 2).
 *
 * The budget goes by the events there were: with few of them, one bad event is a large share of it.
 */
export class ServiceLevel {
  private readonly objective: number;
  private readonly span: number;
  private readonly sums: WindowedSums;

  /**
   * @param state goes on where a {@link ServiceLevel.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: ServiceLevelOptions, state?: ServiceLevelState) {
    requireOptions('ServiceLevel', options, OPTIONS);
    const { objective, ...panes } = options;
    this.objective = requireObjective(objective);
    this.span = panes.span;
    if (state !== undefined && state.version !== 1) {
      throw new RangeError(`state must have version 1, got ${state.version}`);
    }
    this.sums = new WindowedSums(2, panes, state?.sums);
  }

  /** So many good and bad events happened: whole numbers ≥ 0. */
  record(good: number, bad: number, now: number): void {
    requireWhole('good', good, 0);
    requireWhole('bad', bad, 0);
    this.sums.add(GOOD, good, now);
    this.sums.add(BAD, bad, now);
  }

  /** Events in the window. */
  total(now: number): number {
    return this.sums.sum(GOOD, now) + this.sums.sum(BAD, now);
  }

  /** Share of good events in the window; null when there were none. */
  indicator(now: number): number | null {
    const total = this.total(now);
    return total === 0 ? null : this.sums.sum(GOOD, now) / total;
  }

  /** Bad share over allowed share: at 1 the budget lasts the period just so. 0 when there were no events. */
  burnRate(now: number): number {
    const total = this.total(now);
    return total === 0 ? 0 : this.sums.sum(BAD, now) / total / (1 - this.objective);
  }

  errorBudget(now: number): ErrorBudget {
    const spent = this.sums.sum(BAD, now);
    const allowed = (1 - this.objective) * this.total(now);
    return { allowed, spent, left: allowed - spent, shareLeft: 1 - this.burnRate(now) };
  }

  /** How long the budget left lasts at a burn rate, such as that of the last hour: see {@link timeToExhaustion}. */
  timeToExhaustion(burnRate: number, now: number): number {
    return timeToExhaustion(1 - this.burnRate(now), burnRate, this.span);
  }

  snapshot(): ServiceLevelState {
    return { version: 1, sums: this.sums.snapshot() };
  }
}
