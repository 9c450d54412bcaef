import { LeaseList } from '../../blocks/index.ts';
import type { Calendar, RandomStream } from '../../kernel/index.ts';
import type { Controls } from '../controls.ts';
import type { Equipment } from '../equipment.ts';
import type { DiscoverySpec, Model } from '../model.ts';
import { HealthyBalancer } from './healthy-balancer.ts';

/** Why an instance is not there for requests: it said that it goes, or it can say nothing. */
export const DRAINED = 1;
export const UNORDERED = 2;
export const DEAD = 4;
export const FROZEN = 8;
type Reason = typeof DRAINED | typeof UNORDERED | typeof DEAD | typeof FROZEN;

/** The lists by which instances of components are found, and that tell of changes late. */
export class Discovery {
  private readonly lists: ReadonlyMap<number, Registry>;

  constructor(model: Model, equipment: Equipment, calendar: Calendar, controls: Controls) {
    this.lists = new Map(
      model.discoveries.map((spec) => {
        const balancers = equipment.balancers.filter(
          (each, b): each is HealthyBalancer =>
            model.balancers[b]!.health?.of === spec.component && each instanceof HealthyBalancer,
        );
        const random = equipment.stream(`${spec.name} discovery`);
        return [spec.component, new Registry(spec, balancers, random, calendar.now, controls)];
      }),
    );
  }

  /**
   * An instance of a component is away, for this reason, or no more.
   * @returns false where nobody keeps a list of the component's instances
   */
  tell(component: number, instance: number, why: Reason, away: boolean): boolean {
    const list = this.lists.get(component);
    list?.tell(instance, why, away);
    return list !== undefined;
  }
}

/** The registry's list of one component, and the copy of it that callers go by until they ask for it again. */
class Registry {
  private readonly spec: DiscoverySpec;
  private readonly leases: LeaseList;
  private readonly balancers: readonly HealthyBalancer[];
  private readonly clock: Float64Array;
  private readonly controls: Controls;
  /** Its first number is a new copy; then, of each instance, that its lease may have run out. */
  private readonly first: number;
  /** When the first copy was asked for, and the first heartbeat of each instance was sent. */
  private readonly phase: number;
  private readonly beats: Float64Array;
  /** By instance, the reasons for which it is away. */
  private readonly away: Uint8Array;
  private isCopying = false;

  constructor(
    spec: DiscoverySpec,
    balancers: readonly HealthyBalancer[],
    random: RandomStream,
    clock: Float64Array,
    controls: Controls,
  ) {
    const { instances, heartbeat, expire, refresh } = spec;
    this.spec = spec;
    this.leases = new LeaseList(instances, expire);
    this.balancers = balancers;
    this.clock = clock;
    this.controls = controls;
    this.first = controls.reserve(1 + instances, (number) => this.act(number));
    this.phase = random.next() * refresh;
    this.beats = Float64Array.from({ length: instances }, () => random.next() * heartbeat);
    this.away = new Uint8Array(instances);
    for (let instance = 0; instance < instances; instance++) {
      if (balancers.every((balancer) => balancer.available(instance))) continue;
      this.away[instance] = UNORDERED;
      this.leases.leave(instance);
    }
    for (const balancer of balancers)
      balancer.offers = (instance, offered) => this.tell(instance, UNORDERED, !offered);
  }

  tell(instance: number, why: Reason, away: boolean): void {
    const { leases, spec } = this;
    const now = this.clock[0]!;
    const before = this.away[instance]!;
    const after = away ? before | why : before & ~why;
    this.away[instance] = after;
    if (after === before) return;
    if (after === 0) leases.renew(instance, now);
    else if ((after & (DRAINED | UNORDERED)) !== 0) leases.leave(instance);
    else if (before === 0) {
      const since = spec.heartbeat === 0 ? 0 : (now - this.beats[instance]!) % spec.heartbeat;
      leases.renew(instance, now - (since < 0 ? since + spec.heartbeat : since));
      this.controls.at(Math.max(now, leases.expiry(instance)), this.first + 1 + instance);
      return;
    }
    this.copyNext();
  }

  private act(number: number): void {
    if (number === 0) this.copy();
    else {
      const instance = number - 1;
      if (this.away[instance] === 0) return;
      this.leases.expire(instance, this.clock[0]!);
      this.copyNext();
    }
  }

  /** Callers ask for the list at intervals of their own. */
  private copyNext(): void {
    if (this.isCopying) return;
    this.isCopying = true;
    const { refresh } = this.spec;
    const now = this.clock[0]!;
    const turns = refresh === 0 ? 0 : Math.ceil((now - this.phase) / refresh);
    this.controls.at(refresh === 0 ? now : Math.max(now, this.phase + turns * refresh), this.first);
  }

  private copy(): void {
    this.isCopying = false;
    for (let instance = 0; instance < this.spec.instances; instance++) {
      const listed = this.leases.listed(instance);
      for (const balancer of this.balancers) balancer.enlist(instance, listed);
    }
  }
}
