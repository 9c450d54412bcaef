import { type CallGraph, findCycles, readCalls } from './calls.ts';
import { checkCeilings } from './ceilings.ts';
import { type ConstantUse, openConstants, withValues } from './constant-use.ts';
import { takePrices } from './cost-use.ts';
import { repairConstant } from './failures.ts';
import { checkDataUse, checkIdleKnobs, checkReach } from './idle.ts';
import { checkIdleConstants } from './idle-constants.ts';
import { checkIdleSteps } from './idle-steps.ts';
import { reportIssues } from './issues.ts';
import { checkKeys } from './keys.ts';
import { instancesOf, type KindDescription } from './kind.ts';
import { many } from './limits.ts';
import { makePlan } from './make-plan.ts';
import { checkNames } from './names.ts';
import { checkObjectiveEffects, checkObjectives } from './objectives.ts';
import { type Outline, readOutline } from './outline.ts';
import type { OwnBlocks } from './own-blocks.ts';
import { checkBlockNames } from './own-names.ts';
import { checkPassing } from './passing-circles.ts';
import { isMap } from './path.ts';
import { checkDistances, checkPlaceEffects, checkPlaceNames } from './place-rules.ts';
import type { Plan, Replan } from './plan.ts';
import { checkFailureEffects, checkFailures } from './plan-failures.ts';
import { usedZones } from './plan-places.ts';
import { collectProblems, type Problems } from './problems.ts';
import { checkProtections } from './protection-rules.ts';
import { reach } from './reach.ts';
import { checkReferences } from './references.ts';
import { checkRoutePaths, checkRoutes } from './route-rules.ts';
import { checkScenarioEffects, checkScenarioNames, mayHoldCopies } from './scenario-rules.ts';
import { checkFaultTargets } from './scenario-targets.ts';
import { designSchema, type ParsedDesign } from './schema.ts';
import { type Settled, settleComponents } from './settle.ts';
import { checkStepNumbers } from './step-numbers.ts';
import { settledOf, surroundingsOf } from './surroundings.ts';
import { checkTiers } from './tiers.ts';
import { checkTraffic } from './traffic-rules.ts';
import { checkWork } from './work.ts';

/** A design in which nothing is wrong. */
interface CheckedPlan {
  readonly plan: Plan;
  readonly replan: Replan;
}

/**
 * Finds everything that is wrong with a design, and plans it when nothing is.
 *
 * Each check reads the values as written and passes over what another check reports, so that a faulty number
 * here does not hide a dangling name there. Only what would follow from an error is held back: what nothing
 * reaches is told when all names resolve, and idle settings when there is no error at all.
 *
 * @returns null where there is an error
 */
export function checkDesign(
  written: unknown,
  kinds: readonly KindDescription[],
  problems: Problems,
  blocks: OwnBlocks = {},
): CheckedPlan | null {
  if (written === undefined) return null;
  const result = designSchema(kinds).safeParse(written);
  if (!result.success) reportIssues(result.error.issues, written, problems);
  if (!isMap(written)) return null;

  const outline = readOutline(written, kinds);
  if (!checkSize(outline, problems)) return null;
  checkFilled(written, problems);
  checkNames(written, outline, problems);
  checkTraffic(outline, problems);
  checkStepNumbers(outline, problems);
  checkPlaceNames(written, outline, problems);
  checkScenarioNames(written, outline, problems);
  checkProtections(outline, problems);
  checkBlockNames(outline, blocks, problems);
  const constants = openConstants(written, problems);
  const settled = settleComponents(outline, constants, problems);
  checkFaultTargets(written, outline, settled, problems);
  const calls = readCalls(outline);

  checkWiring(written, outline, calls, problems);
  if (!result.success) return null;
  const parsed = result.data as unknown as ParsedDesign;
  const scenarios = parsed.scenarios ?? {};
  checkDistances(parsed, constants, problems);
  checkFailures(parsed, outline, problems);
  checkObjectives(parsed.goals ?? {}, problems);
  if (problems.errors > 0) return null;

  const planWith = (values: ConstantUse, components: ReadonlyMap<string, Settled>): Plan => {
    const settings = new Map([...components].map(([name, each]) => [name, each.settings]));
    return makePlan({ parsed, written, outline, calls, constants: values, settings });
  };
  const plan = planWith(constants, settled);
  checkWork(plan, problems);
  checkTiers(plan, outline, settled, problems);
  if (problems.errors > 0) return null;
  const around = surroundingsOf(plan, outline, calls, settled);
  checkIdleKnobs(written, plan, outline, settled, around, problems);
  checkCeilings(outline, settled, constants, problems);
  takePrices(outline, constants, parsed.regions !== undefined);
  // Who says no `fails` is repaired in that time, and the plan need not hold it.
  if (constants.idle(repairConstant)) constants.take(repairConstant);
  checkIdleConstants(written, constants, problems);
  checkIdleSteps(outline, problems);
  const countOf = (component: string): number =>
    instancesOf(outline.components.get(component)?.kind, settled.get(component)!.settings);
  const limitOf = (component: string): number | null =>
    outline.components.get(component)?.kind?.limit?.(settled.get(component)!.settings) ?? null;
  const holdsCopies = (component: string): boolean => {
    const holds = outline.components.get(component)?.kind?.holdsCopies;
    return typeof holds !== 'function' || holds(settled.get(component)!.settings);
  };
  const hasCopies = (data: string): boolean =>
    plan.components.some(({ name }) => {
      const { kind, data: kept } = outline.components.get(name)!;
      if (kind?.usersKeepCopies?.(settled.get(name)!.settings) === true) {
        const index = plan.data.findIndex((each) => each.name === data);
        return plan.traffic.some(({ key }) => key?.from === 'draw' && key.data === index);
      }
      return mayHoldCopies(kind) && holdsCopies(name) && kept.has(data);
    });
  const works = (name: string): boolean => {
    const { kind, settings } = settledOf(outline.components.get(name), settled)!;
    return (
      kind.works?.(settings, around(outline.components.get(name)!)) ?? Object.keys(kind.stations).length > 0
    );
  };
  checkPlaceEffects(parsed, plan, countOf, problems);
  const zonesUsedBy = (index: number): readonly number[] =>
    usedZones({
      instances: countOf(plan.components[index]!.name),
      zones: plan.places?.components[index] ?? [],
    });
  checkObjectiveEffects(parsed.goals ?? {}, scenarios, problems);
  checkFailureEffects(parsed, plan, zonesUsedBy, countOf, problems);
  checkScenarioEffects(scenarios, plan, { countOf, limitOf, holdsCopies, hasCopies, works }, problems);
  if (problems.errors > 0) return null;
  return {
    plan,
    replan: (values) => {
      const refusals = collectProblems(null, () => null);
      const changed = withValues(constants, values);
      const again = settleComponents(outline, changed, refusals);
      return refusals.errors > 0 ? null : planWith(changed, again);
    },
  };
}

/** What the parts of a design are to each other: names, circles, and what nothing reaches. */
function checkWiring(
  written: Readonly<Record<string, unknown>>,
  outline: Outline,
  calls: CallGraph,
  problems: Problems,
): void {
  const before = problems.errors;
  checkReferences(written, outline, problems);
  checkRoutePaths(outline, problems);
  // A name that leads nowhere or an unknown kind would make things look out of reach that are not.
  const resolved =
    problems.errors === before && [...outline.components.values()].every(({ kind }) => kind !== null);
  checkCycles(calls, problems);
  checkPassing(outline, problems);
  if (!resolved || outline.traffic.size === 0 || hidesCalls(problems)) return;
  const reached = reach(calls);
  // Which keys come round a circle says nothing before the circle is cut.
  if (problems.errors === before) checkKeys(outline, reached, problems);
  checkRoutes(outline, calls, reached, problems);
  checkReach(outline, reached, problems);
  checkDataUse(outline, problems);
}

const unreadable: ReadonlySet<string> = new Set(['unknown-key', 'unknown-step', 'missing-key', 'wrong-type']);

/** Whether something that may have been a call could not be read: in a traffic, in a step, or left out. */
function hidesCalls(problems: Problems): boolean {
  return problems
    .list()
    .some(
      ({ code, path }) =>
        unreadable.has(code) &&
        (/^(traffic|components\W.*\.operations)\b/.test(path) ||
          (code !== 'unknown-key' && path.startsWith('components'))),
    );
}

/** Operations a design may have, forwarded ones counted: balancers multiply what a service offers. */
const mostOperations = 50_000;

function checkSize({ components }: Outline, problems: Problems): boolean {
  let operations = 0;
  for (const component of components.values()) operations += component.operations?.size ?? 0;
  if (operations <= mostOperations) return true;
  problems.report({
    code: 'too-many-values',
    path: ['components'],
    at: 'key',
    message: `the components have ${many(operations)} operations, forwarded ones counted`,
    expected: `at most ${many(mostOperations)} operations`,
  });
  return false;
}

function checkFilled(design: Readonly<Record<string, unknown>>, problems: Problems): void {
  const required = { traffic: 'at least one traffic', components: 'at least one component' };
  for (const [section, expected] of Object.entries(required)) {
    const value = design[section];
    if (!isMap(value) || Object.keys(value).length > 0) continue;
    problems.report({
      code: 'missing-key',
      path: [section],
      at: 'key',
      message: `\`${section}\` is empty`,
      expected,
    });
  }
}

function checkCycles(calls: CallGraph, problems: Problems): void {
  for (const { names, closing } of findCycles(calls)) {
    const shown =
      names.length <= 8 ? names : [...names.slice(0, 4), `… ${names.length - 8} more …`, ...names.slice(-4)];
    problems.report({
      code: 'call-cycle',
      path: closing.path,
      message: `operations call each other in a circle: ${shown.join(' → ')}`,
      expected: 'calls that come to an end',
      hint: 'split the operation that is called again into one that does not call back',
    });
  }
}
