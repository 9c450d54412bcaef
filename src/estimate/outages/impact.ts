import type { Plan } from '../../design/plan.ts';
import { solveAll } from '../closed.ts';
import { leastInstances, loadOf } from '../component-entries.ts';
import { type FlowRules, Follower } from '../flows.ts';
import type { Solution } from '../solution.ts';
import { PRIMARY, SOME_MEMBER } from './groups.ts';
import { type Router, reroutedPlan } from './state.ts';

/** What is left of a component. */
export interface Remains {
  readonly component: number;
  /** Instances that are up and get requests, */
  readonly serving: number;
  /** of those that get requests. */
  readonly listed: number;
  /** Instances that are up. */
  readonly up: number;
  /** Where groups answer: how many of them are at each level, from the lowest. */
  readonly groups?: readonly number[];
}

/** Which components of each router are taken to be well; null = all. */
export type Routing = readonly (readonly boolean[] | null)[];

/** What a state of the design does to its traffic. */
export interface Effect {
  /** By traffic: share of the requests that fail, of those that succeed while all is up. */
  readonly lost: Float64Array;
  /** By traffic: the least of what is down that costs as much, indices into the state; empty where nothing is lost. */
  readonly because: readonly (readonly number[])[];
}

/** What it is that keeps requests from a component. */
export type Mode = 'down' | 'too few' | 'no quorum' | 'no primary' | 'not left out' | 'keys' | 'well';

/** Losses smaller than this are rounding. */
const NOTHING = 1e-12;
/** Components with some keys gone whose states are told apart. */
const KEYED_MAX = 8;

/**
 * What becomes of requests when parts of the design are down, from the same flows as the estimate: calls by `choose` with
 * their probability, `parallel` by the branches it waits for, fallbacks, attempts of a retry each at any instance.
 * Instances that are left carry the load or do not: a component with fewer than it takes to stay below full is down.
 */
export class Impact {
  private readonly solution: Solution;
  private readonly routers: readonly Router[];
  private readonly whole: Float64Array;
  private readonly routings = new Map<string, { readonly plan: Plan; readonly needed: readonly number[] }>();

  /** @param solution the design while all is up */
  constructor(solution: Solution, routers: readonly Router[]) {
    this.solution = solution;
    this.routers = routers;
    // What cannot carry its load while all is up is no matter of failures: it needs all it has.
    const needed = neededOf(solution).map((least, c) => Math.min(least, this.instances(c)));
    this.routings.set('', { plan: solution.plan, needed });
    this.whole = this.served(solution.plan, () => 1);
  }

  /** Whether requests of a traffic succeed at all. */
  succeeds(traffic: number): boolean {
    return this.whole[traffic]! > 0;
  }

  /** Instances of each component that carry its load, at least, under a routing. */
  needed(routing: Routing): readonly number[] {
    return this.routed(routing).needed;
  }

  /** Why a component does not do all of its work, if it does not. */
  mode(remains: Remains, needed: readonly number[]): Mode {
    const { component, serving, listed, up } = remains;
    if (up === 0) return 'down';
    if (remains.groups !== undefined)
      return this.operations(component).every((o) => this.answersByGroup(o, remains.groups!) === 1)
        ? 'well'
        : this.solution.models[component]!.members === undefined
          ? 'no quorum'
          : 'no primary';
    if (this.solution.models[component]!.spread === 'key')
      return up < this.instances(component) ? 'keys' : 'well';
    if (serving < needed[component]!) return up === serving ? 'too few' : 'not left out';
    return serving < listed ? 'not left out' : 'well';
  }

  /** Instances that fail each by itself. */
  instances(component: number): number {
    const { instances, availableAsOne } = this.solution.models[component]!;
    return availableAsOne ? 1 : instances;
  }

  /** What a state does; components that are not in it are well. */
  effect(state: readonly Remains[], routing: Routing): Effect {
    const lostOf = (left: readonly number[]): Float64Array =>
      this.lost(
        left.map((i) => state[i]!),
        routing,
      );
    const all = state.map((_, i) => i);
    const lost = lostOf(all);
    const because = this.solution.plan.traffic.map(({ index }) => {
      if (lost[index] === 0) return [];
      return all.reduce((kept, i) => {
        const without = kept.filter((each) => each !== i);
        return without.length > 0 && lostOf(without)[index]! >= lost[index]! - NOTHING ? without : kept;
      }, all);
    });
    return { lost, because };
  }

  private lost(state: readonly Remains[], routing: Routing): Float64Array {
    const { plan, needed } = this.routed(routing);
    // Where requests are sent elsewhere, what is there may have no room for them.
    const answers: number[] = needed.map((least, c) => (least > this.instances(c) ? 0 : 1));
    const groups = new Map<number, readonly number[]>();
    for (const each of state) {
      const mode = this.mode(each, needed);
      if (mode === 'no quorum' || mode === 'no primary') groups.set(each.component, each.groups!);
      else answers[each.component] = this.answering(each, needed);
    }
    const keyed = state
      .filter((each) => this.mode(each, needed) === 'keys')
      .map(({ component }) => component);
    const byGroup = (o: number): number | null => {
      const left = groups.get(plan.operations[o]!.component);
      return left === undefined ? null : this.answersByGroup(o, left);
    };
    return this.average(plan, answers, keyed, byGroup).map((served, t) => {
      const lost = this.whole[t]! > 0 ? 1 - served / this.whole[t]! : 0;
      return lost > NOTHING ? Math.min(1, lost) : 0;
    });
  }

  /** Share of the requests to a component that it answers. */
  private answering(remains: Remains, needed: readonly number[]): number {
    const mode = this.mode(remains, needed);
    if (mode === 'well') return 1;
    if (mode === 'keys') return remains.up / this.instances(remains.component);
    if (mode === 'down' || remains.serving < needed[remains.component]!) return 0;
    return remains.serving / remains.listed;
  }

  /**
   * Over what the key of a request meets: its node of a component is up or down for all of the request, and for every
   * attempt. Beyond some such components, each call meets another key.
   */
  private average(
    plan: Plan,
    answers: readonly number[],
    keyed: readonly number[],
    byGroup: (operation: number) => number | null,
  ): Float64Array {
    const [first, ...others] = keyed;
    if (first === undefined || keyed.length > KEYED_MAX)
      return this.served(plan, (o) => byGroup(o) ?? answers[plan.operations[o]!.component]!);
    const share = answers[first]!;
    const up = this.average(plan, answers.with(first, 1), others, byGroup);
    const down = this.average(plan, answers.with(first, 0), others, byGroup);
    return up.map((served, t) => share * served + (1 - share) * down[t]!);
  }

  /** Operations of a component that are asked for. */
  private operations(component: number): readonly number[] {
    const { plan, flows } = this.solution;
    return plan.components[component]!.operations.filter((o) => flows.rates[o]! > 0);
  }

  /** Share of the requests for an operation that groups answer: of those that are at the level it needs. */
  private answersByGroup(operation: number, groups: readonly number[]): number {
    const { plan, models } = this.solution;
    const asked = plan.operations[operation]!;
    const { replicas, members } = models[asked.component]!;
    const ofMembers = members?.needsPrimary(asked) ? PRIMARY : SOME_MEMBER;
    const needed = replicas?.needed(asked) ?? ofMembers;
    const count = (of: readonly number[]): number => of.reduce((sum, some) => sum + some, 0);
    return count(groups.slice(needed)) / count(groups);
  }

  /** @param answers share of the requests for an operation that its component answers */
  private served(plan: Plan, answers: (operation: number) => number): Float64Array {
    const rules: FlowRules = {
      keySpace: this.solution.rules.keySpace,
      // No cache outlasts an outage of every length.
      missed: (_, keys) => ({ probability: 1, keys }),
      served: answers,
      admitted: () => 1,
      asked: ({ retry, operation }, traffic) =>
        retry === undefined
          ? null
          : { requests: 1, success: 1 - (1 - follower.success(operation, traffic)) ** retry.attempts },
    };
    const follower = new Follower(plan, rules);
    return Float64Array.from(plan.traffic, ({ operation, index }) => follower.success(operation, index));
  }

  private routed(routing: Routing): { readonly plan: Plan; readonly needed: readonly number[] } {
    const key = routing.some((each) => each !== null) ? JSON.stringify(routing) : '';
    let known = this.routings.get(key);
    if (known === undefined) {
      const plan = reroutedPlan(
        this.solution.plan,
        this.routers,
        this.routers.map((_, r) => routing[r] ?? null),
      );
      known = { plan, needed: neededOf(solveAll(plan, this.solution.models, 'likely', 'rough')) };
      this.routings.set(key, known);
    }
    return known;
  }
}

/** By component: instances that carry its load. Each replica has all of the load of its group, whoever is down. */
function neededOf({ models, stations }: Pick<Solution, 'models' | 'stations'>): number[] {
  return models.map(({ instances, availableAsOne, replicas, members }, c) =>
    availableAsOne || replicas !== undefined || members !== undefined
      ? 1
      : leastInstances(loadOf(stations[c]!, instances), 1),
  );
}
