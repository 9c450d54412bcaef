import { type BalanceAlgorithm, balanceAlgorithms, keyedAlgorithms } from '../blocks/index.ts';
import type { OwnName } from '../design/index.ts';
import type {
  Plan,
  PlanBreaker,
  PlanComponent,
  PlanHedge,
  PlanLimit,
  PlanOperation,
  PlanRetry,
} from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';
import type { InstanceChoice, Instances } from './instances.ts';
import type {
  BalancerSpec,
  CacheSpec,
  ChoiceSpec,
  Discipline,
  ForkSpec,
  Guarded,
  KeySpaceSpec,
  SamplerSpec,
  StationGroup,
  TimerSpec,
} from './model.ts';

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
  readonly choices: ChoiceSpec[] = [];
  readonly forks: ForkSpec[] = [];
  readonly timers: TimerSpec[] = [];
  readonly retries: Guarded<PlanRetry>[] = [];
  readonly breakers: Guarded<PlanBreaker>[] = [];
  readonly limiters: Guarded<PlanLimit>[] = [];
  readonly reasons: string[] = ['served', 'timeout'];
  /** Operations emitted so far that may fail: what calls another one need not look at how it ended. */
  readonly canFail = new Set<number>();
  readonly plan: Plan;
  private components: readonly Instances[] = [];
  private readonly rates: OperationRates;
  private stations = 0;

  /** @param rates calls per second of each operation, for the age of warm caches */
  constructor(plan: Plan, rates: OperationRates) {
    this.plan = plan;
    this.rates = rates;
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
  }

  component(index: number): Instances {
    return this.components[index]!;
  }

  operation(index: number): PlanOperation {
    return this.plan.operations[index]!;
  }

  /** Expected calls per second, with keys that recur, of the component's operation of that name; 0 when it has none. */
  callRate(component: PlanComponent, operation: string): number {
    const index = component.operations.find((o) => this.operation(o).name === operation);
    return index === undefined ? 0 : this.rates[index]!;
  }

  /** A group of equal stations, one per instance. */
  station(
    component: PlanComponent,
    name: string,
    settings: {
      readonly instances: number;
      readonly servers: number | null;
      readonly places: number | null;
      readonly discipline: Discipline;
    },
  ): number {
    const full = `${component.name}.${name}`;
    const alike = this.stationGroups.filter((group) => group.name.replace(/ #\d+$/, '') === full).length;
    const group: StationGroup = {
      ...settings,
      name: alike === 0 ? full : `${full} #${alike + 1}`,
      first: this.stations,
      full: this.reason(`${full} full`),
    };
    this.stationGroups.push(group);
    this.stations += settings.instances;
    return group.first;
  }

  /** Whether a station, named by the first of its group, ever has no place left. */
  refuses(station: number): boolean {
    const group = this.stationGroups.find(({ first }) => first === station);
    return group !== undefined && group.servers !== null && group.places !== null;
  }

  sampler(law: Distribution, purpose: string): number {
    return this.samplers.push({ law, purpose }) - 1;
  }

  balancer(algorithm: BalanceAlgorithm | OwnName<'balance'>, targets: number, purpose: string): number {
    // One of the user's own is told all there is.
    const own = !(balanceAlgorithms as readonly string[]).includes(algorithm);
    const byKey = own || (keyedAlgorithms as readonly string[]).includes(algorithm);
    const byLatency = own || algorithm === 'peak-ewma';
    return this.balancers.push({ algorithm, byKey, byLatency, targets, purpose }) - 1;
  }

  /** How callers choose between `instances` by `algorithm`: not at all when there is one. */
  choiceBy(
    algorithm: BalanceAlgorithm | OwnName<'balance'>,
    instances: number,
    purpose: string,
  ): InstanceChoice {
    if (instances === 1) return { by: 'none' };
    return { by: 'balancer', balancer: this.balancer(algorithm, instances, purpose) };
  }

  cache(spec: CacheSpec): number {
    return this.caches.push(spec) - 1;
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

  /** The timer of the first of `most` further requests like that of the HEDGE instruction at `at`. */
  hedge({ after, most }: PlanHedge, at: number): number {
    let next: number | null = null;
    for (let left = 0; left < most; left++) {
      next = this.timers.push({ seconds: after, hedge: { at, next } }) - 1;
    }
    return next!;
  }

  /** Declares a protection of the calls of each of so many instances; gives the number of the first one's. */
  guard<Options>(list: Guarded<Options>[], options: Options, instances: number, purpose: string): number {
    const last = list.at(-1);
    const first = last === undefined ? 0 : last.first + last.instances;
    list.push({ options, instances, first, purpose });
    return first;
  }

  /** Number of a way to fail; equal names share one. */
  reason(name: string): number {
    const known = this.reasons.indexOf(name);
    return known >= 0 ? known : this.reasons.push(name) - 1;
  }
}
