import { readFileSync } from 'node:fs';
import { kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign, type Plan } from '../src/design/index.ts';
import type { OutcomeReport, Report } from '../src/report/index.ts';
import { type SimulateOptions, simulate } from '../src/simulate/index.ts';

/**
 * The design of a ready system, with edits: each replaces all that the expression matches. A system may have further
 * designs, such as `scaling-ladder/1-one-server`.
 */
export function designOf(system: string, ...edits: readonly (readonly [RegExp, string])[]): Plan {
  const path = system.includes('/') ? `${system}.yaml` : `${system}/design.yaml`;
  const file = `systems/${path}`;
  const written = readFileSync(new URL(path, import.meta.url), 'utf8');
  const text = edits.reduce((edited, [what, by]) => {
    if (edited.search(what) < 0) throw new RangeError(`${file} has nothing that ${what} matches`);
    return edited.replaceAll(what, by);
  }, written);
  const { plan, diagnostics } = loadDesign(text, { file, kinds: kinds.map((kind) => kind.describe) });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (plan === null || errors.length > 0) throw new RangeError(JSON.stringify(errors));
  return plan;
}

export function run(plan: Plan, options: SimulateOptions): Promise<Report> {
  return simulate(plan, simulatedKinds, options);
}

/** What a scenario did to a traffic. */
export async function outcomeOf(
  plan: Plan,
  scenario: string,
  traffic: string,
  replications: number,
): Promise<OutcomeReport & { readonly success: number }> {
  const report = await run(plan, { scenario, replications });
  return { ...report.scenario!.outcomes[traffic]!, success: report.operations[traffic]!.success.value! };
}
