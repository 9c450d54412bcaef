import { callersFirst } from '../design/call-order.ts';
import type { Plan } from '../design/plan.ts';
import { batched, batchOf } from './batches.ts';
import type { FlowRules } from './flows.ts';
import { fastestWith } from './formulas/index.ts';
import { type Others, othersAt, type VisitsWithin, visitsWithin } from './held.ts';
import type { ComponentModel } from './kind.ts';
import { mean, moments } from './law/index.ts';
import { poolsOf } from './models.ts';
import type { Relaxed } from './relaxed.ts';
import type { Responder } from './response.ts';
import {
  type InsideStation,
  joinedServers,
  type SlotLoad,
  type SlotState,
  solveSlots,
  unlimitedSlots,
} from './slots.ts';
import type { Balancing, ComponentSpread } from './solution.ts';
import { looksAtLoad, takenFor } from './spreads.ts';
import type { Relief, StationState } from './station.ts';
import type { Visits } from './visits.ts';

const VARIABILITY_MAX = 100;

/** Where others take more of an inner limit than this, it is as if they alone came to it. */
const OWN_LEAST = 0.5;

/** Fewer strangers than this are left aside. */
const HARDLY_ANY = 1e-3;

const none: Others = { strangers: 0, all: 0 };

/** What is known in one round. By component and station. */
export interface Around {
  readonly rules: FlowRules;
  readonly visits: readonly (readonly Visits[])[];
  readonly spreads: readonly ComponentSpread[];
  readonly stations: readonly (readonly (StationState | null)[])[];
  /** That sees the slots as they are when it is asked. */
  readonly responder: Responder;
  /** Share of those who come to a station that are turned away. */
  readonly loss: (component: number, station: number) => number;
}

/**
 * The stations that are held while other things happen: how long one waits for them, and how few others one
 * meets behind them. Limits within limits are solved from the innermost out: to the outer one, the inner one with
 * all that is used in it is a station whose speed depends on how many are there.
 */
export class Limits {
  private readonly plan: Plan;
  private readonly models: readonly ComponentModel[];
  private readonly trafficRates: readonly number[];
  private readonly balancing: Balancing;
  private readonly relaxed: Relaxed;
  /** Components, those who are called before their callers. */
  private readonly order: readonly number[];
  /** By component and station; null where nothing is held. */
  readonly slots: (SlotState | null)[][];
  private readonly held: Held[][];
  private reliefs: (Relief | null)[][];
  /** What an outer limit lets find in an inner one, from the round before. */
  private founds: (readonly number[] | null)[][];
  readonly notes = new Set<string>();

  constructor(
    plan: Plan,
    models: readonly ComponentModel[],
    trafficRates: readonly number[],
    balancing: Balancing,
    relaxed: Relaxed,
  ) {
    this.plan = plan;
    this.models = models;
    this.trafficRates = trafficRates;
    this.balancing = balancing;
    this.relaxed = relaxed;
    const callers = callersFirst(plan).map((operation) => plan.operations[operation]!.component);
    this.order = [...new Set(callers)].reverse();
    this.slots = models.map(({ stations }) => stations.map(() => null));
    this.held = models.map(({ stations }) =>
      stations.map(() => ({ time: 0, pools: 1, together: false, scv: 1 })),
    );
    this.reliefs = this.nowhere();
    this.founds = this.nowhere();
  }

  private nowhere(): null[][] {
    return this.models.map(({ stations }) => stations.map(() => null));
  }

  /** What limits do to a station; null where they do not. */
  relief(component: number, station: number): Relief | null {
    return this.reliefs[component]![station]!;
  }

  /** Whether anything of the component is held. */
  at(component: number): boolean {
    return this.slots[component]!.some((slot) => slot !== null);
  }

  /** Share of those who want to hold a station of the component that it can let through at all. */
  private through(component: number): number {
    return Math.min(
      1,
      ...this.slots[component]!.map((s) =>
        s === null || s.stable || s.accepted === 0 ? 1 : s.capacity / s.accepted,
      ),
    );
  }

  /** Solves all of them once. */
  round(around: Around): void {
    const founds = this.founds;
    this.reliefs = this.nowhere();
    this.founds = this.nowhere();
    for (const component of this.order) {
      this.models[component]!.stations.forEach((_, station) => {
        this.solve(component, station, around, founds[component]![station]!);
      });
    }
  }

  /** Solves one, from how long those who have it need it. */
  private solve(component: number, station: number, around: Around, found: readonly number[] | null): void {
    const { stations } = this.models[component]!;
    const instances = poolsOf(this.models[component]!, station);
    const { servers, places } = stations[station]!;
    const { holds, dispersion } = around.visits[component]![station]!;
    const offered = holds.reduce((total, { rate }) => total + rate, 0);
    if (offered === 0 || servers === null) return;
    const { first: time, second } = timeHeld(around.responder, holds);
    const taken = takenFor(around.spreads[component]!.spread, this.balancing);
    const joined = taken === null ? instances : 1;
    const pools = instances / joined;
    const used = this.used(component, station, pools, around);
    const here = used.reduce((total, use) => total + use.visits * use.time, 0);
    const elsewhere = `elsewhere ${component} ${station}`;
    this.relaxed.give(elsewhere, Math.max(0, time - here));
    const scv = pace(used, servers * joined, variability(time, second));
    const together = pools > 1 && looksAtLoad(taken ?? 'random');
    this.held[component]![station] = { time, pools, together, scv };
    const load: SlotLoad = {
      pools,
      spread: taken ?? 'random',
      slots: servers * joined,
      places: places === null ? null : places * joined,
      offered,
      inside: used.map(({ inside }) => inside),
      elsewhere: this.relaxed.get(elsewhere),
      scv: Math.max(0, scv + dispersion - 1),
    };
    const users = this.users(holds);
    const batch = batchOf(holds);
    const alone = users === null ? solveSlots(load, found) : unlimitedSlots(load);
    const state = batch === null ? alone : batched(alone, load, holds, batch, around.responder);
    this.slots[component]![station] = state;
    if (users !== null && users > servers * instances) {
      this.notes.add(
        `${this.plan.components[component]!.name}.${stations[station]!.name}: ${users} users share ${servers * instances}; waiting for one is left out where all traffic is closed, so response times are too short and throughput is too high.`,
      );
    }
    const { seen } = state;
    if (seen !== null) {
      const strangers = used.some(({ others }) => others.strangers > HARDLY_ANY);
      const meanwhile = strangers ? state.meanwhile() : null;
      used.forEach((use, i) => {
        this.limit(use, seen[i]!, meanwhile?.[i] ?? null, component);
      });
    }
  }

  /** The stations that those who hold one use meanwhile, here and through calls. */
  private used(component: number, station: number, pools: number, around: Around): Used[] {
    const { visits, stations, rules, loss } = around;
    const through = this.through(component);
    const share = (1 - loss(component, station)) * through;
    const entering = visits[component]![station]!.holds.map((hold) => ({ ...hold, rate: hold.rate * share }));
    const entered = entering.reduce((total, { rate }) => total + rate, 0);
    // Nobody gets in, as where what lies behind lets nothing through: nothing is used from here.
    if (!(entered > 0)) return [];
    const used = stations[component]!.flatMap((state, s): Used[] => {
      if (state === null || state.offered === 0 || state.load.servers === null) return [];
      const of = this.models[component]!.stations;
      if (of[s]!.followers !== of[station]!.followers) return [];
      const { byTraffic, afterwards } = visits[component]![s]!;
      if (afterwards.size > 0) {
        const awaited = without(byTraffic, afterwards);
        const total = (what: 'rate' | 'work'): number =>
          [...awaited.values()].reduce((sum, each) => sum + each[what], 0);
        const own = { component, station: s, rate: total('rate'), work: total('work'), byTraffic: awaited };
        const use = own.rate > 0 ? stationElsewhere(own, stations, entered, through, pools) : null;
        return use === null ? [] : [use];
      }
      const { servers } = state.load;
      // Not by what gets there in the end, which of a station without relief is not only what was let in.
      const each = (state.offered * (1 - state.loss) * through) / entered;
      const inside = { work: each * state.service, servers };
      const time = state.service + mean(state.wait);
      const busy = state.accepted / state.capacity;
      return [
        {
          component,
          station: s,
          state,
          visits: each,
          time,
          inside,
          others: none,
          byTraffic: new Map(),
          busy,
          scv: 1,
        },
      ];
    });
    const { plan, models, trafficRates } = this;
    const heldBy = (operation: number): number | null => this.heldBy(operation);
    for (const within of visitsWithin(plan, models, rules, trafficRates, entering, heldBy, loss)) {
      const use =
        within.work === null
          ? this.innerLimit(within, entered, through, pools)
          : stationElsewhere(within, stations, entered, through, pools);
      if (use !== null) used.push(use);
    }
    return used;
  }

  /** The station that callers of an operation hold until it is over, where it limits at all. */
  private heldBy(operation: number): number | null {
    const planned = this.plan.operations[operation]!;
    const [first, ...more] = this.models[planned.component]!.activities(planned);
    if (first?.does !== 'hold' || more.length > 0) return null;
    const slot = this.slots[planned.component]![first.station];
    return slot == null || slot.speeds === null ? null : first.station;
  }

  private innerLimit(
    { component, station, rate }: VisitsWithin,
    entered: number,
    through: number,
    pools: number,
  ): Used | null {
    const { speeds, capacity, accepted, loss, wait } = this.slots[component]![station]!;
    const inner = this.held[component]![station]!;
    const ours = { entering: rate / capacity, wanting: rate / capacity / through };
    const others = othersAt(ours, accepted / (1 - loss) / capacity, pools);
    if (speeds === null || others === null) return null;
    const copies = inner.together ? 1 : inner.pools;
    const together = joinedServers(speeds, inner.pools / copies) as Float64Array;
    return {
      component,
      station,
      state: null,
      visits: rate / entered,
      time: mean(wait) + inner.time,
      inside: {
        work: rate / entered / copies,
        servers: together.map((speed) => speed * (1 - others.all)),
        copies,
      },
      others,
      byTraffic: new Map(),
      busy: accepted / capacity,
      scv: inner.scv,
    };
  }

  /** Hands on what those who hold one station find at another. */
  private limit(
    { component, station, state, inside, others, byTraffic }: Used,
    found: readonly number[],
    meanwhile: readonly number[] | null,
    by: number,
  ): void {
    if (state === null) {
      const { together } = this.held[component]![station]!;
      if (others.all <= OWN_LEAST && !together) this.founds[component]![station] = found;
      return;
    }
    const servers = inside.servers as number;
    const relief: Relief = {
      found,
      servers,
      taken: (servers * others.all) / (1 - others.all),
      through: component === by ? this.through(by) : 1,
      others:
        meanwhile === null || others.strangers <= HARDLY_ANY
          ? null
          : { found: meanwhile, share: (traffic) => othersShare(state, byTraffic, traffic) },
    };
    // Of several limits on the way, the tightest counts.
    const known = this.reliefs[component]![station]!;
    if (known === null || average(found) < average(known.found)) this.reliefs[component]![station] = relief;
  }

  /** How many can want to hold a station at all, when only closed traffic does; null = without limit. */
  private users(holds: Visits['holds']): number | null {
    let users = 0;
    for (const traffic of new Set(holds.map((hold) => hold.traffic))) {
      const { arrivals } = this.plan.traffic[traffic]!;
      if (arrivals.type === 'open') return null;
      users += arrivals.users;
    }
    return users;
  }
}

/** How a station is held. */
interface Held {
  /** Mean time. */
  readonly time: number;
  readonly pools: number;
  /** Callers look where few are, so that all pools are as one. */
  readonly together: boolean;
  /** Squared variability of what sets its pace. */
  readonly scv: number;
}

/** What those who hold a station use meanwhile. */
interface Used {
  readonly component: number;
  readonly station: number;
  /** null for a station that is held itself. */
  readonly state: StationState | null;
  /** By one who is inside, and mean time of each, waits included. */
  readonly visits: number;
  readonly time: number;
  readonly inside: InsideStation;
  readonly others: Others;
  readonly byTraffic: Visits['byTraffic'];
  /** Share of it that is busy. */
  readonly busy: number;
  /** Squared variability of its pace; of a station with a state, that of its service counts. */
  readonly scv: number;
}

function stationElsewhere(
  { component, station, rate, work, byTraffic }: VisitsWithin,
  stations: Around['stations'],
  entered: number,
  through: number,
  pools: number,
): Used | null {
  const state = stations[component]![station] ?? null;
  if (state === null || work === null || state.load.servers === null) return null;
  const { load, offered, loss, service } = state;
  const taken = work * (load.slowness ?? 1);
  const all = load.pools * load.servers!;
  const ours = { entering: taken / all, wanting: taken / all / through };
  const others = othersAt(ours, (offered * (1 - loss) * service) / all, pools);
  if (others === null) return null;
  const together = load.pools > 1 && looksAtLoad(load.spread);
  const copies = together ? 1 : load.pools;
  const servers = (together ? all : load.servers!) * (1 - others.all);
  return {
    component,
    station,
    state,
    visits: rate / entered,
    time: taken / rate + mean(state.wait),
    inside: { work: taken / entered / copies, servers, copies },
    others,
    byTraffic,
    busy: state.accepted / state.capacity,
    scv: 1,
  };
}

/** Visits of all traffic, less those that nobody waits for. */
function without(all: Visits['byTraffic'], afterwards: Visits['byTraffic']): Visits['byTraffic'] {
  return new Map(
    [...all].map(([traffic, { rate, work }]) => {
      const less = afterwards.get(traffic);
      return [traffic, { rate: rate - (less?.rate ?? 0), work: work - (less?.work ?? 0) }] as const;
    }),
  );
}

/** Share of the visits of a traffic to a station that come there by another way. */
function othersShare({ load, loss }: StationState, within: Visits['byTraffic'], traffic: number): number {
  const all = (load.byTraffic.get(traffic)?.rate ?? 0) * (1 - loss);
  return all > 0 ? Math.max(0, 1 - (within.get(traffic)?.rate ?? 0) / all) : 0;
}

/** First two moments of the time that a station is held. */
function timeHeld(
  responder: Responder,
  holds: Visits['holds'],
): { readonly first: number; readonly second: number } {
  let all = 0;
  let first = 0;
  let second = 0;
  for (const { operation, traffic, keys, during, rate } of holds) {
    const time = moments(responder.during(operation, traffic, keys, during).law);
    all += rate;
    first += rate * time.mean;
    second += rate * (time.variance + time.mean ** 2);
  }
  return { first: first / all, second: second / all };
}

/**
 * Squared variability of what sets the pace at which slots become free: of the busiest station inside where
 * that is what everybody queues for, else of the time inside. Strangers who come there at random, and keep a share σ
 * of it busy, leave gaps whose number varies as (scv + σ)/(1 − σ) in the long run.
 */
function pace(used: readonly Used[], slots: number, timeInside: number): number {
  const few = used.filter(({ inside: { servers } }) => fastestWith(servers) < slots);
  const [busiest] = few.sort((a, b) => b.busy - a.busy);
  if (busiest === undefined || busiest.busy < 0.5) return timeInside;
  const { scv, others, state } = busiest;
  const own = state === null ? scv : serviceVariability(state);
  return (own + others.strangers) / (1 - others.strangers);
}

function serviceVariability({ load: { uses } }: StationState): number {
  const total = uses.reduce((sum, { rate }) => sum + rate, 0);
  let first = 0;
  let second = 0;
  for (const { time, rate } of uses) {
    const { mean: average, variance } = moments(time);
    first += (rate / total) * average;
    second += (rate / total) * (variance + average ** 2);
  }
  return variability(first, second);
}

/** Squared coefficient of variation by the first two moments; times more variable than this are not told apart. */
function variability(first: number, second: number): number {
  const scv = first > 0 ? second / first ** 2 - 1 : 0;
  return Number.isFinite(scv) ? Math.min(Math.max(0, scv), VARIABILITY_MAX) : VARIABILITY_MAX;
}

function average(found: readonly number[]): number {
  return found.reduce((sum, probability, n) => sum + n * probability, 0);
}
