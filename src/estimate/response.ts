import { callersFirst } from '../design/call-order.ts';
import { callsWithin, reachedFrom } from '../design/callees.ts';
import { someStep } from '../design/inner-steps.ts';
import type { PlanCall, PlanOperation, PlanReach, PlanStep } from '../design/plan.ts';
import { within } from './activities.ts';
import { inOrder, oneOf } from './combined.ts';
import { connectionShares } from './connections.ts';
import { firstSuccesses } from './first-successes.ts';
import { type Asked, answeredThere, atLeast, keysOf, passedOn } from './flows.ts';
import { forkJoinFactor } from './fork-join-factor.ts';
import type { KeyStream } from './keys.ts';
import type { Activity, ReplicaModel } from './kind.ts';
import { type Law, mean, mixture, type Ordering, point, scaled, sum, zero } from './law/index.ts';
import { goingOut, type Response } from './outgoing.ts';
import { partOfBatch } from './part-of-batch.ts';
import { roundTrip, roundTripOfOutside, roundTripsToReplicas, tripsToFollowers } from './places.ts';
import { isProtected, protectedCall, repeats } from './protected-call.ts';
import { timeLaw } from './station.ts';
import type { Surroundings } from './surroundings.ts';
import { beforeBatch } from './waits.ts';
import { walk } from './walk.ts';

/** Waits of fewer than this are not worth a word. */
const HARDLY_EVER = 1e-4;
/** Nor is it that fewer fetches than this fail. */
const SELDOM_FAILS = 0.01;
/** Fewer are no chain that is too long to go down step by step. */
const MANY_OPERATIONS = 200;
const INDEPENDENT =
  'Parallel branches are taken for independent; those that queue together at the same moment are not quite, and the response is up to a quarter too long.';

const nothing: Response = { law: zero, success: 1 };
const noRoute: Response = { law: zero, success: 0 };

/** The time an operation takes, from what its steps and those they call take. Each is computed once. */
export class Responder {
  readonly ordering: Ordering;
  private readonly around: Surroundings;
  private readonly network: Law;
  private readonly known = new Map<string, Map<KeyStream, Response>>();
  private readonly trips = new Map<string, Law | null>();
  private begun = false;
  /** What became of calls that are made more than once, or not at all. */
  readonly asked = new Map<PlanCall, Asked>();
  /** Ways in which the responses are not exact. */
  readonly notes = new Set<string>();

  /** @param ordering how the longest of several times, and timely ones, are computed */
  constructor(around: Surroundings, ordering: Ordering) {
    this.around = around;
    this.ordering = ordering;
    this.network = timeLaw(around.plan.network.latency);
  }

  /** Of a request of this traffic, with these keys, to an operation. */
  of(operation: number, traffic: number, keys: KeyStream): Response {
    if (this.around.plan.operations.length > MANY_OPERATIONS && !this.begun) this.begin();
    const name = `${operation} ${traffic}`;
    let byKeys = this.known.get(name);
    if (byKeys === undefined) {
      byKeys = new Map();
      this.known.set(name, byKeys);
    }
    let response = byKeys.get(keys);
    if (response === undefined) {
      const request = new Request(this, this.around, this.network, operation, traffic);
      const { component } = this.around.plan.operations[operation]!;
      const activities = this.around.models[component]!.activities(this.around.plan.operations[operation]!);
      const silent = this.around.silent?.has(component) ?? false;
      response = silent ? { law: zero, success: 0 } : request.activities(activities, keys);
      byKeys.set(keys, response);
    }
    return response;
  }

  /** Those who are called come first, so that a long chain of calls is no deep recursion. */
  private begin(): void {
    this.begun = true;
    const { plan, streams } = this.around;
    for (const operation of callersFirst(plan).reverse()) {
      for (const { traffic, keys } of streams[operation]!) this.of(operation, traffic, keys);
    }
  }

  /** The network between two operations whose components do not stand together; null where they do. */
  roundTrip(caller: PlanOperation, callee: PlanOperation): Law | null {
    const { plan, models } = this.around;
    if (plan.places === undefined) return null;
    // Of one that stands where it is asked, it depends on who asks.
    const from = caller.asked === undefined ? caller.component : `${caller.index} for`;
    const name = `${from} ${callee.asked === undefined ? callee.component : 'here'}`;
    let law = this.trips.get(name);
    if (law === undefined) {
      law = roundTrip(plan, models, caller, callee);
      this.trips.set(name, law);
    }
    return law;
  }

  /** The way of a request that users make, and back, with what it takes to connect first. */
  reaching({ latency, connections }: PlanReach, caller: number, callee: PlanOperation): Law {
    const { plan, models, rates } = this.around;
    const name = `${caller} by users ${callee.component}`;
    let law = this.trips.get(name) ?? null;
    if (law === null) {
      const one = timeLaw(latency);
      const apart = roundTripOfOutside(plan, models, caller, callee);
      const trips = (count: number): Law =>
        sum(...Array.from({ length: count }, () => [one, one, ...(apart === null ? [] : [apart])]).flat());
      law = trips(1);
      if (connections !== null) {
        const { roundTrips, resumedRoundTrips } = connections;
        const asked = plan.components[caller]!.operations.reduce((total, each) => total + rates[each]!, 0);
        const { opened, resumed } = connectionShares(asked, connections);
        const connecting = mixture([
          { weight: 1 - opened, of: zero },
          { weight: opened - resumed, of: trips(roundTrips) },
          { weight: resumed, of: trips(resumedRoundTrips) },
        ]);
        law = sum(connecting, law);
      }
      this.trips.set(name, law);
    }
    return law;
  }

  /** When the needed number of them has succeeded, given that so many do. */
  firstOf(responses: readonly Response[], needed: number): Law {
    return firstSuccesses(responses, needed, this.ordering, this.notes);
  }

  /** What a request spends while it holds a station, without waiting for it. */
  during(operation: number, traffic: number, keys: KeyStream, during: readonly Activity[]): Response {
    return new Request(this, this.around, this.network, operation, traffic).activities(during, keys);
  }
}

/** A request of one traffic in one operation. */
class Request {
  private readonly responder: Responder;
  private readonly around: Surroundings;
  private readonly network: Law;
  private readonly operation: number;
  private readonly component: number;
  private readonly traffic: number;

  constructor(responder: Responder, around: Surroundings, network: Law, operation: number, traffic: number) {
    this.responder = responder;
    this.around = around;
    this.network = network;
    this.operation = operation;
    this.component = around.plan.operations[operation]!.component;
    this.traffic = traffic;
  }

  activities(activities: readonly Activity[], keys: KeyStream): Response {
    return inOrder(activities.map((activity) => this.activity(activity, keys)));
  }

  private activity(activity: Activity, keys: KeyStream): Response {
    const { plan, slots, rules } = this.around;
    switch (activity.does) {
      case 'visit':
        return this.visit(activity.station, timeLaw(activity.time));
      case 'wait':
        return { law: timeLaw(activity.time), success: 1 };
      case 'either':
        return oneOf(
          activity.cases.map((each) => ({ ...each, response: this.activities(each.activities, keys) })),
        );
      case 'pin': {
        const share = rules.pinned?.(this.component, keys).pinned.probability ?? 0;
        const cases = within(activity, share).map(({ times, activities }) => ({
          probability: times,
          response: this.activities(activities, keys),
        }));
        return oneOf(cases);
      }
      case 'afterwards':
        return nothing;
      case 'confirm':
        return this.confirmation(activity.by);
      case 'batch': {
        const work = this.activities(activity.work, keys);
        const size = slots[this.component]![activity.station]?.batch?.size ?? activity.most;
        return { ...work, law: sum(partOfBatch(activity.each, size), work.law) };
      }
      case 'hold': {
        const inside = this.activities(activity.during, keys);
        const slot = slots[this.component]![activity.station] ?? null;
        if (slot === null) return inside;
        return { law: sum(slot.wait, inside.law), success: inside.success * (1 - slot.loss) };
      }
      case 'steps': {
        const left = this.around.rules.left?.(this.operation, keys) ?? null;
        const { steps } = plan.operations[this.operation]!;
        const { response } = this.steps(steps, activity.compute, left?.keys ?? keys, null);
        if (left === null) return response;
        const kept = { probability: 1 - left.probability, response: nothing };
        this.noteFailedFetches(this.component, response);
        return oneOf([{ probability: left.probability, response }, kept]);
      }
      case 'limit':
      case 'quota':
      case 'fail':
        return { law: zero, success: rules.passes?.(this.component, activity, keys, this.traffic) ?? 1 };
      case 'forward':
        if (!activity.near) return this.passOn(keys);
        return this.responder.of(this.around.plan.operations[this.operation]!.forwards!, this.traffic, keys);
    }
  }

  private visit(station: number, time: Law): Response {
    const state = this.around.stations[this.component]![station]!;
    const { priority } = this.around.plan.traffic[this.traffic]!;
    return { law: state?.sojourn(time, this.traffic, priority) ?? time, success: 1 - (state?.loss ?? 0) };
  }

  /** The time until as many followers as have to have said that they have a write. */
  private confirmation(by: number): Response {
    const ways = tripsToFollowers(this.around.plan, this.around.models, this.component, this.network);
    const laws = ways.map(({ share, trips }) => {
      const heard = trips.map((law) => ({ law, success: 1 }));
      return { weight: share, of: this.responder.firstOf(heard, by) };
    });
    return { law: mixture(laws), success: 1 };
  }

  private passOn(keys: KeyStream): Response {
    const { plan, rules, models } = this.around;
    const isCached = models[this.component]!.edge?.lookups.includes(this.operation) ?? false;
    const waited = passedOn(plan, rules, this.operation, this.traffic, keys).filter(({ aside }) => !aside);
    if (waited.length === 1 && waited[0]!.probability === 1 && waited[0]!.detour === undefined) {
      return this.exchange(waited[0]!.to, waited[0]!.keys);
    }
    const cases = waited.flatMap(({ to, keys: those, probability, detour }) => {
      const there = probability > 0 ? this.exchange(to, those) : nothing;
      if (isCached) this.noteFailedFetches(this.component, there);
      if (detour === undefined) return [{ probability, response: there }];
      const law = sum(this.network, timeLaw(models[this.component]!.edge!.shieldTime), this.network);
      const shield = { law, success: 1 };
      return [
        { probability, response: inOrder([shield, there]) },
        { probability: detour - probability, response: shield },
      ];
    });
    const rest = Math.max(0, 1 - cases.reduce((total, { probability }) => total + probability, 0));
    const routed = plan.operations[this.operation]!.among !== undefined;
    // What is neither passed on nor answered here has no route, and fails at once.
    const lost = routed ? Math.max(0, rest - answeredThere(rules, this.operation, keys)) : 0;
    if (lost < rest || !routed) cases.push({ probability: rest - lost, response: nothing });
    return oneOf(routed ? [...cases, { probability: lost, response: noRoute }] : cases);
  }

  private exchange(operation: number, keys: KeyStream, reach?: PlanReach): Response {
    const { replicas } = this.around.models[this.around.plan.operations[operation]!.component]!;
    if (replicas === undefined) return this.exchangeWithOne(operation, keys, reach);
    return this.exchangeWithReplicas(operation, keys, reach, replicas);
  }

  /** All replicas of a group are asked at once; those that stand elsewhere answer later. */
  private exchangeWithReplicas(
    operation: number,
    keys: KeyStream,
    reach: PlanReach | undefined,
    { each, needed }: ReplicaModel,
  ): Response {
    const { plan, models } = this.around;
    const callee = plan.operations[operation]!;
    const one = this.exchangeWithOne(operation, keys, reach);
    const least = needed(callee);
    const all = new Array<number>(each).fill(one.success);
    const answered = { success: atLeast(least, all), failing: one.failing ?? 0 };
    const ways =
      reach === undefined
        ? roundTripsToReplicas(plan, models, plan.operations[this.operation]!, callee)
        : null;
    const { law } = this.responder.of(operation, this.traffic, keys);
    const cases = ways ?? [{ share: 1, trips: null }];
    const laws = cases.map(({ share, trips }) => {
      const outcomes = all.map((success, replica) => ({
        law: trips === null ? one.law : sum(trips[replica]!, law),
        success,
      }));
      return { weight: share, of: this.responder.firstOf(outcomes, least) };
    });
    return { law: laws.length === 1 ? laws[0]!.of : mixture(laws), ...answered };
  }

  private exchangeWithOne(operation: number, keys: KeyStream, reach?: PlanReach): Response {
    const { law, success, failing } = this.responder.of(operation, this.traffic, keys);
    const { plan } = this.around;
    if (reach !== undefined) {
      const both = this.responder.reaching(reach, this.component, plan.operations[operation]!);
      const away = success < 1 ? (failing ?? 0) + mean(both) : 0;
      return { law: sum(both, law), success, failing: away };
    }
    const apart = this.responder.roundTrip(plan.operations[this.operation]!, plan.operations[operation]!);
    if (apart === null) {
      const away = success < 1 ? (failing ?? 0) + 2 * mean(this.network) : 0;
      return { law: sum(this.network, law, this.network), success, failing: away };
    }
    const away = success < 1 ? (failing ?? 0) + mean(apart) : 0;
    return { law: sum(apart, law), success, failing: away };
  }

  private steps(
    steps: readonly PlanStep[],
    cpu: number,
    request: KeyStream,
    last: KeyStream | null,
  ): { readonly response: Response; readonly last: KeyStream | null } {
    const parts: Response[] = [];
    for (const step of steps) {
      if (step.step === 'call') {
        const keys = keysOf(step.key, request, last, this.around.rules.keySpace);
        parts.push(this.call(step, cpu, request, keys));
        last = keys;
      } else parts.push(this.step(step, cpu, request, last));
    }
    return { response: inOrder(parts), last };
  }

  private step(
    step: Exclude<PlanStep, PlanCall>,
    cpu: number,
    request: KeyStream,
    last: KeyStream | null,
  ): Response {
    const run = (steps: readonly PlanStep[]): Response => this.steps(steps, cpu, request, last).response;
    switch (step.step) {
      case 'compute':
        return this.visit(cpu, timeLaw(step.time));
      case 'wait':
        return { law: timeLaw(step.time), success: 1 };
      case 'fail':
        return { law: zero, success: 0 };
      case 'once':
        return run(step.steps);
      case 'repeat': {
        const once = run(step.steps);
        return {
          law: this.responder.ordering.again(once.law, step.times),
          success: once.success ** step.times,
        };
      }
      case 'choose': {
        const cases = step.cases.map(({ probability, steps }) => ({ probability, response: run(steps) }));
        const taken = cases.reduce((total, { probability }) => total + probability, 0);
        return oneOf([...cases, { probability: Math.max(0, 1 - taken), response: nothing }]);
      }
      case 'fallback': {
        const done = run(step.steps);
        if (done.success === 1) return done;
        const instead = run(step.otherwise);
        const after = { ...instead, law: sum(point(done.failing ?? 0), instead.law) };
        return oneOf([
          { probability: 1, response: done },
          { probability: 1 - done.success, response: after },
        ]);
      }
      case 'parallel':
        return (
          this.oneByOne(step.branches, step.waitFor, cpu) ??
          this.parallel(step.branches, step.branches.map(run), step.waitFor)
        );
      case 'journey':
        return walk(step.states.map(({ steps, next }) => ({ ...run(steps), next })));
    }
  }

  private call(call: PlanCall, cpu: number, request: KeyStream, keys: KeyStream): Response {
    const { rules, models } = this.around;
    const { outgoing } = models[this.component]!;
    let asked = this.exchange(call.operation, keys, call.reach);
    if (outgoing !== undefined)
      asked = goingOut(outgoing, this.visit(outgoing.station, timeLaw(outgoing.time)), asked);
    if (isProtected(call)) {
      const { law, success } = asked;
      const made = protectedCall(call, law, success, this.rateOf(call), this.responder.ordering);
      if (repeats(call)) this.responder.asked.set(call, made);
      asked = made;
    }
    const miss = call.onMiss.length === 0 ? null : rules.missed(call.operation, keys);
    if (miss === null || miss.probability === 0) return asked;
    const behind = this.steps(call.onMiss, cpu, request === keys ? miss.keys : request, miss.keys).response;
    this.noteFailedFetches(this.around.plan.operations[call.operation]!.component, behind);
    return inOrder([
      asked,
      oneOf([
        { probability: 1 - miss.probability, response: nothing },
        { probability: miss.probability, response: behind },
      ]),
    ]);
  }

  /** Hit ratios are those of fetches that succeed: what fails is not kept, and misses again. */
  private noteFailedFetches(cache: number, { success }: Response): void {
    if (success > 1 - SELDOM_FAILS) return;
    const { name } = this.around.plan.components[cache]!;
    this.responder.notes.add(
      `${name}: fetches that fail are not kept, and whoever asks next fetches again; the true hit ratio is lower.`,
    );
  }

  /** How often a second each instance of the caller makes a call. */
  private rateOf(call: PlanCall): number {
    const { calls, models, plan } = this.around;
    const own = plan.operations[this.operation]!;
    const place = [...callsWithin(own.steps)].indexOf(call);
    // Operations that differ in the headers of their requests are one to what protects the call.
    const alike = plan.components[this.component]!.operations.filter(
      (o) => plan.operations[o]!.name === own.name,
    );
    const rate = alike.reduce((sum, operation) => {
      const step = [...callsWithin(plan.operations[operation]!.steps)][place];
      return step === undefined ? sum : sum + (calls.get(step) ?? 0);
    }, 0);
    return rate / models[this.component]!.instances;
  }

  /** Branches that only compute, on one core in order: the last is over when all are. Null where it is else. */
  private oneByOne(branches: readonly (readonly PlanStep[])[], needed: number, cpu: number): Response | null {
    const { load, time, offered, capacity, loss = 0 } = this.around.stations[this.component]![cpu] ?? {};
    const { process, servers, discipline, places } = load ?? {};
    if (time === undefined || !process?.whole || servers !== 1 || discipline !== 'fifo') return null;
    if (needed < branches.length || places !== null || !(offered! < capacity!)) return null;
    const own: Law[] = [];
    for (const [step, ...more] of branches) {
      if (step?.step !== 'compute' || more.length > 0) return null;
      own.push(timeLaw(step.time));
    }
    const before = beforeBatch(process.batch, time, offered! / capacity!);
    return { law: sum(before, ...own), success: (1 - loss) ** own.length };
  }

  private parallel(
    branches: readonly (readonly PlanStep[])[],
    responses: readonly Response[],
    needed: number,
  ): Response {
    const success = atLeast(
      needed,
      responses.map((r) => r.success),
    );
    const all = this.responder.firstOf(responses, needed);
    const factor =
      needed === branches.length ? forkJoinFactor(this.around, this.operation, branches, responses) : null;
    if (factor === null) {
      if (branches.some((branch) => this.queues(branch))) this.responder.notes.add(INDEPENDENT);
      return { law: all, success };
    }
    this.responder.notes.add(
      branches.length === 2
        ? 'Two parallel queues: the mean is exact (Flatto & Hahn 1984), percentiles are those of independent queues stretched to that mean.'
        : 'Parallel queues: the mean is by Nelson & Tantawi 1988, within 5 %, percentiles are stretched to it.',
    );
    return { law: scaled(all, factor), success };
  }

  /** Whether anything that the steps ask for is waited for. */
  private queues(steps: readonly PlanStep[]): boolean {
    const { plan, stations, slots } = this.around;
    const busy = (component: number): boolean =>
      [...stations[component]!, ...slots[component]!].some((s) => s !== null && s.delayed > HARDLY_EVER);
    const asked = [...callsWithin(steps)].flatMap(({ operation }) => [
      ...reachedFrom(plan.operations, operation),
    ]);
    const computes = someStep(steps, ({ step }) => step === 'compute');
    return (
      (computes && busy(this.component)) || asked.some((index) => busy(plan.operations[index]!.component))
    );
  }
}
