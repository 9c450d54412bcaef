/** Runs the models of a case: estimate, simulation, or a measurement by hand; and judges every figure. */
import { estimatedKinds, kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign, type Plan } from '../src/design/index.ts';
import { estimate } from '../src/estimate/index.ts';
import type { Interval } from '../src/kernel/index.ts';
import type { Figure, Report } from '../src/report/index.ts';
import { simulate } from '../src/simulate/index.ts';
import type {
  Case,
  DesignModel,
  DirectExpectation,
  DirectModel,
  Expectation,
  Model,
  RunLength,
  Tolerance,
} from './case.ts';
import { type StationResidual, stationResiduals } from './little.ts';
import { type Judged, type Row, worst } from './row.ts';
import { judge, judgeExact } from './verdict.ts';

const descriptions = kinds.map((kind) => kind.describe);

/** What running a model gave. */
export interface Outcome {
  readonly rows: readonly Row[];
  /** How well Little's law holds at each station of the simulation. */
  readonly residuals: readonly StationResidual[];
  /** Why the model could not run; its figures are unknown then. */
  readonly error: string | null;
}

/** How to run. */
export interface RunOptions {
  /** Every model makes a seed of its own from this one, so that the errors of two rows are independent. */
  readonly seed: number;
  /** Run the shorter length of the quick subset. */
  readonly quick: boolean;
}

/** Runs one model of a case; one that throws has unknown figures, so that the others are still seen. */
export async function runModel(of: Case, model: Model, options: RunOptions): Promise<Outcome> {
  try {
    return 'design' in model ? await runDesign(of, model, options) : await runDirect(of, model);
  } catch (error) {
    return { rows: unknownRows(of, model), residuals: [], error: `${of.id}, ${model.name}: ${error}` };
  }
}

/** The plan of a model's design; a faulty design is a mistake in the case, and throws. */
export function planOf(caseId: string, model: DesignModel): Plan {
  const file = `${caseId}.yaml`;
  const { plan, diagnostics } = loadDesign(model.design, { file, kinds: descriptions });
  if (plan === null || diagnostics.length > 0) {
    const found = diagnostics.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
    throw new Error(
      `the design of ${caseId}, ${model.name}, is faulty:\n${found.join('\n')}\n${model.design}`,
    );
  }
  return plan;
}

async function runDesign(of: Case, model: DesignModel, { seed, quick }: RunOptions): Promise<Outcome> {
  const plan = planOf(of.id, model);
  const length: RunLength = (quick ? model.quick : undefined) ?? model.length;
  const estimated = estimate(plan, estimatedKinds);
  const simulated = await simulate(plan, simulatedKinds, {
    seed: seedOf(of.id, model.name, seed),
    ...length,
  });
  return {
    rows: model.expect.map((expectation) => row(of.id, model.name, expectation, estimated, simulated)),
    residuals: simulated.stable ? stationResiduals(simulated) : [],
    error: null,
  };
}

/** A seed from the name of a model: FNV-1a, so that it stays when cases are added. */
function seedOf(caseId: string, model: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const letter of `${seed}/${caseId}/${model}`)
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

function row(caseId: string, model: string, of: Expectation, estimated: Report, simulated: Report): Row {
  const { what, unit, paper, tolerance, read, explanation = '' } = of;
  const ours = read(simulated);
  const simulation: Judged = { ...ends(ours), verdict: judge(paper, ours, tolerance) };
  const estimateTolerance = toleranceOfEstimate(of);
  let estimation: Judged | null = null;
  if (estimateTolerance !== null) {
    const figure = read(estimated);
    estimation = { ...ends(figure), verdict: judgeExact(paper, figure.value, estimateTolerance) };
  }
  const verdict = worst([simulation.verdict, ...(estimation === null ? [] : [estimation.verdict])]);
  return {
    caseId,
    model,
    what,
    unit,
    paper,
    tolerance,
    estimate: estimation,
    ours: simulation,
    verdict,
    explanation,
  };
}

/** What the estimator must meet; null when it has no formula for the figure. */
function toleranceOfEstimate({ estimate: standing = 'exact', tolerance }: Expectation): Tolerance | null {
  if (standing === 'none') return null;
  if (standing === 'exact') return 'exact';
  return standing === 'approximate' ? tolerance : standing.approximate;
}

async function runDirect(of: Case, model: DirectModel): Promise<Outcome> {
  const measured = await model.measure();
  const rows = model.expect.map((expectation, index): Row => {
    const { explanation = '', ...expected } = expectation;
    const common = { caseId: of.id, model: model.name, ...expected, estimate: null };
    if ('skipped' in measured) {
      return { ...common, ours: null, verdict: 'skipped', explanation: measured.skipped };
    }
    const ours = judgeMeasured(expectation, measured[index] ?? null);
    return { ...common, ours, verdict: ours.verdict, explanation };
  });
  return { rows, residuals: [], error: null };
}

function judgeMeasured({ paper, tolerance }: DirectExpectation, measured: number | Interval | null): Judged {
  if (measured !== null && typeof measured === 'object')
    return { ...ends(measured), verdict: judge(paper, measured, tolerance) };
  const verdict = judgeExact(paper, measured, tolerance);
  return { value: measured, low: measured, high: measured, verdict };
}

function unknownRows(of: Case, model: Model): Row[] {
  return model.expect.map(({ what, unit, paper, tolerance, explanation = '' }) => ({
    caseId: of.id,
    model: model.name,
    what,
    unit,
    paper,
    tolerance,
    estimate: null,
    ours: null,
    verdict: 'unknown',
    explanation,
  }));
}

function ends({ value, low, high }: Figure | Interval): Pick<Judged, 'value' | 'low' | 'high'> {
  return { value, low, high };
}
