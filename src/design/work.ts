import { formatQuantity } from '../quantities/index.ts';
import { afterwardsOf, calleesOf, passedToBy } from './callees.ts';
import type { Plan, PlanJourneyState, PlanStep } from './plan.ts';
import type { Problems } from './problems.ts';

/** Steps one request may cause, on average; a run of a few thousand requests must stay possible. */
const mostSteps = 1_000_000;

/** Rounds after which the expected length of a walk is taken as it is. */
const mostRounds = 10_000;

/** Reports traffic whose every request would cause more steps than a run can follow. */
export function checkWork(plan: Plan, problems: Problems): void {
  const known = new Map<number, number>();
  for (const { name, operation } of plan.traffic) {
    const steps = workOf(operation, plan, known);
    if (steps <= mostSteps) continue;
    problems.report({
      code: 'too-much-work',
      path: ['traffic', name, 'call'],
      message: `one request of \`${name}\` causes ${aboutSteps(steps)} steps`,
      expected: `at most ${formatQuantity(mostSteps, 'count')} steps, all calls and repeats multiplied out`,
    });
  }
}

function aboutSteps(steps: number): string {
  return steps < 1e15
    ? `about ${formatQuantity(steps, 'count', { digits: 3 })}`
    : 'more than 1,000,000,000,000,000';
}

/** Expected steps of one call; the graph of calls has no circle. Its depth is bounded by the order below. */
function workOf(operation: number, plan: Plan, known: Map<number, number>): number {
  const waiting = [operation];
  while (waiting.length > 0) {
    const index = waiting[waiting.length - 1]!;
    const { steps } = plan.operations[index]!;
    const passedTo = passedToBy(plan.operations[index]!);
    const further = passedTo.reduce((most, each) => Math.max(most, known.get(each) ?? 0), 0);
    const later = afterwardsOf(plan.operations[index]!);
    const missing = [...calleesOf(plan.operations[index]!), ...later].filter((each) => !known.has(each));
    if (missing.length > 0 && !known.has(index)) {
      waiting.push(...missing);
      continue;
    }
    waiting.pop();
    const afterwards = later.reduce((sum, each) => sum + (known.get(each) ?? 0), 0);
    known.set(index, 1 + further + workOfSteps(steps, known) + afterwards);
  }
  return known.get(operation) ?? 0;
}

function workOfSteps(steps: readonly PlanStep[], known: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const step of steps) sum += 1 + workOfStep(step, known);
  return sum;
}

function workOfStep(step: PlanStep, known: ReadonlyMap<number, number>): number {
  switch (step.step) {
    case 'call': {
      const requests = (step.retry?.attempts ?? 1) * (1 + (step.hedge?.most ?? 0));
      return requests * (known.get(step.operation) ?? 0) + workOfSteps(step.onMiss, known);
    }
    case 'fallback':
      return workOfSteps(step.steps, known) + workOfSteps(step.otherwise, known);
    case 'parallel':
      return step.branches.reduce((sum, branch) => sum + workOfSteps(branch, known), 0);
    case 'choose':
      return step.cases.reduce((sum, each) => sum + each.probability * workOfSteps(each.steps, known), 0);
    case 'once':
      return workOfSteps(step.steps, known);
    case 'repeat':
      return step.times * workOfSteps(step.steps, known);
    case 'journey': {
      const visits = expectedVisits(step.states);
      return step.states.reduce(
        (sum, { steps }, index) => sum + visits[index]! * (1 + workOfSteps(steps, known)),
        0,
      );
    }
    default:
      return 0;
  }
}

/** How often each state of a walk is entered on average: v = e₀ + Pᵀv, by following the walk round by round. */
function expectedVisits(states: readonly PlanJourneyState[]): Float64Array {
  const visits = new Float64Array(states.length);
  let here = new Float64Array(states.length);
  here[0] = 1;
  const edges = states.reduce((sum, { next }) => sum + next.length, 0) + states.length;
  const rounds = Math.min(mostRounds, Math.ceil(2e7 / edges));
  let present = 1;
  let before = 1;
  for (let round = 0; round < rounds && present > 1e-6; round++) {
    before = present;
    const then = new Float64Array(states.length);
    for (const [index, { next }] of states.entries()) {
      visits[index]! += here[index]!;
      for (const { state, probability } of next) then[state]! += here[index]! * probability;
    }
    here = then;
    present = here.reduce((sum, each) => sum + each, 0);
  }
  // What is still under way leaves at the rate it has come to: a geometric tail.
  const staying = Math.min(present / before, 1 - 1e-12);
  for (const [index, each] of here.entries()) visits[index]! += each / (1 - staying);
  return visits;
}
