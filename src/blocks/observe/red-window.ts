import { requireState } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { DurationWindow, type DurationWindowOptions, type DurationWindowState } from './duration-window.ts';
import { WindowedSums, type WindowedSumsState } from './windowed-sums.ts';

/** How the requests of a service fared; null for what no request tells. */
export interface RedSummary {
  /** Requests in the window. */
  readonly requests: number;
  /** Requests per unit of time. */
  readonly rate: number;
  readonly errors: number;
  /** Errors per request. */
  readonly errorRatio: number | null;
  readonly durationP50: number | null;
  readonly durationP90: number | null;
  readonly durationP99: number | null;
}

export interface RedWindowState {
  readonly version: 1;
  readonly sums: WindowedSumsState;
  readonly durations: DurationWindowState;
}

const REQUESTS = 0;
const ERRORS = 1;

const OPTIONS: OptionNames<DurationWindowOptions> = { lowest: true, highest: true, span: true, panes: true };

/**
 * Rate, errors, duration over a sliding window: the three figures of a service as its callers see it (Wilkie,
 * "The RED method", 2018). Durations are those of all requests, failed ones included.
 */
export class RedWindow {
  private readonly sums: WindowedSums;
  private readonly durations: DurationWindow;

  /**
   * @param state goes on where a {@link RedWindow.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: DurationWindowOptions, state?: RedWindowState) {
    requireOptions('RedWindow', options, OPTIONS);
    const { lowest, highest, ...panes } = options;
    if (state !== undefined) requireState('state', state, true);
    this.sums = new WindowedSums(2, panes, state?.sums);
    this.durations = new DurationWindow(options, state?.durations);
  }

  /** A request ended. */
  record(duration: number, failed: boolean, now: number): void {
    this.durations.record(duration, now);
    this.sums.add(REQUESTS, 1, now);
    if (failed) this.sums.add(ERRORS, 1, now);
  }

  /** The duration that the share `p` (0 to 1) of requests did not exceed; null when there were none. */
  quantile(p: number, now: number): number | null {
    return this.durations.quantile(p, now);
  }

  /** Everything at once: once a second, not once a request. */
  summary(now: number): RedSummary {
    const requests = this.sums.sum(REQUESTS, now);
    const errors = this.sums.sum(ERRORS, now);
    const covered = this.sums.covered(now);
    return {
      requests,
      rate: covered === 0 ? 0 : requests / covered,
      errors,
      errorRatio: requests === 0 ? null : errors / requests,
      durationP50: this.durations.quantile(0.5, now),
      durationP90: this.durations.quantile(0.9, now),
      durationP99: this.durations.quantile(0.99, now),
    };
  }

  snapshot(): RedWindowState {
    return { version: 1, sums: this.sums.snapshot(), durations: this.durations.snapshot() };
  }
}
