import type { CallGraph, OperationName } from './calls.ts';
import type { ConstantUse } from './constant-use.ts';
import type { Outline } from './outline.ts';
import type { ParsedDesign } from './schema.ts';

/** A design in which nothing is wrong: what the checks hand to the planner. */
export interface CheckedDesign {
  readonly parsed: ParsedDesign;
  /** The design as written, for texts that the report repeats. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly outline: Outline;
  readonly calls: CallGraph;
  readonly constants: ConstantUse;
  /** Settings with every default filled in, by component. */
  readonly settings: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** The indices that names have in the plan. */
export interface Numbers {
  readonly components: ReadonlyMap<string, number>;
  readonly data: ReadonlyMap<string, number>;
  readonly operations: ReadonlyMap<OperationName, number>;
}
