import { callsWithin, reachedFrom } from '../design/callees.ts';
import type { Plan, PlanCall, PlanTraffic } from '../design/plan.ts';
import { passing } from './activities.ts';
import { dispersionsOf } from './dispersion.ts';
import { type Effort, orderings, settledAt } from './effort.ts';
import { type Asked, type FlowRules, type Flows, flowsOf, trafficKeys } from './flows.ts';
import { frontMisses, passedByEdge } from './fronts.ts';
import { isGate } from './gate.ts';
import { Gates } from './gates.ts';
import { KeySpace, type KeyStream } from './keys.ts';
import type { Activity, ComponentModel, EdgeMisses } from './kind.ts';
import { mean, type Ordering, roughly, sum } from './law/index.ts';
import { Limits } from './limits.ts';
import { killsMatter, poolsOf } from './models.ts';
import { shareText } from './numbers.ts';
import type { Response } from './outgoing.ts';
import { OwnCopies } from './own-copies.ts';
import { Pins } from './pins.ts';
import { classesOfShards, type ShardLoads, shardLoads } from './placed.ts';
import { roundTripOfUsers } from './places.ts';
import { repeats } from './protected-call.ts';
import { queuesOf } from './queues.ts';
import { Relaxed } from './relaxed.ts';
import { Responder } from './response.ts';
import { classesOf } from './shares.ts';
import type { Balancing, ComponentSpread, Solution, SolvedStation, TrafficResponse } from './solution.ts';
import { sparedOf } from './spared.ts';
import { looksAtLoad, spreadsOf, takenFor } from './spreads.ts';
import { relieved, type StationState, solveStation } from './station.ts';
import type { Surroundings } from './surroundings.ts';
import { solveUneven } from './uneven.ts';
import { type Visits, visitsOf } from './visits.ts';
import type { StationLoad } from './waits.ts';

/** Rounds from one set of rates, and in all. */
const ROUNDS_MAX = 60;
const ROUNDS_IN_ALL_MAX = 240;
const UNSETTLED =
  'Rates, hit ratios and waits that depend on each other did not settle; the figures are those of the last round.';

/**
 * Waits that are known beforehand: those of the stations that closed traffic visits. Null where the station is
 * to be solved as usual.
 */
export type KnownWaits = (component: number, station: number, load: StationLoad) => StationState | null;

/**
 * Solves a design under given rates: which requests reach which component, how long they wait there, how long
 * all of it takes. What depends on each other (hit ratios and rates, workers held through waits elsewhere,
 * requests turned away) is found by going round until nothing moves; only means and variances go round.
 */
export class Solver {
  private readonly plan: Plan;
  private readonly models: readonly ComponentModel[];
  private readonly trafficRates: readonly number[];
  private readonly ownCopies: OwnCopies;
  private readonly balancing: Balancing;
  private readonly effort: Effort;
  private readonly known: KnownWaits;
  private readonly keySpace: KeySpace;
  private readonly lookups: ReadonlyMap<number, number>;
  private misses: (EdgeMisses | null)[];
  private readonly filled: boolean[];
  private readonly relaxed = new Relaxed();
  /** Whether any call may be made more than once. */
  private readonly repeating: boolean;
  /** Calls that are made more than once, as of the round before. */
  private asked: ReadonlyMap<PlanCall, Asked> = new Map();
  private rounds = 0;
  private settled = true;
  private readonly gates: Gates;
  private readonly pins: Pins;
  private readonly limits: Limits;
  private stations: (StationState | null)[][];
  private readonly notes = new Set<string>();

  /** @param rates requests per second by traffic; where they are changed, the next `settle` goes on from there */
  constructor(
    plan: Plan,
    models: readonly ComponentModel[],
    rates: readonly number[],
    balancing: Balancing,
    effort: Effort,
    known: KnownWaits = () => null,
  ) {
    this.effort = effort;
    this.known = known;
    this.plan = plan;
    this.models = models;
    this.trafficRates = rates;
    this.balancing = balancing;
    this.keySpace = new KeySpace(plan.data);
    this.ownCopies = new OwnCopies(plan, models, this.keySpace);
    this.repeating = plan.operations.some(({ steps }) => [...callsWithin(steps)].some(repeats));
    this.lookups = new Map(models.flatMap(({ front }, c) => (front ? [[front.lookup, c] as const] : [])));
    this.misses = models.map(() => null);
    this.filled = models.map(() => false);
    this.gates = new Gates(plan, models, this.keySpace);
    this.pins = new Pins(plan, models, this.keySpace);
    this.limits = new Limits(plan, models, rates, balancing, this.relaxed);
    this.stations = models.map(({ stations }) => stations.map(() => null));
  }

  /** Goes round until nothing moves. */
  settle(): void {
    let before = this.state();
    for (let round = 1; round <= ROUNDS_MAX && this.rounds < ROUNDS_IN_ALL_MAX; round++) {
      this.rounds++;
      this.round();
      const after = this.state();
      this.settled = difference(before, after) < settledAt[this.effort];
      if (this.settled) return;
      before = after;
    }
  }

  /** The stations as they are now, by component. */
  get states(): readonly (readonly (StationState | null)[])[] {
    return this.stations;
  }

  /** Mean response of a traffic as things are now, users' patience left aside. */
  meanResponse({ index, operation }: PlanTraffic): number {
    const rules = this.rules();
    const responder = new Responder(this.around(this.flows(rules), rules), roughly);
    const { law } = responder.of(operation, index, trafficKeys(this.plan.traffic[index]!, this.keySpace));
    const trip = roundTripOfUsers(this.plan, this.models, index);
    return mean(trip === null ? law : sum(trip, law));
  }

  private flows(rules: FlowRules): Flows {
    return flowsOf(this.plan, rules, ({ index }) => this.trafficRates[index]!);
  }

  /** Everything that one round takes from the one before. */
  private state(): State {
    const waiting = [...this.limits.slots, ...this.stations].flat().filter((s) => s !== null);
    return {
      shares: [
        Float64Array.from([...this.asked.values()].flatMap(({ requests, success }) => [requests, success])),
        ...this.misses.flatMap((m) =>
          m === null ? [] : [m.byClass, ...(m.shield === undefined ? [] : [m.shield.byClass])],
        ),
        Float64Array.from(waiting, (s) => s.loss),
        ...this.gates.state,
        ...this.pins.state,
      ],
      waits: waiting.map((s) => mean(s.wait)),
    };
  }

  private round(): void {
    const rules = this.rules();
    const flows = this.flows(rules);
    this.gates.update(flows);
    this.pins.update(flows);
    this.misses = frontMisses(this.models, flows, this.keySpace, this.filled);
    const spreads = spreadsOf(this.plan, this.models, flows, this.keySpace);
    const visits = this.visits(flows, rules);
    this.stations = this.models.map((model, component) =>
      model.stations.map((_, s) =>
        this.station(component, s, visits[component]![s]!, spreads[component]!, flows),
      ),
    );
    const responder = new Responder(this.around(flows, rules), roughly);
    if (this.repeating) {
      // Puts all responses together, and with them what becomes of calls that are made more than once.
      for (const traffic of this.plan.traffic) {
        responder.of(traffic.operation, traffic.index, trafficKeys(traffic, this.keySpace));
      }
    }
    const loss = (component: number, station: number) => this.loss(component, station);
    this.limits.round({ rules, visits, spreads, stations: this.stations, responder, loss });
    this.models.forEach(({ stations }, component) => {
      stations.forEach((_, s) => {
        const { loss } = this.limits.slots[component]![s] ?? this.stations[component]![s] ?? { loss: 0 };
        this.relaxed.give(`loss ${component} ${s}`, loss);
      });
    });
    this.asked = responder.asked;
  }

  /** What came of it, with laws in place of means. */
  solution(): Solution {
    const { plan, models, misses } = this;
    const rules = this.rules();
    const flows = this.flows(rules);
    const visits = this.visits(flows, rules);
    const responder = new Responder(this.around(flows, rules), orderings[this.effort]);
    const stations = models.map((model, component) =>
      model.stations.map((_, s) => this.solved(component, s, visits[component]![s]!, responder, flows)),
    );
    const around = this.around(flows, rules);
    const responses = plan.traffic.map((traffic) =>
      this.trafficResponse(traffic, this.reached(traffic.index, flows), stations, around, responder),
    );
    const spreads = spreadsOf(plan, models, flows, this.keySpace);
    const queues = queuesOf(plan, flows, rules, responder, stations);
    return {
      plan,
      models,
      flows,
      rules,
      misses,
      stations,
      responses,
      queues,
      spreads,
      notes: [...(this.settled ? [] : [UNSETTLED]), ...this.limits.notes, ...this.notes, ...responder.notes],
    };
  }

  private trafficResponse(
    traffic: PlanTraffic,
    reached: readonly number[],
    stations: readonly (readonly SolvedStation[])[],
    around: Surroundings,
    responder: Responder,
  ): TrafficResponse {
    const { index, operation, name, timeout } = traffic;
    const { keySpace, plan } = this;
    const rate = this.trafficRates[index]!;
    const passing = ({ state, capacity, offered }: SolvedStation): number =>
      state?.passes(traffic.priority) ?? capacity / offered;
    const tightAt = (c: number): SolvedStation[] =>
      stations[c]!.filter(
        ({ stable, state }, s) =>
          !stable && !this.models[c]!.stations[s]!.aside && !state?.serves(traffic.priority),
      );
    const full = reached.filter((c) => tightAt(c).length > 0);
    const tight = full.flatMap(tightAt);
    const names = tight.map((s) => s.name);
    const killed = reached.some((c) => killsMatter(this.models[c]!, stations[c]!));
    const controlled = killed || tight.some(({ control }) => control !== null);
    const answer = (by: Responder): Response => {
      const response = by.of(operation, index, trafficKeys(traffic, keySpace));
      const trip = roundTripOfUsers(plan, this.models, index);
      const whole = trip === null ? response : { ...response, law: sum(trip, response.law) };
      return inTime(whole, timeout, by.ordering);
    };
    const unharmed = { rate, passes: 1, spared: 1, overloaded: [], controlled: killed };
    if (full.length === 0) return { ...answer(responder), ...unharmed };
    const holding = reached.filter((c) => this.limits.at(c));
    const { share, silent } = sparedOf(plan, index, keySpace, full, holding);
    if (share > 1 - 1e-9) {
      this.notes.add(`${name}: does without ${names.join(' and ')}; its figures are those of what answers.`);
      const without = new Responder({ ...around, silent }, responder.ordering);
      return { ...answer(without), ...unharmed };
    }
    if (share > 1e-9) {
      this.notes.add(
        `${name}: ${shareText(share)} of its requests do without ${names.join(' and ')}; how long these take is not estimated.`,
      );
    }
    // Queues that grow without end are longer than any patience, unless the last to come are the first served.
    const inVain = timeout !== null && tight.some(({ state }) => state?.load.discipline !== 'lifo');
    const through = inVain ? 0 : Math.min(1, ...tight.map(passing));
    const passes = share + (1 - share) * through;
    return { ...answer(responder), rate, passes, spared: share, overloaded: names, controlled };
  }

  private rules(): FlowRules {
    const { keySpace, misses, lookups } = this;
    return {
      keySpace,
      left: (operation, keys) => this.ownCopies.left(operation, keys, this.trafficRates),
      served: (operation, keys, traffic) => 1 - this.refused(operation, keys, traffic),
      passes: (component, gate, keys, traffic) => this.gates.share(component, gate, keys, traffic),
      pinned: (component, keys) => this.pins.of(component, keys),
      admitted: (operation) => 1 - this.refusedWork(operation),
      asked: (call) => this.asked.get(call) ?? null,
      missed: (operation, keys) => {
        const component = lookups.get(operation);
        if (component === undefined) return null;
        const known = misses[component];
        if (known == null) return { probability: 1, keys };
        return keySpace.missed(keys, this.models[component]!.front!.holds, known.byClass);
      },
      passed: (operation, keys) => {
        const { component } = this.plan.operations[operation]!;
        const { edge } = this.models[component]!;
        const known = misses[component];
        if (edge === undefined || known == null || !edge.lookups.includes(operation)) return null;
        return passedByEdge(keys, edge.holds, known, keySpace);
      },
      refreshed: (operation, keys) => {
        const component = lookups.get(operation);
        const refreshes = component === undefined ? undefined : misses[component]?.refreshes;
        const held = component === undefined ? null : this.models[component]!.front!.holds;
        if (refreshes === undefined || keys.keys !== 'drawn' || keys.data !== held) return null;
        return keySpace.missed(keys, held, refreshes);
      },
    };
  }

  /** Chance that a request is turned away at the door of the component, or by what the kind itself does. */
  private refused(operation: number, keys: KeyStream | null, traffic: number): number {
    const { component } = this.plan.operations[operation]!;
    const activities = this.models[component]!.activities(this.plan.operations[operation]!);
    const passes = (each: Activity): number => {
      if (each.does === 'hold' || each.does === 'visit') return 1 - this.loss(component, each.station);
      return isGate(each) ? this.gates.share(component, each, keys, traffic) : 1;
    };
    return 1 - passing(activities, this.pins.of(component, keys).pinned.probability, passes);
  }

  /** Chance that a `compute` step is turned away. */
  private refusedWork(operation: number): number {
    const { component } = this.plan.operations[operation]!;
    for (const activity of this.models[component]!.activities(this.plan.operations[operation]!)) {
      const inner = activity.does === 'hold' ? activity.during : [activity];
      for (const each of inner) {
        if (each.does === 'steps') return this.loss(component, each.compute);
      }
    }
    return 0;
  }

  /** Share of those who come to a station that are turned away. */
  private loss(component: number, station: number): number {
    return this.relaxed.get(`loss ${component} ${station}`);
  }

  private around(flows: Flows, rules: FlowRules): Surroundings {
    const { plan, models, stations, limits } = this;
    return { plan, models, stations, slots: limits.slots, rules, ...flows };
  }

  private visits(flows: Flows, rules: FlowRules): Visits[][] {
    const turnedAway = (component: number, station: number) => this.loss(component, station);
    const { plan, models, trafficRates, stations } = this;
    const dispersions = dispersionsOf(plan, models, flows, rules, trafficRates, stations);
    return visitsOf(plan, models, flows, rules, trafficRates, turnedAway, dispersions);
  }

  private station(
    component: number,
    station: number,
    visits: Visits,
    choosing: ComponentSpread,
    flows: Flows,
  ): StationState | null {
    if (visits.holds.length > 0) return null;
    const { stations, placement } = this.models[component]!;
    const instances = poolsOf(this.models[component]!, station);
    const { servers, places, discipline, speeds, control } = stations[station]!;
    const { spread, choices, weights } = choosing;
    const taken = takenFor(spread, this.balancing);
    const joined = taken === null ? instances : 1;
    const load: StationLoad = {
      pools: instances / joined,
      servers: servers === null ? null : servers * joined,
      places: places === null ? null : places * joined,
      discipline,
      ...(control !== undefined && { controlled: true }),
      spread: taken ?? 'random',
      ...(choices !== undefined && { choices }),
      uses: visits.uses,
      dispersion: visits.dispersion,
      process: visits.process,
      byTraffic: visits.byTraffic,
    };
    const placed = placement !== undefined && instances > 1 && servers !== null;
    // Each shard has limits of its own, and where these are wide enough for the hottest nothing changes its queue.
    const relief = placed ? null : this.limits.relief(component, station);
    const known = (of: StationLoad) => this.known(component, station, of);
    const solve = (of: StationLoad): StationState => {
      const given = known(of);
      if (given !== null) return given;
      const state = solveStation(of);
      return relief === null || state.offered === 0 ? state : relieved(state, relief);
    };
    const { classes, reaches } = placed
      ? classesOfShards(this.shardLoads(component, station, flows), instances / placement.shards)
      : { classes: classesOf(instances, speeds, weights) };
    const { [0]: first, length } = classes;
    if (servers === null || (length === 1 && first!.speed === 1)) return solve(load);
    const apart = taken !== null && !looksAtLoad(taken);
    const uneven = {
      classes,
      choosing,
      servers,
      apart: apart && relief === null,
      ...(reaches && { reaches }),
    };
    return solveUneven(load, uneven, known, solve);
  }

  private shardLoads(component: number, station: number, { streams }: Flows): ShardLoads {
    const { plan, keySpace } = this;
    const model = this.models[component]!;
    const classesOf = (data: number) => keySpace.classes(data);
    const pinned = (of: number, keys: KeyStream) => this.pins.of(of, keys);
    return shardLoads(component, station, model.placement!, { plan, model, streams, classesOf, pinned });
  }

  private solved(
    component: number,
    s: number,
    visits: Visits,
    responder: Responder,
    flows: Flows,
  ): SolvedStation {
    const { stations, placement, replicas } = this.models[component]!;
    const { name, servers, control = null } = stations[s]!;
    // What is solved is one replica of each group.
    const alike = replicas?.each ?? 1;
    const instances = alike * poolsOf(this.models[component]!, s);
    const state = this.stations[component]![s] ?? null;
    const slot = this.limits.slots[component]![s] ?? null;
    const shards = visits.holds.length === 0 && placement !== undefined ? placement.shards : 1;
    const hottest = shards > 1 ? Math.max(...this.shardLoads(component, s, flows).work) : 1;
    const base = {
      ...(shards > 1 && { hottest: (hottest * shards) / instances }),
      name: `${this.plan.components[component]!.name}.${name}`,
      instances,
      servers: servers === null ? null : servers * instances,
      state,
      slot,
      control,
    };
    if (slot === null) {
      const { offered = 0, accepted = 0, service = 0, stable = true, busy } = state ?? {};
      return {
        ...base,
        ...(busy !== undefined && { busy }),
        offered: alike * offered,
        accepted: alike * accepted,
        service,
        stable,
        capacity: alike * (state?.capacity ?? Number.POSITIVE_INFINITY),
      };
    }
    const offered = visits.holds.reduce((total, { rate }) => total + rate, 0);
    const service = visits.holds.reduce(
      (total, { operation, traffic, keys, during, rate }) =>
        total + (rate / offered) * mean(responder.during(operation, traffic, keys, during).law),
      0,
    );
    const { accepted, stable, capacity } = slot;
    return {
      ...base,
      offered: alike * offered,
      accepted: alike * accepted,
      service,
      stable,
      capacity: alike * capacity,
    };
  }

  /** Components that requests of a traffic reach. */
  private reached(traffic: number, flows: Flows): number[] {
    const components = new Set<number>();
    // What is done with its messages afterwards, a request does not wait for.
    const waited = reachedFrom(this.plan.operations, this.plan.traffic[traffic]!.operation);
    this.plan.operations.forEach(({ component }, o) => {
      if (waited.has(o) && flows.streams[o]!.some((s) => s.traffic === traffic)) components.add(component);
    });
    return [...components];
  }
}

/** Late success is not success: what users get who give up after a time. */
function inTime(response: Response, timeout: number | null, ordering: Ordering): Response {
  if (timeout === null) return response;
  const { law, share } = ordering.within(response.law, timeout);
  return { law, success: response.success * share };
}

/** What one round takes from the one before. */
interface State {
  /** Probabilities of a miss, and of being turned away. */
  readonly shares: readonly Float64Array[];
  /** Mean waits, seconds. */
  readonly waits: readonly number[];
}

/** Largest difference of two states, of waits relative to their sum; Infinity where they do not match. */
function difference(before: State, after: State): number {
  if (before.waits.length !== after.waits.length || before.shares.length !== after.shares.length) {
    return Number.POSITIVE_INFINITY;
  }
  let most = 0;
  for (const [i, shares] of after.shares.entries()) {
    const old = before.shares[i]!;
    if (old.length !== shares.length) return Number.POSITIVE_INFINITY;
    for (let j = 0; j < shares.length; j++) most = Math.max(most, Math.abs(shares[j]! - old[j]!));
  }
  const total = after.waits.reduce((sum, wait) => sum + (Number.isFinite(wait) ? wait : 0), 0) || 1;
  for (const [i, wait] of after.waits.entries()) {
    const old = before.waits[i]!;
    if (wait !== old) most = Math.max(most, Math.abs(wait - old) / total);
  }
  return most;
}
