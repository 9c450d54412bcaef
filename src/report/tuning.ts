import type { Figure } from './figure.ts';

/** The cheapest setting of some knobs that keeps every goal. Costs are dollars a month. */
export interface TuningReport {
  readonly schema: 'tenfold/tuning@1';
  readonly design: string;
  readonly seed: number;
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** The multiple of the load of the design at which the goals are to hold. */
  readonly load: number;
  /** Scenarios during which they are to hold too. */
  readonly scenarios: readonly string[];
  readonly knobs: readonly TunedKnob[];
  /** The design as it is; null where it has a value that no knob can take, or its cost is not known. */
  readonly now: TunedSetting | null;
  /** The cheapest setting that keeps all goals; null where none was found. */
  readonly best: TunedSetting | null;
  /** The best setting, simulated again on other random numbers; null without one. */
  readonly check: {
    readonly seed: number;
    readonly held: boolean;
    readonly goals: readonly HeldGoal[];
  } | null;
  /** Settings that no other beats in both cost and slowness, the cheapest first. */
  readonly frontier: readonly TunedSetting[];
  /** Where nothing keeps all: goals that no setting that was tried keeps together, none of which can be left out of that. */
  readonly conflict: readonly Conflict[];
  /** Components of which nobody knows what they cost: all costs here are without them. */
  readonly unpriced: readonly string[];
  /** Settings that were tried, and simulations that it took. */
  readonly settings: number;
  readonly runs: number;
  readonly notes: readonly string[];
}

/** A knob, with values as a design says them. */
export interface TunedKnob {
  /** The way to it, such as `api.instances`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** How many values it could take. */
  readonly values: number;
  readonly now: string | null;
  readonly chosen: string | null;
  /** More of it costs money; `unknown` where nobody knows. */
  readonly costs: boolean | 'unknown';
  readonly path: readonly (string | number)[];
}

/** One setting of all knobs. */
export interface TunedSetting {
  /** In the order of the knobs, as a design says them. */
  readonly values: readonly (string | number)[];
  /** Without what is `unpriced`; null = unknown. */
  readonly cost: number | null;
  /** p99 by traffic, seconds, at the load that was asked for and without a scenario. */
  readonly p99: Readonly<Record<string, Figure>>;
  readonly goals: readonly HeldGoal[];
  readonly keepsAll: boolean;
}

/** A goal under one setting. */
export interface HeldGoal {
  readonly goal: string;
  /** null = without a scenario. */
  readonly scenario: string | null;
  readonly met: boolean | 'unknown';
  readonly value: Figure;
  readonly target: number;
  /** How much of the target is left, as a share: of a time, or of the failures that are allowed; below 0 it is missed. With the interval that the value leaves it. */
  readonly slack: Figure;
}

/** A goal of those that no setting keeps together, and what is to be had without it. */
export interface Conflict {
  readonly goal: string;
  readonly scenario: string | null;
  /** What the cheapest setting costs that keeps all others; null where none of those tried does. */
  readonly without: number | null;
}

/** A tuning report as JSON: two spaces of indentation, a newline at the end. */
export function tuningToJson(report: TuningReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
