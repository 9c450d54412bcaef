import { edited, type Plan, underLoad } from '../../design/index.ts';
import { type EstimatedKind, estimate } from '../../estimate/index.ts';
import { type Figure, type HeldGoal, judge, type Report } from '../../report/index.ts';
import { type Costs, costsOf, knownCost } from '../advise/cost.ts';
import type { Changeable } from '../advise/index.ts';
import type { Simulation } from '../advise/trial.ts';
import { Trial } from '../advise/trial.ts';
import { withoutRanges } from '../stress/headroom.ts';
import type { Knob } from './knob.ts';

/** Positions in the values of each knob. */
export type Setting = readonly number[];

/** What is known of one setting. */
export interface Evaluation {
  readonly setting: Setting;
  /** Dollars a month by the estimate, without the parts that are unknown in the design too; null = unknown. */
  readonly cost: number | null;
  /** Null where simulating stopped as soon as one goal was missed, or the design does not allow the setting. */
  readonly goals: readonly HeldGoal[];
  readonly p99: Readonly<Record<string, Figure>>;
  readonly keepsAll: boolean;
  /** Every goal was looked at, in every scenario. */
  readonly whole: boolean;
  /** Why the design does not allow the setting. */
  readonly refused: string | null;
}

/** What settings are judged by. */
export interface Demand {
  /** Of the base design: indices of the goals that count. */
  readonly goals: ReadonlySet<number>;
  readonly scenarios: readonly string[];
  /** Multiple of the load. */
  readonly load: number;
}

/** Simulates settings, each once. */
export class Evaluations {
  readonly #knobs: readonly Knob[];
  readonly #changeable: Changeable;
  readonly #demand: Demand;
  readonly #kinds: ReadonlyMap<string, EstimatedKind>;
  readonly #base: Costs;
  readonly #simulation: Simulation;
  readonly #warmup: number | null;
  readonly #heard: () => void;
  readonly #known = new Map<string, Evaluation>();
  readonly #plans = new Map<string, Plan | string>();
  readonly #costs = new Map<string, number | null>();

  constructor(
    knobs: readonly Knob[],
    changeable: Changeable,
    demand: Demand,
    kinds: ReadonlyMap<string, EstimatedKind>,
    /** Of the design as it is. */
    base: Costs,
    simulation: Simulation,
    warmup: number | null,
    heard: () => void,
  ) {
    this.#knobs = knobs;
    this.#changeable = changeable;
    this.#demand = demand;
    this.#kinds = kinds;
    this.#base = base;
    this.#simulation = simulation;
    this.#warmup = warmup;
    this.#heard = heard;
  }

  /** All that were simulated. */
  get all(): readonly Evaluation[] {
    return [...this.#known.values()];
  }

  /** Why the design does not allow a setting; null where it does. */
  refusal(setting: Setting): string | null {
    const plan = this.#planOf(setting);
    return typeof plan === 'string' ? plan : null;
  }

  /** What is known of what a setting costs a month; null = unknown, or the design does not allow it. */
  cost(setting: Setting): number | null {
    const key = setting.join();
    if (!this.#costs.has(key)) {
      const plan = this.#planOf(setting);
      this.#costs.set(
        key,
        typeof plan === 'string' ? null : knownCost(costsOf(plan, this.#kinds), this.#base),
      );
    }
    return this.#costs.get(key)!;
  }

  /** Whether the formulas see no goal missed, without a scenario; they may not know of all. */
  likely(setting: Setting): boolean {
    const plan = this.#planOf(setting);
    if (typeof plan === 'string') return false;
    const { goals, stable } = estimate(underLoad(withoutRanges(plan), this.#demand.load), this.#kinds);
    return (
      stable &&
      goals.every(({ met, value, target }, g) => {
        if (!this.#demand.goals.has(g) || value.value === null) return true;
        const exact = { value: value.value, low: value.value, high: value.value, unit: value.unit };
        return met === true || judge({ comparator: plan.goals[g]!.comparator, target }, exact) === true;
      })
    );
  }

  /**
   * Simulates a setting, or says again what came out.
   *
   * @param whole look at all goals in all scenarios, even when one is missed already
   */
  async of(setting: Setting, whole = false): Promise<Evaluation> {
    const key = setting.join();
    const there = this.#known.get(key);
    if (there !== undefined && (there.whole || there.keepsAll || !whole)) return there;
    const evaluation = await this.#evaluate(setting, whole, this.#simulation, this.#heard);
    this.#known.set(key, evaluation);
    return evaluation;
  }

  /** Simulates a setting on other random numbers, all of it. Nothing of it is kept. */
  again(setting: Setting, simulation: Simulation): Promise<Evaluation> {
    return this.#evaluate(setting, true, simulation, this.#heard);
  }

  async #evaluate(
    setting: Setting,
    whole: boolean,
    simulation: Simulation,
    heard: () => void,
  ): Promise<Evaluation> {
    const plan = this.#planOf(setting);
    const common = { setting, cost: this.cost(setting) };
    if (typeof plan === 'string') {
      return { ...common, goals: [], p99: {}, keepsAll: false, whole: true, refused: plan };
    }
    const { load, scenarios } = this.#demand;
    const goals: HeldGoal[] = [];
    let p99: Evaluation['p99'] = {};
    for (const scenario of [null, ...scenarios]) {
      const trial = new Trial(plan, {
        simulation: (probed, more) => simulation(probed, scenario === null ? more : { ...more, scenario }),
        most: load,
        precision: 0.05,
        ...(this.#warmup === null ? {} : { warmup: this.#warmup }),
        heard,
        ...(scenario === null ? {} : { scenario: true }),
      });
      const report = await trial.report(load);
      if (scenario === null) {
        p99 = Object.fromEntries(
          Object.entries(report.operations).map(([name, { latency }]) => [name, latency.p99]),
        );
      }
      goals.push(...this.#held(plan, report, scenario));
      if (!whole && goals.some(({ met }) => met === false)) {
        return {
          ...common,
          goals,
          p99,
          keepsAll: false,
          whole: scenario === scenarios.at(-1) || scenarios.length === 0,
          refused: null,
        };
      }
    }
    return {
      ...common,
      goals,
      p99,
      keepsAll: goals.every(({ met }) => met === true),
      whole: true,
      refused: null,
    };
  }

  #held(plan: Plan, report: Report, scenario: string | null): HeldGoal[] {
    return report.goals.flatMap(({ goal, met, value, target }, g): HeldGoal[] => {
      if (!this.#demand.goals.has(g)) return [];
      const lost = met === 'unknown' && !report.stable;
      const { comparator, metric } = plan.goals[g]!;
      return [
        {
          goal,
          scenario,
          met: lost ? false : met,
          value,
          target,
          slack: slackOf(value, target, comparator, metric === 'success'),
        },
      ];
    });
  }

  #planOf(setting: Setting): Plan | string {
    const key = setting.join();
    const there = this.#plans.get(key);
    if (there !== undefined) return there;
    const edits = this.#knobs.map(({ path, values }, k) => ({ path, value: values[setting[k]!]! }));
    const { plan, diagnostics } = this.#changeable.load(edited(this.#changeable.design, edits));
    const wrong = diagnostics.find(({ severity }) => severity === 'error');
    const made = plan ?? [wrong?.message ?? 'it has errors', ...(wrong?.hint ? [wrong.hint] : [])].join('; ');
    this.#plans.set(key, made);
    return made;
  }
}

/** How much of a target is left: of a time, or a rate; of a share of successes, how much of the failures it allows. */
function slackOf(
  { value, low, high }: Figure,
  target: number,
  comparator: '<=' | '>=',
  share: boolean,
): Figure {
  const left = (of: number | null): number | null => {
    if (of === null) return null;
    if (comparator === '<=') return 1 - of / target;
    if (share) return target >= 1 ? of - target : 1 - (1 - of) / (1 - target);
    return of / target - 1;
  };
  const ends = [left(low), left(high)] as const;
  const [least, most] = comparator === '<=' ? [ends[1], ends[0]] : ends;
  return { value: left(value), low: least, high: most, unit: '1' };
}
