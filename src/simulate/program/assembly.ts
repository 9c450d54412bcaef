import {
  type BalanceAlgorithm,
  type BalancerOptions,
  balanceAlgorithms,
  keyedAlgorithms,
  type StickinessOptions,
} from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import { reachesOnce } from '../../design/once-operations.ts';
import { type PlacementSpec, placedData } from '../../design/placement.ts';
import type {
  Plan,
  PlanBreaker,
  PlanComponent,
  PlanConcurrency,
  PlanConnections,
  PlanHedge,
  PlanLimit,
  PlanOperation,
  PlanRetry,
  PlanThrottle,
} from '../../design/plan.ts';
import { toldOperations } from '../../design/told-operations.ts';
import { trafficOf } from '../../design/traffic-of.ts';
import { askedOf } from '../../estimate/connections.ts';
import type { Distribution } from '../../quantities/index.ts';
import { type BalancerHealth, healthSpec } from '../balancing/health-spec.ts';
import type { OwnCopiesSpec } from '../caching/copies-spec.ts';
import type { HotItemsSpec } from '../caching/hot-items.ts';
import type { ConnectionSource } from '../connection-table.ts';
import { FaultSites } from '../faults/fault-table.ts';
import type { Held } from '../held.ts';
import type { InstanceChoice, Instances } from '../instances.ts';
import type { ChannelSpec } from '../messages/channel-spec.ts';
import type {
  BalancerSpec,
  CacheSpec,
  ChoiceSpec,
  ClientLimit,
  CrossingSpec,
  DiscoverySpec,
  DoorSpec,
  FetchSpec,
  FlightSpec,
  ForkSpec,
  Guarded,
  KeySpaceSpec,
  LegSpec,
  OnceSpec,
  PauseSpec,
  PlacedKeys,
  SamplerSpec,
  ScalerSpec,
  TimerSpec,
} from '../model.ts';
import type { FollowerSpec } from '../replicas/follower-spec.ts';
import type { QuorumSpec } from '../replicas/quorum-spec.ts';
import type { SharesSpec, StationGroup, StationSettings } from '../stations/station-group.ts';
import type { NameServerSpec, NameSpec, RouteSpec } from './forwarding-specs.ts';
import type { Sidecar } from './sidecar-emission.ts';

/** What a balancer may be told beside its algorithm. */
export interface BesideAlgorithm {
  readonly options?: BalancerOptions | undefined;
  readonly sticky?: StickinessOptions | undefined;
  /** All requests are of one session, whatever their keys. */
  readonly together?: boolean;
  /** It chooses for each connection of users, to instances of the component of this index. */
  readonly perConnection?: number | undefined;
  /** What it learns of the health of its targets. */
  readonly health?: BalancerHealth | undefined;
}

/** Expected calls per second of each operation of a plan with keys that recur; the estimate's flows. */
export type OperationRates = Float64Array;

/**
 * The tables of a model while it is being put together. Kinds declare their stations, balancers and caches
 * here and get back the numbers that instructions name them by.
 */
export class Assembly {
  readonly samplers: SamplerSpec[] = [];
  readonly stationGroups: StationGroup[] = [];
  readonly balancers: BalancerSpec[] = [];
  readonly caches: CacheSpec[] = [];
  readonly keySpaces: KeySpaceSpec[] = [];
  readonly placements: PlacedKeys[] = [];
  readonly choices: ChoiceSpec[] = [];
  readonly forks: ForkSpec[] = [];
  readonly timers: TimerSpec[] = [];
  readonly retries: Guarded<PlanRetry>[] = [];
  readonly breakers: Guarded<PlanBreaker>[] = [];
  readonly limiters: Guarded<PlanLimit>[] = [];
  readonly concurrencyLimits: Guarded<PlanConcurrency>[] = [];
  readonly throttles: Guarded<PlanThrottle>[] = [];
  readonly hedges: Guarded<PlanHedge>[] = [];
  /** Limits that belong to components, not to their callers. */
  readonly doors: DoorSpec[] = [];
  readonly clientLimits: ClientLimit[] = [];
  readonly tierLimits: (readonly number[])[] = [];
  readonly ownRefusals: (readonly number[])[] = [];
  /** Ways to fail that only a `fail` gives. */
  readonly answers = new Set<number>();
  /** Ways to fail that say how long to wait. */
  readonly asksToWait = new Set<number>();
  readonly flights: FlightSpec[] = [];
  readonly fetches: FetchSpec[] = [];
  readonly pauses: PauseSpec[] = [];
  private readonly found: DiscoverySpec[] = [];
  private readonly scaled: Omit<ScalerSpec, 'balancers'>[] = [];
  /** The component whose instances each balancer chooses from. */
  private readonly chosenFrom = new Map<number, number>();
  readonly names: NameSpec[] = [];
  readonly nameServers: NameServerSpec[] = [];
  readonly channels: ChannelSpec[] = [];
  readonly onces: OnceSpec[] = [];
  readonly hotItems: HotItemsSpec[] = [];
  readonly copies: OwnCopiesSpec[] = [];
  /** Proxies that the calls of a component go out by, by its index. */
  readonly sidecars = new Map<number, Sidecar>();
  readonly quorums: QuorumSpec[] = [];
  readonly followers: FollowerSpec[] = [];
  /** Calls whose repeats are known as such. */
  named = 0;
  readonly routes: RouteSpec[] = [];
  readonly legs: LegSpec[] = [];
  readonly crossings: CrossingSpec[] = [];
  readonly connections: { readonly sources: ConnectionSource[]; readonly places: Int32Array[] } = {
    sources: [],
    places: [],
  };
  readonly held: Held[] = [];
  private readonly places = new Map<string, number>();
  /** Places where frames wait for branches that are told to stop: with the frame itself, and when it waits no more. */
  readonly linked: number[] = [];
  readonly cancels: number[] = [];
  readonly reasons: string[] = ['served', 'timeout'];
  /** Operations emitted so far that may fail: what calls another one need not look at how it ended. */
  readonly canFail = new Set<number>();
  readonly plan: Plan;
  readonly faultSites: FaultSites;
  /** Operations that may be told of a deadline. */
  readonly told: ReadonlySet<number>;
  /** Operations that may come to steps that are done once. */
  readonly reachesOnce: ReadonlySet<number>;
  /** Seconds that calls with one give. */
  readonly budgets: number[] = [];
  /** Number of the first instance of each component, all instances numbered through. */
  firstInstance: readonly number[] = [];
  private components: readonly Instances[] = [];
  private readonly rates: OperationRates;
  private stations = 0;

  /**
   * @param rates calls per second of each operation, for the age of warm caches
   * @param killed components whose instances die by themselves
   */
  constructor(plan: Plan, rates: OperationRates, killed: Iterable<number>) {
    this.plan = plan;
    this.rates = rates;
    this.faultSites = new FaultSites(plan, killed);
    this.told = toldOperations(plan);
    this.reachesOnce = reachesOnce(plan.operations);
    for (const data of plan.data) {
      this.keySpaces.push({
        name: data.name,
        count: Math.max(1, Math.round(data.count.value)),
        popularity: data.popularity,
      });
    }
  }

  /** Makes known what callers see of each component, in the order of the plan. */
  introduce(components: readonly Instances[]): void {
    this.components = components;
    let next = 0;
    this.firstInstance = components.map(({ instances }) => {
      next += instances;
      return next - instances;
    });
  }

  component(index: number): Instances {
    return this.components[index]!;
  }

  operation(index: number): PlanOperation {
    return this.plan.operations[index]!;
  }

  /** Expected calls per second, with keys that recur, of the component's operation of that name; 0 when it has none. */
  callRate(component: PlanComponent, operation: string): number {
    const named = component.operations.filter((o) => this.operation(o).name === operation);
    return named.reduce((sum, index) => sum + this.rates[index]!, 0);
  }

  /** The same of an operation by its index. */
  readonly rateOf = (operation: number): number => this.rates[operation]!;

  /** A group of stations, one per instance, equal but for their speeds. */
  station(component: PlanComponent, name: string, settings: StationSettings): number {
    const { codel, shed, speeds, placed, patience, ...common } = settings;
    const full = `${component.name}.${name}`;
    const { servers } = settings;
    const widened = servers === null ? null : servers * (this.plan.widened?.[full] ?? 1);
    const alike = this.stationGroups.filter((group) => group.name.replace(/ #\d+$/, '') === full).length;
    const group: StationGroup = {
      ...common,
      servers: widened,
      ...(speeds === undefined ? {} : { speeds }),
      ...(placed && settings.instances > 1 && { placed }),
      name: alike === 0 ? full : `${full} #${alike + 1}`,
      component: component.index,
      first: this.stations,
      full: this.reason(`${full} full`),
      ...(component.operations.some((o) => this.told.has(o)) && { overdue: this.overdue }),
      ...(settings.discipline === 'fair' && { shares: this.sharesOf(component) }),
      ...(codel && { codel: { ...codel, dropped: this.reason(`${full} dropped`) } }),
      ...(shed && { shed: { ...shed, turnedAway: this.reason(`${full} shed`) } }),
      ...(patience && {
        patience: {
          lasts: this.sampler(patience, `${full} patience`),
          late: this.reason(`${full} timed out`),
        },
      }),
    };
    this.stationGroups.push(group);
    this.stations += settings.instances;
    return group.first;
  }

  /** Number of the way to fail of what comes to its turn after its deadline. */
  get overdue(): number {
    return this.reason('deadline exceeded');
  }

  /** Whether a station, named by the first of its group, ever turns anyone away. */
  refuses(station: number): boolean {
    const group = this.stationGroups.find(({ first }) => first === station);
    if (group === undefined || group.servers === null) return false;
    return (
      group.overdue !== undefined ||
      group.places !== null ||
      group.codel !== undefined ||
      group.patience !== undefined ||
      group.shed !== undefined
    );
  }

  /** Each traffic that comes to the component is a tenant. */
  private sharesOf({ index }: PlanComponent): SharesSpec {
    const { traffic } = this.plan;
    const coming = trafficOf(this.plan, index);
    return {
      tenants: traffic.map((_, t) => Math.max(0, coming.indexOf(t))),
      weights: coming.map((t) => traffic[t]!.weight ?? 1),
    };
  }

  sampler(law: Distribution, purpose: string): number {
    return this.samplers.push({ law, purpose }) - 1;
  }

  balancer(
    algorithm: BalanceAlgorithm | OwnName<'balance'>,
    targets: number,
    purpose: string,
    beside: BesideAlgorithm = {},
  ): number {
    const { options, sticky, perConnection } = beside;
    const health = beside.health === undefined ? null : healthSpec(this, beside.health, purpose);
    // One of the user's own is told all there is.
    const own = !(balanceAlgorithms as readonly string[]).includes(algorithm);
    const perRequest = perConnection === undefined;
    const byKey =
      perRequest &&
      (own ||
        (sticky !== undefined && !beside.together) ||
        (keyedAlgorithms as readonly string[]).includes(algorithm));
    const slowAfter = health?.options.outliers?.slowAfter ?? null;
    const byLatency = (own && perRequest) || algorithm === 'peak-ewma' || slowAfter !== null;
    const spec: BalancerSpec = {
      algorithm,
      byKey,
      byLatency,
      targets,
      purpose,
      ...(options === undefined ? {} : { options }),
      ...(sticky === undefined ? {} : { sticky }),
      ...(perRequest ? {} : { perConnection }),
      ...(health === null ? {} : { health }),
    };
    return this.balancers.push(spec) - 1;
  }

  /** How callers choose between `instances` by `algorithm`: not at all when there is one. */
  choiceBy(
    algorithm: BalanceAlgorithm | OwnName<'balance'>,
    instances: number,
    purpose: string,
    beside: BesideAlgorithm = {},
  ): InstanceChoice {
    if (instances === 1) return { by: 'none' };
    return { by: 'balancer', balancer: this.balancer(algorithm, instances, purpose, beside) };
  }

  /** How callers find the instance that has a key, and what of the model says so. */
  choiceByKey(component: PlanComponent, spec: PlacementSpec): InstanceChoice {
    if (spec.shards === 1) return { by: 'none' };
    const stored = placedData(component, this.plan);
    return { by: 'key', placement: this.placements.push({ spec, stored }) - 1 };
  }

  /** Each instance of a component stands still as a whole now and then. */
  pause({ name, index }: PlanComponent, instances: number, every: Distribution, lasts: Distribution): void {
    this.pauses.push({
      name,
      component: index,
      instances,
      every: this.sampler(every, `${name} time between pauses`),
      lasts: this.sampler(lasts, `${name} pauses`),
    });
  }

  /** Callers find the instances of a component by a list that is late; to be said after `autoscale`. */
  discover({ name, index }: PlanComponent, spec: Omit<DiscoverySpec, 'name' | 'component'>): void {
    this.found.push({ name, component: index, ...spec });
  }

  /** What is found by lists, where it ever changes. */
  get discoveries(): readonly DiscoverySpec[] {
    const { faultSites, scaled } = this;
    return this.found.filter(
      ({ component: of }) =>
        faultSites.drains(of) ||
        faultSites.probe(null, of) ||
        scaled.some(({ component }) => component === of),
    );
  }

  /** A balancer chooses from the instances of a component. */
  chooses(balancer: number, component: number): void {
    this.chosenFrom.set(balancer, component);
  }

  /** The instances of a component come and go; its stations are declared for the most there may be. */
  autoscale(
    { name, index }: PlanComponent,
    spec: Omit<ScalerSpec, 'name' | 'component' | 'balancers'>,
  ): void {
    this.scaled.push({ name, component: index, ...spec });
  }

  /** What is autoscaled, once all code has been emitted. */
  get scalers(): readonly ScalerSpec[] {
    const balancers = [...this.chosenFrom];
    return this.scaled.map((spec) => ({
      ...spec,
      balancers: balancers.flatMap(([balancer, from]) => (from === spec.component ? [balancer] : [])),
    }));
  }

  cache(spec: CacheSpec): number {
    return this.caches.push(spec) - 1;
  }

  /** Fetches in progress that misses of a component share; those of a caller are the same wherever it reads. */
  sharedFetches(by: FlightSpec['by'], front: number, owner: number): FlightSpec {
    const of = by === 'cache' ? null : owner;
    const known = this.flights.find((each) => each.front === front && each.owner === of);
    if (known !== undefined) return known;
    const last = this.flights.at(-1);
    const first = last === undefined ? 0 : last.first + last.instances;
    const instances = of === null ? 1 : this.component(of).instances;
    const cache = this.component(front).cache ?? null;
    const flights = { by, front, cache, owner: of, instances, first };
    this.flights.push(flights);
    return flights;
  }

  fetch(spec: FetchSpec): number {
    return this.fetches.push(spec) - 1;
  }

  /** Declares the users of a component, with connections of their own; gives the number of the source. */
  users(component: PlanComponent, connections: PlanConnections): number {
    const source = { ...connections, name: component.name, rate: askedOf(this.plan, component.index) };
    return this.connections.sources.push(source) - 1;
  }

  nameServer(spec: NameServerSpec): number {
    return this.nameServers.push(spec) - 1;
  }

  name(spec: NameSpec): number {
    return this.names.push(spec) - 1;
  }

  route(spec: RouteSpec): number {
    return this.routes.push(spec) - 1;
  }

  choice(spec: ChoiceSpec): number {
    return this.choices.push(spec) - 1;
  }

  fork(spec: ForkSpec): number {
    return this.forks.push(spec) - 1;
  }

  timer(seconds: number): number {
    return this.timers.push({ seconds, hedge: null }) - 1;
  }

  /** The timer of the first of `most` further requests, so many seconds apart, like that of the HEDGE instruction at `at`. */
  hedge(after: number, most: number, at: number): number {
    let next: number | null = null;
    for (let left = 0; left < most; left++) {
      next = this.timers.push({ seconds: after, hedge: { at, next } }) - 1;
    }
    return next!;
  }

  /** What was declared for a place in the code before, by another operation of its site; else it is declared now. */
  atPlace(place: string, declare: () => number): number {
    const before = this.places.get(place);
    if (before !== undefined) return before;
    const declared = declare();
    this.places.set(place, declared);
    return declared;
  }

  /** Declares a protection of the calls of each instance of a caller; gives the number of the first one's. */
  guard<Options>(
    list: Guarded<Options>[],
    options: Options,
    { owner, instances }: { readonly owner: number | null; readonly instances: number },
    purpose: string,
  ): number {
    const last = list.at(-1);
    const first = last === undefined ? 0 : last.first + last.instances;
    list.push({ options, owner, instances, first, purpose });
    return first;
  }

  /** Declares the token bucket at the door of a component, which has one instance; gives its number. */
  ownLimit({ index, name }: PlanComponent, { rate, burst }: { rate: number; burst: number }): number {
    const options = { algorithm: 'token-bucket', rate, burst } as const;
    const limiter = this.guard(this.limiters, options, { owner: index, instances: 1 }, `limit of ${name}`);
    this.doors.push({ component: index, limiter, keyed: false });
    return limiter;
  }

  /**
   * Declares a limit of each client of a component, which has one instance; gives its number.
   * @param shared by this name with other components
   */
  limitOfClients({ index }: PlanComponent, limit: ClientLimit, shared?: string): number {
    const declare = (): number => this.clientLimits.push(limit) - 1;
    const limiter = shared === undefined ? declare() : this.atPlace(shared, declare);
    const known = this.clientLimits[limiter]!;
    // Those that count together are asked by the requests of all of them.
    if (known !== limit) {
      const rates = known.rates.map((rate, traffic) => rate + limit.rates[traffic]!);
      this.clientLimits[limiter] = { ...known, rates };
    }
    if ('rate' in limit) this.doors.push({ component: index, limiter, keyed: true });
    return limiter;
  }

  /** Number of a way to fail; equal names share one. */
  reason(name: string): number {
    const reason = this.numberOf(name);
    this.answers.delete(reason);
    return reason;
  }

  /** The same of one that a user gives a name. */
  answer(name: string): number {
    const isNew = !this.reasons.includes(name);
    const reason = this.numberOf(name);
    if (isNew) this.answers.add(reason);
    return reason;
  }

  private numberOf(name: string): number {
    const known = this.reasons.indexOf(name);
    return known >= 0 ? known : this.reasons.push(name) - 1;
  }
}
