/** Runs one model on a worker thread. */
import { caseOf } from './index.ts';
import { type Outcome, type RunOptions, runModel } from './run.ts';

/** A model by the id of its case and its place in it. */
export interface Job extends RunOptions {
  readonly caseId: string;
  readonly model: number;
}

export default async function run({ caseId, model, ...options }: Job): Promise<Outcome> {
  const of = caseOf(caseId);
  const found = of.models[model];
  if (found === undefined) throw new RangeError(`case ${caseId} has no model ${model}`);
  return runModel(of, found, options);
}
