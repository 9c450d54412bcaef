import { deadLetterShare, deliveriesPerMessage } from '../blocks/index.ts';
import { calleesBefore, callersFirst } from '../design/call-order.ts';
import { waysFor } from '../design/callees.ts';
import type { Plan, PlanCall, PlanKey, PlanStep, PlanTraffic } from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';
import type { Gate } from './gate.ts';
import type { KeySpace, KeyStream, Missed, Pinned } from './keys.ts';

/** Requests of one traffic that reach an operation with the same keys. */
export interface Stream {
  readonly traffic: number;
  readonly keys: KeyStream;
  /** Per second. */
  readonly rate: number;
}

/** How often everything is called. */
export interface Flows {
  /** By operation: calls per second. */
  readonly rates: Float64Array;
  /** By operation: the same, by traffic and keys. */
  readonly streams: readonly (readonly Stream[])[];
  /** By operation: calls per second that come so many at once, from parallel branches, by how many. */
  readonly groups: readonly Groups[];
  /** By step: how often a second it is made, whatever its caller makes of it. */
  readonly calls: ReadonlyMap<PlanCall, number>;
}

/** Visits or calls per second by how many come at once. */
export type Groups = ReadonlyMap<number, number>;

/** What has to be known beforehand to follow requests through a plan. */
export interface FlowRules {
  readonly keySpace: KeySpace;
  /** Chance that the answer of an operation is a miss, and the keys of those; null = it never is. */
  readonly missed: (operation: number, keys: KeyStream) => Missed | null;
  /** Chance that what answers an operation is fetched anew meanwhile, by nobody who waits, and the keys of those. */
  readonly refreshed?: (operation: number, keys: KeyStream) => Missed | null;
  /** What is left of requests for an operation after the copies that those who make them keep; null = all of them. */
  readonly left?: (operation: number, keys: KeyStream) => Missed | null;
  /** What a component passes on that answers some requests itself; null = all of them, as they come. */
  readonly passed?: (operation: number, keys: KeyStream) => readonly PassedKeys[] | null;
  /** Chance that the component lets a request of the operation with these keys, of the traffic, in; null = on average. */
  readonly served: (operation: number, keys: KeyStream | null, traffic: number) => number;
  /** Chance that such a request gets past a limit or a failure of the component; without it, all do. */
  readonly passes?: (component: number, gate: Gate, keys: KeyStream, traffic: number) => number;
  /** Requests about such keys that a component pins, and those that it does not; without it, it pins none. */
  readonly pinned?: (component: number, keys: KeyStream | null) => Pinned;
  /** Chance that a `compute` of the operation finds a place at its station. */
  readonly admitted: (operation: number) => number;
  /** Whether what is done with messages afterwards counts; default true. */
  readonly afterwards?: boolean;
  /** What becomes of a call that a caller makes more than once, or not at all; null where it is made once. */
  readonly asked?: (call: PlanCall, traffic: number) => Asked | null;
}

/** Requests that a component passes on, of those that come to it with the same keys. */
export interface Passed extends PassedKeys {
  readonly to: number;
}

/** The same, wherever they go. */
export interface PassedKeys extends Missed {
  /** They ask for another cache on the way: the chance of that, which is not less. */
  readonly detour?: number;
  /** Nobody waits for them. */
  readonly aside?: true;
}

/** What becomes of requests of a traffic to an operation that passes them on; none for one that does not. */
export function passedOn(
  plan: Plan,
  rules: FlowRules,
  operation: number,
  traffic: number,
  keys: KeyStream,
): readonly Passed[] {
  const { forwards, among } = plan.operations[operation]!;
  if (among === undefined && forwards === null) return [];
  const left = rules.passed?.(operation, keys) ?? [{ probability: 1, keys }];
  if (among === undefined) return left.map((some) => ({ ...some, to: forwards! }));
  return waysFor(among, traffic).flatMap(({ operation: to, share }) =>
    left.map((some) => ({ ...some, to, probability: share * some.probability })),
  );
}

/** Share of the requests to an operation that it answers itself; of the rest, what it does not pass on has no route, and fails. */
export function answeredThere(rules: FlowRules, operation: number, keys: KeyStream): number {
  const left = rules.passed?.(operation, keys)?.filter(({ aside }) => !aside);
  return left == null ? 0 : Math.max(0, 1 - left.reduce((sum, { probability }) => sum + probability, 0));
}

/** Requests that one call causes, those of retries and hedges included, and the chance that it succeeds. */
export interface Asked {
  readonly requests: number;
  readonly success: number;
}

/** Where following a list of steps reports what it meets. Rates are per second. */
export interface FlowSink {
  /** `together`: how many begin at once, in parallel branches. */
  compute(time: Distribution, rate: number, together: number): void;
  /** `aside`: the call is made because another one missed. */
  call(operation: number, keys: KeyStream, rate: number, aside: boolean, together: number): void;
  /** The step comes to be made. */
  made?(call: PlanCall, rate: number): void;
}

/** Follows the requests of every traffic through the plan. */
export function flowsOf(plan: Plan, rules: FlowRules, rateOf: (traffic: PlanTraffic) => number): Flows {
  const requests = plan.traffic.map((traffic) => ({
    operation: traffic.operation,
    traffic: traffic.index,
    keys: trafficKeys(traffic, rules.keySpace),
    rate: rateOf(traffic),
  }));
  return flowsFrom(plan, rules, requests);
}

/**
 * Follows calls of operations through the plan, callers before those they call.
 *
 * @param endsAt operations that are called, but not followed
 */
export function flowsFrom(
  plan: Plan,
  rules: FlowRules,
  requests: readonly (Stream & { readonly operation: number })[],
  endsAt: (operation: number) => boolean = () => false,
): Flows {
  const follower = new Follower(plan, rules);
  const streams: Stream[][] = plan.operations.map(() => []);
  const groups = plan.operations.map(() => new Map<number, number>());
  const calls = new Map<PlanCall, number>();
  const add = (operation: number, traffic: number, keys: KeyStream, rate: number, together: number): void => {
    if (rate === 0) return;
    groups[operation]!.set(together, (groups[operation]!.get(together) ?? 0) + rate);
    const reached = streams[operation]!;
    const at = reached.findIndex((s) => s.traffic === traffic && s.keys === keys);
    if (at < 0) reached.push({ traffic, keys, rate });
    else reached[at] = { traffic, keys, rate: reached[at]!.rate + rate };
  };
  for (const { operation, traffic, keys, rate } of requests) add(operation, traffic, keys, rate, 1);
  for (const index of callersFirst(plan)) {
    if (endsAt(index)) continue;
    for (const { traffic, keys, rate } of streams[index]!) {
      const { steps, forwards, among } = plan.operations[index]!;
      const passesOn = forwards !== null || among !== undefined;
      let served = rate * rules.served(index, keys, traffic);
      const follow = (many: number): number =>
        follower.follow(index, traffic, keys, many, {
          compute: ignore,
          call: (callee, calleeKeys, often, _aside, together) =>
            add(callee, traffic, calleeKeys, often, together),
          made: (call, often) => calls.set(call, (calls.get(call) ?? 0) + often),
        });
      // Who passes requests on asks about them before it decides which of them to refuse.
      if (passesOn && steps.length > 0) served *= follow(rate);
      for (const passed of passedOn(plan, rules, index, traffic, keys)) {
        for (const [together, share] of sharesOf(groups[index]!)) {
          add(passed.to, traffic, passed.keys, served * share * passed.probability, together);
        }
      }
      if (rules.afterwards !== false) {
        for (const later of messagesOf(plan, index, traffic, follower))
          add(later.to, traffic, keys, served * later.perMessage, 1);
      }
      if (!passesOn) follow(served);
    }
  }
  const rates = Float64Array.from(streams, (reached) => reached.reduce((sum, { rate }) => sum + rate, 0));
  return { rates, streams, groups, calls };
}

/** How often a message that an operation takes in is handed on, and comes to the dead letters, on average. */
export function messagesOf(
  plan: Plan,
  operation: number,
  traffic: number,
  follower: Follower,
): { readonly to: number; readonly perMessage: number }[] {
  return (plan.operations[operation]!.delivers ?? []).flatMap((to) => {
    const { attempts, deadLetters } = plan.operations[to]!.delivery!;
    // Where nothing ever succeeds, it is handed on without end.
    const loss = Math.min(1 - follower.success(to, traffic), ALL_BUT_NONE);
    const most = attempts ?? Number.POSITIVE_INFINITY;
    const deliveries = { to, perMessage: deliveriesPerMessage(loss, most) };
    const dead = deadLetterShare(loss, most);
    return deadLetters === null || dead === 0
      ? [deliveries]
      : [deliveries, { to: deadLetters, perMessage: dead }];
  });
}

/** The share of calls by how many come at once. */
export function sharesOf(groups: Groups): [number, number][] {
  const total = [...groups.values()].reduce((sum, rate) => sum + rate, 0);
  return [...groups].map(([together, rate]) => [together, rate / total]);
}

/** The keys that requests of a traffic carry. */
export function trafficKeys(traffic: PlanTraffic, keySpace: KeySpace): KeyStream {
  return keysOf(traffic.key, keySpace.none, null, keySpace);
}

/** The keys of a call made with `key` by a request with the keys `request`, after a call with keys `last`. */
export function keysOf(
  key: PlanKey | null,
  request: KeyStream,
  last: KeyStream | null,
  keySpace: KeySpace,
): KeyStream {
  switch (key?.from) {
    case undefined:
    case 'shard':
      return keySpace.none;
    case 'request':
      return request;
    case 'last':
      return last ?? request;
    case 'draw':
      return keySpace.drawn(key.data);
    case 'new':
      return keySpace.fresh(key.data);
    case 'missing':
      return keySpace.absent(key.data);
  }
}

/** Expected visits of each state of a journey, when a visit is survived with these probabilities. */
export function journeyVisits(
  states: readonly { readonly next: readonly { readonly state: number; readonly probability: number }[] }[],
  survives: readonly number[],
): number[] {
  // v = e₀ + Pᵀ·(survives ∘ v), by elimination; the walk ends, so that the pivots stay positive.
  const size = states.length;
  const rows = states.map((_, i) => {
    const row = new Array<number>(size + 1).fill(0);
    row[i] = 1;
    row[size] = i === 0 ? 1 : 0;
    return row;
  });
  states.forEach(({ next }, from) => {
    for (const { state, probability } of next) rows[state]![from]! -= probability * survives[from]!;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const factor = rows[i]![pivot]! / rows[pivot]![pivot]!;
      for (let j = pivot; factor !== 0 && j <= size; j++) rows[i]![j]! -= factor * rows[pivot]![j]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}

/** Probability that at least `needed` of independent trials succeed. */
export function atLeast(needed: number, chances: readonly number[]): number {
  const missing = chances.length - needed;
  const failures = new Array<number>(missing + 1).fill(0);
  failures[0] = 1;
  for (const chance of chances) {
    for (let j = missing; j >= 0; j--) {
      failures[j] = failures[j]! * chance + (j > 0 ? failures[j - 1]! * (1 - chance) : 0);
    }
  }
  return failures.reduce((sum, p) => sum + p, 0);
}

/** A share of failures at which the mean number of deliveries is still a number. */
const ALL_BUT_NONE = 1 - 1e-9;

const ignore = (): undefined => undefined;
const nowhere: FlowSink = { compute: ignore, call: ignore };

/** Follows requests through steps. A step after one that can fail is reached by those that did not. */
export class Follower {
  private readonly plan: Plan;
  private readonly rules: FlowRules;
  /** By operation and traffic. */
  private readonly successes = new Map<number, number>();

  constructor(plan: Plan, rules: FlowRules) {
    this.plan = plan;
    this.rules = rules;
  }

  /**
   * Reports what `rate` requests a second of a traffic for an operation do, that come so many at once; returns the share that
   * gets to the end.
   */
  follow(
    operation: number,
    traffic: number,
    keys: KeyStream,
    rate: number,
    sink: FlowSink,
    together = 1,
  ): number {
    const admitted = this.rules.admitted(operation);
    const { keys: request, probability } = this.rules.left?.(operation, keys) ?? { keys, probability: 1 };
    const scope: Scope = { traffic, request, last: null, aside: false, admitted, together };
    const done = this.run(this.plan.operations[operation]!.steps, scope, rate * probability, sink);
    return 1 - probability * (1 - done);
  }

  /** Chance that a call of the operation, for a request of the traffic, succeeds. */
  success(operation: number, traffic: number): number {
    const { plan, successes } = this;
    const nameOf = (of: number): number => of * plan.traffic.length + traffic;
    const known = successes.get(nameOf(operation));
    if (known !== undefined) return known;
    const isKnown = (of: number): boolean => successes.has(nameOf(of));
    // Those that it calls come first, so that a long chain of calls is no deep recursion.
    for (const each of calleesBefore(plan.operations, operation, isKnown, traffic)) {
      successes.set(nameOf(each), this.chance(each, traffic));
    }
    return successes.get(nameOf(operation))!;
  }

  private chance(operation: number, traffic: number): number {
    const { none } = this.rules.keySpace;
    const done =
      this.rules.served(operation, null, traffic) * this.follow(operation, traffic, none, 0, nowhere);
    const { forwards, among } = this.plan.operations[operation]!;
    if (forwards === null && among === undefined) return done;
    const passed = passedOn(this.plan, this.rules, operation, traffic, none).filter(({ aside }) => !aside);
    const onward = passed.reduce(
      (sum, { to, probability }) => sum + probability * this.success(to, traffic),
      0,
    );
    // What it answers itself succeeds; what no route takes does not.
    return done * (onward + answeredThere(this.rules, operation, none));
  }

  private run(steps: readonly PlanStep[], scope: Scope, rate: number, sink: FlowSink): number {
    let goingOn = 1;
    for (const step of steps) {
      if (goingOn === 0) return 0;
      const [share, last] = this.step(step, scope, rate * goingOn, sink);
      goingOn *= share;
      scope = { ...scope, last, together: 1 };
    }
    return goingOn;
  }

  private step(step: PlanStep, scope: Scope, rate: number, sink: FlowSink): [number, KeyStream | null] {
    const { last } = scope;
    switch (step.step) {
      case 'compute':
        sink.compute(step.time, rate, scope.together);
        return [scope.admitted, last];
      case 'wait':
        return [1, last];
      case 'fail':
        return [0, last];
      case 'call':
        return this.call(step, scope, rate, sink);
      case 'choose': {
        let taken = 0;
        let share = 0;
        for (const { probability, steps } of step.cases) {
          taken += probability;
          share += probability * this.run(steps, scope, rate * probability, sink);
        }
        return [share + Math.max(0, 1 - taken), last];
      }
      case 'once':
        return [this.run(step.steps, scope, rate, sink), last];
      case 'repeat': {
        const once = this.run(step.steps, scope, 0, nowhere);
        const times = once === 1 ? step.times : (1 - once ** step.times) / (1 - once);
        const together = times > 1 ? 1 : scope.together;
        // Where only the chance is asked for, once is enough: nested steps are not gone through again and again.
        if (sink !== nowhere) this.run(step.steps, { ...scope, together }, rate * times, sink);
        return [once ** step.times, last];
      }
      case 'fallback': {
        const done = this.run(step.steps, scope, rate, sink);
        if (done === 1) return [1, last];
        return [done + (1 - done) * this.run(step.otherwise, scope, rate * (1 - done), sink), last];
      }
      case 'parallel': {
        const firsts = step.branches.map(beginningOf);
        const chances = step.branches.map((branch, i) => {
          const alike = firsts[i] === null ? 1 : firsts.filter((first) => first === firsts[i]).length;
          return this.run(branch, { ...scope, together: scope.together * alike }, rate, sink);
        });
        return [atLeast(step.waitFor, chances), last];
      }
      case 'journey': {
        const survives = step.states.map(({ steps }) => this.run(steps, scope, 0, nowhere));
        const visits = journeyVisits(step.states, survives);
        let share = 0;
        step.states.forEach(({ steps, next }, i) => {
          if (sink !== nowhere) this.run(steps, { ...scope, together: 1 }, rate * visits[i]!, sink);
          const leaves = 1 - next.reduce((sum, n) => sum + n.probability, 0);
          share += visits[i]! * survives[i]! * Math.max(0, leaves);
        });
        return [Math.min(1, share), last];
      }
    }
  }

  private call(call: PlanCall, scope: Scope, rate: number, sink: FlowSink): [number, KeyStream] {
    const { keySpace, missed } = this.rules;
    const keys = keysOf(call.key, scope.request, scope.last, keySpace);
    const asked = this.rules.asked?.(call, scope.traffic) ?? null;
    sink.made?.(call, rate);
    sink.call(call.operation, keys, rate * (asked?.requests ?? 1), scope.aside, scope.together);
    const success = asked?.success ?? this.success(call.operation, scope.traffic);
    const behind = ({ keys: those }: Missed): Scope => {
      const request = scope.request === keys ? those : scope.request;
      return { ...scope, request, last: those, aside: true, together: 1 };
    };
    const refresh = call.onMiss.length === 0 ? null : (this.rules.refreshed?.(call.operation, keys) ?? null);
    if (refresh !== null && sink !== nowhere) {
      this.run(call.onMiss, behind(refresh), rate * success * refresh.probability, sink);
    }
    const miss = call.onMiss.length === 0 ? null : missed(call.operation, keys);
    if (miss === null || miss.probability === 0) return [success, keys];
    const filled = this.run(call.onMiss, behind(miss), rate * success * miss.probability, sink);
    return [success * (1 - miss.probability + miss.probability * filled), keys];
  }
}

/** What steps ask for as soon as they begin: the same text for the same queue; null where that is left open. */
function beginningOf([first]: readonly PlanStep[]): string | null {
  switch (first?.step) {
    case 'compute':
      return 'compute';
    case 'call':
      return `call ${first.operation}`;
    case 'repeat':
    case 'once':
    case 'fallback':
      return beginningOf(first.steps);
    case 'parallel':
      return beginningOf(first.branches[0] ?? []);
    default:
      return null;
  }
}

/** What a run of steps knows of keys. */
interface Scope {
  readonly traffic: number;
  readonly request: KeyStream;
  /** Of the call before. */
  readonly last: KeyStream | null;
  /** Within the steps of a miss. */
  readonly aside: boolean;
  readonly admitted: number;
  /** How many like it begin at the same moment. */
  readonly together: number;
}
