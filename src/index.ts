/**
 * Tenfold as a library: load a design, estimate it, simulate it, and read, print or compare the reports. All
 * of it runs in a browser as in Node. Here the built-in kinds are filled in; kinds of your own are handed in
 * beside them.
 */
import { kinds as builtIn, type ComponentKind, kindParts } from './components/index.ts';
import type { DesignInput, LoadedDesign, LoadOptions, OwnBlocks, Plan } from './design/index.ts';
import * as language from './design/index.ts';
import type { AvailabilityOptions, EstimateOptions } from './estimate/index.ts';
import * as estimator from './estimate/index.ts';
import * as answers from './explain/index.ts';
import type {
  AdviceReport,
  AvailabilityReport,
  CompareReport,
  ExplainReport,
  Report,
  StressReport,
  Trace,
  TuningReport,
} from './report/index.ts';
import type {
  Measurement,
  ReplicationJob,
  ReplicationRunner,
  SimulateOptions,
  TraceOptions,
} from './simulate/index.ts';
import * as simulator from './simulate/index.ts';
import { version } from './version.ts';

export { type ComponentKind, defineDesign } from './components/index.ts';
export {
  type Constant,
  constants,
  type DesignInput,
  type Diagnostic,
  defineBlocks,
  findConstant,
  formatDiagnostic,
  formatDiagnostics,
  type JsonSchema,
  type KindDescription,
  type LoadedDesign,
  type NumbersOfLine,
  type OwnBackoffOptions,
  type OwnBlocks,
  type OwnCacheOptions,
  type OwnLimitOptions,
  type Plan,
} from './design/index.ts';
export type {
  AdviseOptions,
  AdviseProgress,
  CompareOptions,
  ExplainOptions,
  ExplainProgress,
  StressOptions,
  StressProgress,
  TuneOptions,
  TuneProgress,
} from './explain/index.ts';
export * from './report/index.ts';
export type {
  Measurement,
  Progress,
  ReplicationJob,
  ReplicationRunner,
  TraceOptions,
} from './simulate/index.ts';
export { FaultyBlock } from './simulate/index.ts';
export { builtIn as kinds, version };

/** What a design is read with. */
export interface LoadDesignOptions extends Omit<LoadOptions, 'kinds'>, OwnKinds {
  /** Name of the file that diagnostics give as their place; default `design.yaml`. */
  readonly file?: string;
}

/**
 * Reads, checks and plans a design: YAML text, or an object as `defineDesign` takes it. Never throws on a
 * faulty design: all that is wrong comes back as diagnostics, and without an error the plan.
 *
 * @throws TypeError or RangeError when kinds or blocks of your own cannot stand beside the built-in ones
 */
export function loadDesign(design: string | object, options: LoadDesignOptions = {}): LoadedDesign {
  const { kinds: own, file = 'design.yaml', ...rest } = options;
  const { described: kinds } = kindParts(own);
  return typeof design === 'string'
    ? language.loadDesign(design, { ...rest, kinds, file })
    : language.loadDesignObject(design, { ...rest, kinds });
}

/** Kinds of components beside the built-in ones. */
export interface OwnKinds {
  readonly kinds?: readonly ComponentKind[];
}

/** What a design may name beside what is built in. */
export interface OwnParts extends OwnKinds {
  readonly blocks?: OwnBlocks;
}

/** The JSON Schema of a design file, for editors and for whoever writes designs by program. */
export function designJsonSchema({ kinds }: OwnKinds = {}): language.JsonSchema {
  return language.designJsonSchema(kindParts(kinds).described);
}

/**
 * The back-of-the-envelope sheet of a design: every figure with its formula, its numbers and its source.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @throws Error with the diagnostics as its message when the design is faulty
 */
export function estimate(
  design: Plan | DesignInput | string,
  options: EstimateOptions & OwnParts = {},
): Report {
  const { kinds = [], blocks = {}, ...rest } = options;
  const { estimated } = kindParts(kinds);
  const { plan, replan } = planned(design, { kinds, blocks });
  return estimator.estimate(plan, estimated, { version, replan, ...rest });
}

/**
 * Lives through years of failures and repairs of a design: how long each traffic is down in a year, why, and what alone
 * takes it down. `renderAvailability` and `availabilityToJson` write it down.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @throws RangeError on options out of range; Error with the diagnostics as its message on a faulty design
 */
export function availability(
  design: Plan | DesignInput | string,
  options: AvailabilityOptions & OwnParts = {},
): AvailabilityReport {
  const { kinds = [], blocks = {}, ...rest } = options;
  const { estimated } = kindParts(kinds);
  const { plan } = planned(design, { kinds, blocks });
  return estimator.availability(plan, estimated, { version, ...rest });
}

/**
 * Simulates a design request by request until every goal's figure is as precise as asked (without goals:
 * every mean and p99).
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws RangeError on options out of range; Error with the diagnostics as its message on a faulty design;
 *   {@link FaultyBlock} where a block of your own cannot be made, or fails
 */
export async function simulate(
  design: Plan | DesignInput | string,
  options: SimulateOptions & OwnParts & { readonly runner?: ReplicationRunner } = {},
): Promise<Report> {
  const { kinds = [], blocks = {}, ...rest } = options;
  const { simulated } = kindParts(kinds);
  const { runner = simulator.inlineRunner(simulated, language.requireOwnBlocks(blocks)), ...others } = rest;
  const { plan } = planned(design, { kinds, blocks });
  return simulator.simulate(plan, simulated, { version, ...others }, runner);
}

/**
 * Exemplary requests of a simulation, for each traffic the median one, the p99 one, failed ones and a retried one, with
 * all that happened for them. `renderTrace`, `traceToOtlp` and `traceToPerfetto` write them down.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @throws RangeError on a scenario or traffic that the design does not have; Error with the diagnostics as its message on
 *   a faulty design; {@link FaultyBlock} where a block of your own cannot be made, or fails
 */
export async function trace(
  design: Plan | DesignInput | string,
  options: TraceOptions & OwnParts = {},
): Promise<Trace> {
  const { kinds = [], blocks = {}, ...rest } = options;
  const { simulated } = kindParts(kinds);
  const { plan } = planned(design, { kinds, blocks });
  return simulator.trace(plan, simulated, { version, ...rest }, language.requireOwnBlocks(blocks));
}

/**
 * Raises the load of a design until every goal and every station has given way: how much more it holds, what breaks
 * first, and why.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws as `simulate` does
 */
export async function stress(
  design: Plan | DesignInput | string,
  options: answers.StressOptions & OwnParts & { readonly runner?: ReplicationRunner } = {},
): Promise<StressReport> {
  const { kinds = [], blocks = {}, ...rest } = options;
  const parts = kindParts(kinds);
  const { runner = simulator.inlineRunner(parts.simulated, language.requireOwnBlocks(blocks)), ...others } =
    rest;
  const { plan } = planned(design, { kinds, blocks });
  return answers.stress(plan, parts, { version, ...others }, runner);
}

/** A design to compare: a plan, or a design as `loadDesign` takes it, under the name that the report has for it. */
export interface ComparedDesign extends OwnParts {
  readonly name: string;
  readonly design: Plan | DesignInput | string;
  /** Runs its replications elsewhere, e.g. on workers; default: one by one on this thread. */
  readonly runner?: ReplicationRunner;
}

/**
 * Compares designs with the first of them on common random numbers: paired differences with intervals, goals met and
 * missed, cost, availability, and single points of failure that come or go. `renderCompare`, `compareToMarkdown`,
 * `compareToHtml` and `compareToJson` write it down.
 *
 * @throws as `simulate` does; RangeError on fewer than two designs
 */
export async function compare(
  designs: readonly ComparedDesign[],
  options: answers.CompareOptions = {},
): Promise<CompareReport> {
  const subjects = designs.map(({ name, design, kinds = [], blocks = {}, runner }): answers.Subject => {
    const parts = kindParts(kinds);
    return {
      name,
      plan: planned(design, { kinds, blocks }).plan,
      kinds: parts,
      runner: runner ?? simulator.inlineRunner(parts.simulated, language.requireOwnBlocks(blocks)),
    };
  });
  return answers.compare(subjects, { version, ...options });
}

/**
 * Explains the response times of a design: where the time of its mean, median and p99 requests goes, what parallel steps
 * wait for, and which inputs and guessed constants move the figures. Of a plan alone no input is moved.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws as `simulate` does; RangeError on a scenario or traffic that the design does not have
 */
export async function explain(
  design: Plan | DesignInput | string,
  options: Omit<answers.ExplainOptions, 'blocks'> & OwnParts & { readonly runner?: ReplicationRunner } = {},
): Promise<ExplainReport> {
  const { kinds = [], blocks: own = {}, ...rest } = options;
  const { simulated } = kindParts(kinds);
  const blocks = language.requireOwnBlocks(own);
  const { runner = simulator.inlineRunner(simulated, blocks), ...others } = rest;
  const explained = planned(design, { kinds, blocks: own });
  return answers.explain(explained, simulated, { version, blocks, ...others }, runner);
}

/**
 * Next steps for a design: changes that fit what gives way first, each simulated, ranked by headroom for the money.
 *
 * @param design a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws as `simulate` does; RangeError on a design with errors
 */
export async function advise(
  design: DesignInput | string,
  options: answers.AdviseOptions & OwnParts & { readonly runner?: ReplicationRunner } = {},
): Promise<AdviceReport> {
  const { kinds = [], blocks = {}, ...rest } = options;
  const parts = kindParts(kinds);
  const { runner = simulator.inlineRunner(parts.simulated, language.requireOwnBlocks(blocks)), ...others } =
    rest;
  return answers.advise(changeable(design, { kinds, blocks }), parts, { version, ...others }, runner);
}

/**
 * The cheapest setting of some knobs of a design that keeps every goal, checked on other random numbers.
 *
 * @param design a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws as `simulate` does; RangeError on a knob that is none, or a design with errors
 */
export async function tune(
  design: DesignInput | string,
  options: answers.TuneOptions & OwnParts & { readonly runner?: ReplicationRunner } = {},
): Promise<TuningReport> {
  const { kinds = [], blocks = {}, ...rest } = options;
  const parts = kindParts(kinds);
  const { runner = simulator.inlineRunner(parts.simulated, language.requireOwnBlocks(blocks)), ...others } =
    rest;
  return answers.tune(changeable(design, { kinds, blocks }), parts, { version, ...others }, runner);
}

/** A design as plain values, and what loads it when it was changed. */
function changeable(design: DesignInput | string, own: OwnParts): answers.Changeable {
  const value = typeof design === 'string' ? language.readSource(design, 'design.yaml').value : design;
  return { design: value, load: (changed) => loadDesign(changed as object, own) };
}

/** The plan of what may be a design still. Only plans have operations beside their components. */
function planned(design: Plan | object | string, own: OwnParts): answers.ExplainedDesign {
  if (typeof design === 'object' && 'operations' in design) {
    return { plan: design as Plan, replan: null, revise: null, inputs: [] };
  }
  const { plan, diagnostics, ...again } = loadDesign(design, own);
  if (plan === null) throw new Error(language.formatDiagnostics(diagnostics));
  return { plan, ...again };
}

/** One replication, for a runner that works elsewhere; equal jobs give equal measurements. */
export function runReplication(job: ReplicationJob, { kinds, blocks = {} }: OwnParts = {}): Measurement {
  return simulator.runReplication(job, kindParts(kinds).simulated, language.requireOwnBlocks(blocks));
}
