import { callersFirst } from '../design/call-order.ts';
import { waysFor } from '../design/callees.ts';
import type { Plan, PlanStep } from '../design/plan.ts';
import { type FlowRules, Follower } from './flows.ts';
import type { KeySpace } from './keys.ts';

/** Components that are up or down each by itself, for sums over all their states; the rest counts by its share. */
const TOLD_APART_MAX = 12;
/** States of the design rarer than this change nothing that is shown. */
const HARDLY_EVER = 1e-14;

/** How far the requests of a traffic get by when components are down. */
export interface Dependence {
  /** Components without which every request fails. */
  readonly always: readonly number[];
  /** The others that it reaches, with the share of requests that fails while this one alone is down. */
  readonly partly: readonly { readonly component: number; readonly lost: number }[];
  /**
   * Share of the requests, of those that succeed while all is up, that do so when each component is up with this
   * probability, independently.
   */
  share(up: (component: number) => number): number;
}

/**
 * What the requests of a traffic depend on: a call within `choose` by its probability, a `parallel` by the
 * branches it waits for, everything else in full; what stands behind a cache too, since no cache outlasts an
 * outage of every length. Null where no request succeeds anyway.
 */
export function dependenceOf(plan: Plan, traffic: number, keySpace: KeySpace): Dependence | null {
  const { operation } = plan.traffic[traffic]!;
  const success = (up: (component: number) => number): number =>
    successWhen(plan, operation, traffic, keySpace, up);
  const whole = success(() => 1);
  if (!(whole > 0)) return null;
  const places = placesOf(plan, operation, traffic);
  const reached = [...places.keys()].sort((a, b) => a - b);
  const lost = new Map(reached.map((c) => [c, 1 - success((other) => (other === c ? 0 : 1)) / whole]));
  const always = reached.filter((c) => lost.get(c)! > 1 - 1e-12);
  const partly = reached.filter((c) => !always.includes(c));
  // A component met in several places is up or down in all of them: sum over its states (factoring theorem,
  // Barlow & Proschan, Statistical Theory of Reliability and Life Testing, 1975, section 2.1).
  const told = partly.filter((c) => places.get(c)! > 1).slice(0, TOLD_APART_MAX);
  return {
    always,
    partly: partly.map((component) => ({ component, lost: Math.max(0, lost.get(component)!) })),
    share: (up) => {
      const state = new Map<number, number>(always.map((c) => [c, 1]));
      const over = (i: number, chance: number): number => {
        if (chance < HARDLY_EVER) return 0;
        if (i === told.length) return (chance * success((c) => state.get(c) ?? up(c))) / whole;
        const c = told[i]!;
        state.set(c, 1);
        const working = over(i + 1, chance * up(c));
        state.set(c, 0);
        return working + over(i + 1, chance * (1 - up(c)));
      };
      const rest = partly.length === 0 ? 1 : over(0, 1);
      return always.reduce((product, c) => product * up(c), Math.min(1, rest));
    },
  };
}

/**
 * Chance that a request of a traffic to an operation succeeds when each component answers with this probability, every time
 * by chance anew; what stands behind a cache is always asked.
 */
export function successWhen(
  plan: Plan,
  operation: number,
  traffic: number,
  keySpace: KeySpace,
  answers: (component: number) => number,
): number {
  const rules: FlowRules = {
    keySpace,
    missed: (_, keys) => ({ probability: 1, keys }),
    served: (o) => answers(plan.operations[o]!.component),
    admitted: () => 1,
  };
  return new Follower(plan, rules).success(operation, traffic);
}

/** Components that an operation reaches, with the number of places where it does; above 1 it is "several". */
function placesOf(plan: Plan, operation: number, traffic: number): Map<number, number> {
  const times = new Map<number, number>([[operation, 1]]);
  const places = new Map<number, number>();
  for (const index of callersFirst(plan)) {
    const often = times.get(index);
    if (often === undefined) continue;
    const { component, forwards, among, steps } = plan.operations[index]!;
    places.set(component, (places.get(component) ?? 0) + often);
    const add = (callee: number, more: number): void => {
      times.set(callee, Math.min(2, (times.get(callee) ?? 0) + more));
    };
    if (among !== undefined) for (const { operation: one } of waysFor(among, traffic)) add(one, often);
    else if (forwards !== null) add(forwards, often);
    for (const [callee, more] of callsOf(steps)) add(callee, often * more);
  }
  return places;
}

/** Calls within steps that can happen, each with 1, or 2 where one request makes it again and again. */
function* callsOf(steps: readonly PlanStep[], often = 1): Generator<[number, number]> {
  for (const step of steps) {
    if (step.step === 'call') {
      yield [step.operation, often];
      yield* callsOf(step.onMiss, often);
    } else if (step.step === 'parallel') {
      for (const branch of step.branches) yield* callsOf(branch, often);
    } else if (step.step === 'choose') {
      for (const { probability, steps } of step.cases) if (probability > 0) yield* callsOf(steps, often);
    } else if (step.step === 'repeat') {
      if (step.times > 0) yield* callsOf(step.steps, step.times > 1 ? 2 : often);
    } else if (step.step === 'once') yield* callsOf(step.steps, often);
    else if (step.step === 'fallback') {
      yield* callsOf(step.steps, often);
      yield* callsOf(step.otherwise, often);
    } else if (step.step === 'journey') {
      for (const state of step.states) yield* callsOf(state.steps, 2);
    }
  }
}
