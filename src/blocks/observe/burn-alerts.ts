import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type BurnRule, workbookBurnRules } from './burn-rate.ts';
import { requireObjective, ServiceLevel, type ServiceLevelState } from './service-level.ts';

export interface BurnAlertsOptions {
  /** Share of events that shall be good, above 0 and below 1. */
  readonly objective: number;
  /** The most urgent first, 1 to 16. Default: {@link workbookBurnRules} in seconds. */
  readonly rules?: readonly BurnRule[];
  /** Panes of each window, 1 to 4096, default 60: windows are right to a sixtieth. */
  readonly panes?: number;
}

export interface BurnAlertsState {
  readonly version: 1;
  /** By window, in the order of their lengths. */
  readonly windows: readonly ServiceLevelState[];
}

const OPTIONS: OptionNames<BurnAlertsOptions> = { objective: true, rules: true, panes: true };

/**
 * Alerts when the error budget burns too fast, by several rules of two windows each: the long one says that it
 * matters, the short one that it goes on, so that the alert ends soon after its cause (The Site Reliability
 * Workbook, 2018, ch. 5, "Multiwindow, Multi-Burn-Rate Alerts").
 *
 * Until a window has passed once it goes by what there was. With few events, a single bad one can fire a rule.
 */
export class BurnAlerts {
  readonly rules: readonly BurnRule[];
  private readonly windows: readonly ServiceLevel[];
  /** Two windows a rule: long, short. */
  private readonly pairs: readonly (readonly [ServiceLevel, ServiceLevel])[];

  /**
   * @param state goes on where a {@link BurnAlerts.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: BurnAlertsOptions, state?: BurnAlertsState) {
    requireOptions('BurnAlerts', options, OPTIONS);
    const { rules = workbookBurnRules(), panes = 60 } = options;
    const objective = requireObjective(options.objective);
    requireWhole('number of rules', rules.length, 1, 16);
    for (const { burnRate, long, short } of rules) {
      if (!(burnRate > 0)) throw new RangeError(`burnRate must be a number > 0, got ${burnRate}`);
      if (!(short > 0 && short <= long)) {
        throw new RangeError(`short must be above 0 and up to long = ${long}, got ${short}`);
      }
    }
    const spans = [...new Set(rules.flatMap(({ long, short }) => [long, short]))].sort((a, b) => a - b);
    if (state !== undefined) {
      requireState('state', state, Array.isArray(state.windows) && state.windows.length === spans.length);
    }
    this.rules = rules;
    this.windows = spans.map((span, at) => new ServiceLevel({ objective, span, panes }, state?.windows[at]));
    const windowOf = (span: number): ServiceLevel => this.windows[spans.indexOf(span)]!;
    this.pairs = rules.map(({ long, short }) => [windowOf(long), windowOf(short)]);
  }

  /** So many good and bad events happened: whole numbers ≥ 0. */
  record(good: number, bad: number, now: number): void {
    for (const window of this.windows) window.record(good, bad, now);
  }

  /** Whether a rule fires: the budget burns faster than it says, in both windows. */
  isFiring(rule: number, now: number): boolean {
    requireWhole('rule', rule, 0, this.rules.length - 1);
    const [long, short] = this.pairs[rule]!;
    const limit = this.rules[rule]!.burnRate;
    return long.burnRate(now) > limit && short.burnRate(now) > limit;
  }

  /** The first rule that fires; −1 when none does. */
  firing(now: number): number {
    for (let rule = 0; rule < this.rules.length; rule++) if (this.isFiring(rule, now)) return rule;
    return -1;
  }

  /** Burn rate over the long window of a rule: what a budget's time to exhaustion goes by. */
  burnRate(rule: number, now: number): number {
    requireWhole('rule', rule, 0, this.rules.length - 1);
    return this.pairs[rule]![0].burnRate(now);
  }

  snapshot(): BurnAlertsState {
    return { version: 1, windows: this.windows.map((window) => window.snapshot()) };
  }
}
