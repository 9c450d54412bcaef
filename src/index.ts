/**
 * Tenfold as a library: load a design, estimate it, simulate it, and read, print or compare the reports. All
 * of it runs in a browser as in Node. Here the built-in kinds are filled in; kinds of your own are handed in
 * beside them.
 */
import { kinds as builtIn, type ComponentKind } from './components/index.ts';
import type { DesignInput, LoadedDesign, LoadOptions, Plan } from './design/index.ts';
import * as language from './design/index.ts';
import type { EstimateOptions } from './estimate/index.ts';
import * as estimator from './estimate/index.ts';
import type { Report } from './report/index.ts';
import type { Measurement, ReplicationJob, ReplicationRunner, SimulateOptions } from './simulate/index.ts';
import * as simulator from './simulate/index.ts';
import { version } from './version.ts';

export { type ComponentKind, defineDesign } from './components/index.ts';
export {
  type Constant,
  constants,
  type DesignInput,
  type Diagnostic,
  findConstant,
  formatDiagnostic,
  formatDiagnostics,
  type JsonSchema,
  type KindDescription,
  type LoadedDesign,
  type Plan,
} from './design/index.ts';
export * from './report/index.ts';
export type { Measurement, Progress, ReplicationJob, ReplicationRunner } from './simulate/index.ts';
export { builtIn as kinds, version };

/** What a design is read with. */
export interface LoadDesignOptions extends Omit<LoadOptions, 'kinds'>, OwnKinds {
  /** Name of the file that diagnostics give as their place; default `design.yaml`. */
  readonly file?: string;
}

/**
 * Reads, checks and plans a design: YAML text, or an object as `defineDesign` takes it. Never throws on a
 * faulty design: all that is wrong comes back as diagnostics, and without an error the plan.
 */
export function loadDesign(design: string | object, options: LoadDesignOptions = {}): LoadedDesign {
  const { kinds: own = [], file = 'design.yaml', ...rest } = options;
  const kinds = [...builtIn, ...own].map((kind: ComponentKind) => kind.describe);
  return typeof design === 'string'
    ? language.loadDesign(design, { ...rest, kinds, file })
    : language.loadDesignObject(design, { ...rest, kinds });
}

/** Kinds of components beside the built-in ones. */
export interface OwnKinds {
  readonly kinds?: readonly ComponentKind[];
}

/** The JSON Schema of a design file, for editors and for whoever writes designs by program. */
export function designJsonSchema({ kinds = [] }: OwnKinds = {}): language.JsonSchema {
  return language.designJsonSchema([...builtIn, ...kinds].map((kind: ComponentKind) => kind.describe));
}

/**
 * The back-of-the-envelope sheet of a design: every figure with its formula, its numbers and its source.
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @throws Error with the diagnostics as its message when the design is faulty
 */
export function estimate(
  design: Plan | DesignInput | string,
  options: EstimateOptions & OwnKinds = {},
): Report {
  const { kinds = [], ...rest } = options;
  const estimated = byName(kinds, (kind) => kind.estimate);
  const { plan, replan } = planned(design, kinds);
  return estimator.estimate(plan, estimated, { version, replan, ...rest });
}

/**
 * Simulates a design request by request until every goal's figure is as precise as asked (without goals:
 * every mean and p99).
 *
 * @param design a plan, or a design as `loadDesign` takes it
 * @param options.runner runs replications elsewhere, e.g. on workers; default: one by one on this thread
 * @throws RangeError on options out of range; Error with the diagnostics as its message on a faulty design
 */
export async function simulate(
  design: Plan | DesignInput | string,
  options: SimulateOptions & OwnKinds & { readonly runner?: ReplicationRunner } = {},
): Promise<Report> {
  const { kinds = [], runner, ...rest } = options;
  const simulated = byName(kinds, (kind) => kind.simulate);
  return simulator.simulate(planned(design, kinds).plan, simulated, { version, ...rest }, runner);
}

/** The plan of what may be a design still. Only plans have operations beside their components. */
function planned(
  design: Plan | object | string,
  kinds: readonly ComponentKind[],
): { readonly plan: Plan; readonly replan: language.Replan | null } {
  if (typeof design === 'object' && 'operations' in design) return { plan: design as Plan, replan: null };
  const { plan, replan, diagnostics } = loadDesign(design, { kinds });
  if (plan === null) throw new Error(language.formatDiagnostics(diagnostics));
  return { plan, replan };
}

/** One replication, for a runner that works elsewhere; equal jobs give equal measurements. */
export function runReplication(job: ReplicationJob, { kinds = [] }: OwnKinds = {}): Measurement {
  return simulator.runReplication(
    job,
    byName(kinds, (kind) => kind.simulate),
  );
}

function byName<T>(own: readonly ComponentKind[], part: (kind: ComponentKind) => T): ReadonlyMap<string, T> {
  const all: readonly ComponentKind[] = [...builtIn, ...own];
  return new Map(all.map((kind) => [kind.describe.name, part(kind)]));
}
