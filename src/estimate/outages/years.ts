import { Calendar, createRandom, exponential, type RandomStream, Sampler } from '../../kernel/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { Failover } from '../kind.ts';
import { type Cause, causeOf } from './causes.ts';
import type { Groups } from './groups.ts';
import type { Remains } from './impact.ts';
import type { FailingSystem } from './system.ts';

/** Seconds of a year of 365 days, and of a month of 30. */
export const YEAR = 365 * 86_400;
export const MONTH = 30 * 86_400;

/** What one traffic went through, over all the years. */
export interface Lived {
  /** By year: seconds down, a part of the requests lost counting as that part. */
  readonly downtime: Float64Array;
  /** By year: times that some requests began to fail. */
  readonly outages: Float64Array;
  /** Months in which some requests failed. */
  readonly badMonths: number;
  /** By year: what of the downtime was of this sort. */
  readonly failingOver: Float64Array;
  readonly commonCause: Float64Array;
  /** Seconds down by cause. */
  readonly causes: ReadonlyMap<Cause, number>;
}

/** While they are being lived through. */
interface Living extends Lived {
  badMonths: number;
  readonly causes: Map<Cause, number>;
}

/** The years of a design, and what it took to live them. */
export interface Years {
  readonly years: number;
  /** Things that failed or were repaired, noticed or came back. */
  readonly events: number;
  /** By traffic. */
  readonly traffic: readonly Lived[];
}

interface Effects {
  readonly lost: Float64Array;
  /** By traffic; null where nothing is lost. */
  readonly causes: readonly (Cause | null)[];
}

const NEVER: Distribution = { law: 'constant', value: Number.POSITIVE_INFINITY };
const AT_ONCE: Distribution = { law: 'constant', value: 0 };

/** Failures, repairs and what is noticed of them, from event to event; between two of them nothing changes. */
class Lifetime {
  private readonly system: FailingSystem;
  private readonly years: number;
  private readonly calendar = new Calendar();
  /** First instance of each component, numbered through; the last entry is how many there are. */
  private readonly first: Int32Array;
  private readonly owner: Int32Array;
  /** By instance: failed by itself; how many of its zones are gone; up; gets requests; when that changes, NaN = not. */
  private readonly failed: Uint8Array;
  private readonly up: Uint8Array;
  private readonly listed: Uint8Array;
  private readonly listingAt: Float64Array;
  /** By zone: places that are down and hold it. */
  private readonly zonesDown: Int32Array;
  private readonly placeDown: Uint8Array;
  /** By component. */
  private readonly upCount: Int32Array;
  private readonly listedCount: Int32Array;
  private readonly servingCount: Int32Array;
  private readonly failedCount: Int32Array;
  /** By component whose instances answer in groups; null for others. */
  private readonly groups: readonly (Groups | null)[];
  /** Failed instances that no crew is free for, the first to fail first. */
  private readonly unattended: number[][];
  private readonly levels: string[];
  private readonly degraded = new Set<number>();
  /** By router: which targets it takes to be well, and when it learns otherwise. */
  private readonly well: (boolean[] | null)[];
  private readonly learningAt: Float64Array[];
  private readonly firstTarget: Int32Array;
  private readonly ages: readonly RandomStream[];
  private readonly repairs: readonly Sampler[];
  private readonly leaves: readonly Sampler[];
  private readonly returns: readonly Sampler[];
  private readonly placeAges: readonly RandomStream[];
  private readonly placeRepairs: readonly Sampler[];
  private readonly learns: readonly Sampler[];
  private readonly trusts: readonly Sampler[];
  private readonly memo = new Map<string, Effects>();
  private effects: Effects;
  private since = 0;
  private readonly lived: readonly Living[];
  private readonly lastBadMonth: Int32Array;

  constructor(system: FailingSystem, years: number, seed: number, stage: number) {
    const { components, places, routers, plan } = system;
    this.system = system;
    this.years = years;
    this.first = new Int32Array(components.length + 1);
    for (const [c, { instances }] of components.entries()) this.first[c + 1] = this.first[c]! + instances;
    const count = this.first[components.length]!;
    this.owner = new Int32Array(count);
    for (const [c] of components.entries()) this.owner.fill(c, this.first[c]!, this.first[c + 1]!);
    this.failed = new Uint8Array(count);
    this.up = new Uint8Array(count).fill(1);
    this.listed = new Uint8Array(count).fill(1);
    this.listingAt = new Float64Array(count).fill(Number.NaN);
    this.zonesDown = new Int32Array(plan.places?.zones.length ?? 0);
    this.placeDown = new Uint8Array(places.length);
    const instances = components.map((each) => each.instances);
    this.upCount = Int32Array.from(instances);
    this.listedCount = Int32Array.from(instances);
    this.servingCount = Int32Array.from(instances);
    this.failedCount = new Int32Array(components.length);
    this.groups = components.map(({ groups }) => groups?.() ?? null);
    this.unattended = components.map(() => []);
    this.levels = components.map(() => '');
    this.well = routers.map(() => null);
    this.learningAt = routers.map(({ targets }) => new Float64Array(targets.length).fill(Number.NaN));
    this.firstTarget = new Int32Array(routers.length + 1);
    for (const [r, { targets }] of routers.entries())
      this.firstTarget[r + 1] = this.firstTarget[r]! + targets.length;
    const stream = (purpose: string): RandomStream => createRandom(seed, `${purpose} ${stage}`);
    const sampler = (law: Distribution, purpose: string): Sampler => new Sampler(law, stream(purpose));
    this.ages = components.map(({ name }) => stream(`failures of ${name}`));
    this.repairs = components.map(({ name, reliability }) =>
      sampler(reliability?.mttr ?? AT_ONCE, `repairs of ${name}`),
    );
    this.leaves = components.map(({ name, failover }) => sampler(leaving(failover), `failover of ${name}`));
    this.returns = components.map(({ name, failover }) =>
      sampler(failover?.back ?? AT_ONCE, `return of ${name}`),
    );
    this.placeAges = places.map(({ name }) => stream(`outages of ${name}`));
    this.placeRepairs = places.map(({ name, reliability }) =>
      sampler(reliability.mttr, `ends of outages of ${name}`),
    );
    const routed = routers.map(({ component, failover }) => ({
      name: components[component]!.name,
      failover,
    }));
    this.learns = routed.map(({ name, failover }) => sampler(leaving(failover), `rerouting of ${name}`));
    this.trusts = routed.map(({ name, failover }) => sampler(failover.back, `routing back of ${name}`));
    this.effects = { lost: new Float64Array(plan.traffic.length), causes: plan.traffic.map(() => null) };
    this.memo.set('', this.effects);
    this.lived = plan.traffic.map(() => ({
      downtime: new Float64Array(years),
      outages: new Float64Array(years),
      failingOver: new Float64Array(years),
      commonCause: new Float64Array(years),
      badMonths: 0,
      causes: new Map(),
    }));
    this.lastBadMonth = new Int32Array(plan.traffic.length).fill(-1);
  }

  run(): Years {
    const { calendar, system } = this;
    const count = this.owner.length;
    const placesFrom = 2 * count;
    const targetsFrom = placesFrom + system.places.length;
    for (let i = 0; i < count; i++) this.age(i);
    for (const [p] of system.places.entries()) this.agePlace(p, placesFrom);
    // The first year, which begins with all well, is not counted.
    const end = (this.years + 1) * YEAR;
    let events = 0;
    while (calendar.peekTime() < end) {
      const event = calendar.pop();
      const now = calendar.now[0]!;
      this.live(now);
      if (now >= YEAR) events++;
      if (event < count) this.toggle(event);
      else if (event < placesFrom) this.relist(event - count, now);
      else if (event < targetsFrom) this.togglePlace(event - placesFrom, placesFrom);
      else this.learn(event - targetsFrom, now);
      this.turn(now);
    }
    this.live(end);
    return { years: this.years, events, traffic: this.lived };
  }

  /** Puts the time since the last change to the account of those years. */
  private live(now: number): void {
    const { lost, causes } = this.effects;
    for (let t = 0; t < lost.length; t++) {
      const share = lost[t]!;
      if (share === 0) continue;
      const of = this.lived[t]!;
      let from = Math.max(YEAR, this.since);
      if (from >= now) continue;
      const cause = causes[t]!;
      of.causes.set(cause, (of.causes.get(cause) ?? 0) + share * (now - from));
      const month = Math.floor((from - YEAR) / MONTH);
      const last = Math.floor((now - YEAR) / MONTH);
      of.badMonths += last - Math.max(month, this.lastBadMonth[t]! + 1) + 1;
      this.lastBadMonth[t] = last;
      while (from < now) {
        const year = Math.floor(from / YEAR);
        const to = Math.min(now, (year + 1) * YEAR);
        const seconds = share * (to - from);
        of.downtime[year - 1]! += seconds;
        if (cause.sort === 'failing over') of.failingOver[year - 1]! += seconds;
        else if (cause.sort === 'common cause') of.commonCause[year - 1]! += seconds;
        from = to;
      }
    }
    this.since = now;
  }

  /** Looks what has become of the traffic after a change. */
  private turn(now: number): void {
    const key = this.key();
    let next = this.memo.get(key);
    if (next === undefined) {
      next = this.look();
      this.memo.set(key, next);
    }
    if (next === this.effects) return;
    const before = this.effects.lost;
    this.effects = next;
    if (now < YEAR) return;
    const year = Math.min(this.years - 1, Math.floor(now / YEAR) - 1);
    for (let t = 0; t < before.length; t++) {
      if (before[t] !== 0 || next.lost[t] === 0) continue;
      const { outages } = this.lived[t]!;
      outages[year] = outages[year]! + 1;
    }
  }

  private key(): string {
    if (this.degraded.size === 0 && this.well.every((each) => each === null)) return '';
    const levels = [...this.degraded].sort((a, b) => a - b).map((c) => this.levels[c]);
    const routing = this.well.map((each) => each?.map(Number).join('') ?? '');
    return `${levels.join(' ')}|${this.placeDown.includes(1) ? this.placeDown.join('') : ''}|${routing.join(' ')}`;
  }

  private remains(component: number): Remains {
    const groups = this.groups[component]?.by;
    return {
      component,
      ...(groups && { groups }),
      serving: this.servingCount[component]!,
      listed: this.listedCount[component]!,
      up: this.upCount[component]!,
    };
  }

  private look(): Effects {
    const { impact } = this.system;
    const state = [...this.degraded].sort((a, b) => a - b).map((c) => this.remains(c));
    const { lost, because } = impact.effect(state, this.well);
    const down = this.system.places.filter((_, p) => this.placeDown[p] === 1);
    const causes = because.map((indices, t) =>
      lost[t] === 0
        ? null
        : causeOf(
            indices.map((i) => ({ remains: state[i]!, failed: this.failedCount[state[i]!.component]! > 0 })),
            down,
            this.well,
            this.system,
          ),
    );
    return { lost, causes };
  }

  /** Draws when an instance fails that is well. */
  private age(instance: number): void {
    const c = this.owner[instance]!;
    const mtbf = this.system.components[c]!.reliability?.mtbf ?? Number.POSITIVE_INFINITY;
    if (mtbf === Number.POSITIVE_INFINITY) return;
    this.calendar.push(this.calendar.now[0]! + mtbf * exponential(this.ages[c]!), instance);
  }

  /** An instance fails, or is repaired. */
  private toggle(instance: number): void {
    const c = this.owner[instance]!;
    const fails = this.failed[instance] === 0;
    this.failed[instance] = fails ? 1 : 0;
    this.failedCount[c] = this.failedCount[c]! + (fails ? 1 : -1);
    if (fails) this.attend(instance, c);
    else {
      this.age(instance);
      const next = this.unattended[c]!.shift();
      if (next !== undefined) this.repair(next, c);
    }
    this.settle(instance);
  }

  /** The repair of an instance that has just failed begins, or waits for one that goes on. */
  private attend(instance: number, component: number): void {
    const crews = this.system.components[component]!.reliability?.crews ?? Number.POSITIVE_INFINITY;
    if (this.failedCount[component]! <= crews) this.repair(instance, component);
    else this.unattended[component]!.push(instance);
  }

  private repair(instance: number, component: number): void {
    this.calendar.push(this.calendar.now[0]! + this.repairs[component]!.draw(), instance);
  }

  private agePlace(place: number, placesFrom: number): void {
    const { mtbf } = this.system.places[place]!.reliability;
    const at = this.calendar.now[0]! + mtbf * exponential(this.placeAges[place]!);
    this.calendar.push(at, placesFrom + place);
  }

  /** A place fails with all that stands there, or is repaired. */
  private togglePlace(place: number, placesFrom: number): void {
    const fails = this.placeDown[place] === 0;
    this.placeDown[place] = fails ? 1 : 0;
    if (fails) {
      const at = this.calendar.now[0]! + this.placeRepairs[place]!.draw();
      this.calendar.push(at, placesFrom + place);
    } else this.agePlace(place, placesFrom);
    for (const zone of this.system.places[place]!.zones) {
      this.zonesDown[zone] = this.zonesDown[zone]! + (fails ? 1 : -1);
    }
    for (let i = 0; i < this.owner.length; i++) this.settle(i);
  }

  /** Whether an instance is up follows from what failed; others notice that later, or now. */
  private settle(instance: number): void {
    const c = this.owner[instance]!;
    const zones = this.system.components[c]!.zones[instance - this.first[c]!]!;
    const gone = zones.length > 0 && zones.every((zone) => this.zonesDown[zone]! > 0);
    const up = this.failed[instance] === 0 && !gone ? 1 : 0;
    if (up !== this.up[instance]) {
      this.up[instance] = up;
      this.upCount[c] = this.upCount[c]! + (up === 1 ? 1 : -1);
      this.servingCount[c] = this.servingCount[c]! + this.listed[instance]! * (up === 1 ? 1 : -1);
      this.notice(instance, c, up);
      this.regroup(instance, c);
      if (this.upCount[c] === 0 || (up === 1 && this.upCount[c] === 1)) this.tellRouters(c, up === 1);
    }
    this.weigh(c);
  }

  private regroup(instance: number, component: number): void {
    const own = instance - this.first[component]!;
    this.groups[component]?.changed(own, this.up[instance] === 1, this.listed[instance] === 1);
  }

  /** Those who choose among the instances find out that one is down or up. */
  private notice(instance: number, component: number, up: number): void {
    const { failover, rate } = this.system.components[component]!;
    if (this.listed[instance] === up) {
      this.listingAt[instance] = Number.NaN;
      return;
    }
    let wait = 0;
    if (failover !== null) {
      wait = (up === 1 ? this.returns : this.leaves)[component]!.draw();
      const { afterFailures } = failover;
      if (up === 0 && afterFailures !== undefined) wait = Math.min(wait, afterFailures / rate);
    }
    if (wait === 0) this.list(instance, component, up);
    else {
      const at = this.calendar.now[0]! + wait;
      this.listingAt[instance] = at;
      if (at < Number.POSITIVE_INFINITY) this.calendar.push(at, this.owner.length + instance);
    }
  }

  private relist(instance: number, now: number): void {
    // What was to be noticed may be over.
    if (this.listingAt[instance] !== now) return;
    this.listingAt[instance] = Number.NaN;
    const c = this.owner[instance]!;
    this.list(instance, c, this.up[instance]!);
    this.regroup(instance, c);
    this.weigh(c);
  }

  private list(instance: number, component: number, listed: number): void {
    if (this.listed[instance] === listed) return;
    this.listed[instance] = listed;
    const more = listed === 1 ? 1 : -1;
    this.listedCount[component] = this.listedCount[component]! + more;
    this.servingCount[component] = this.servingCount[component]! + more * this.up[instance]!;
  }

  private tellRouters(component: number, up: boolean): void {
    for (const [r, { targets }] of this.system.routers.entries()) {
      for (const [i, target] of targets.entries()) {
        if (target !== component) continue;
        const known = this.well[r]?.[i] ?? true;
        if (known === up) {
          this.learningAt[r]![i] = Number.NaN;
          continue;
        }
        const at = this.calendar.now[0]! + (up ? this.trusts : this.learns)[r]!.draw();
        this.learningAt[r]![i] = at;
        const targetsFrom = 2 * this.owner.length + this.system.places.length;
        if (at < Number.POSITIVE_INFINITY) this.calendar.push(at, targetsFrom + this.firstTarget[r]! + i);
      }
    }
  }

  private learn(target: number, now: number): void {
    const r = this.firstTarget.findIndex((next) => next > target) - 1;
    const i = target - this.firstTarget[r]!;
    if (this.learningAt[r]![i] !== now) return;
    this.learningAt[r]![i] = Number.NaN;
    const { targets } = this.system.routers[r]!;
    const well = [...(this.well[r] ?? targets.map(() => true))];
    well[i] = this.upCount[targets[i]!]! > 0;
    this.well[r] = well.every(Boolean) ? null : well;
    // With requests elsewhere, others may be too few.
    for (let c = 0; c < this.levels.length; c++) this.weigh(c);
  }

  /** Notes whether a component does all of its work. */
  private weigh(component: number): void {
    const { impact } = this.system;
    const remains = this.remains(component);
    if (impact.mode(remains, impact.needed(this.well)) === 'well') {
      if (this.degraded.delete(component)) this.levels[component] = '';
      return;
    }
    const { serving, listed, up, groups } = remains;
    const failed = this.failedCount[component]! > 0 ? 'f' : '';
    this.levels[component] =
      `${component}:${serving}/${listed}/${up}${failed}${groups === undefined ? '' : `/${groups.join('.')}`}`;
    this.degraded.add(component);
  }
}

function leaving(failover: Failover | null): Distribution {
  if (failover === null) return AT_ONCE;
  return failover.leftOut ?? NEVER;
}

/**
 * Lives through so many years of failures and repairs.
 *
 * @param stage another one has other chances for the same seed
 */
export function liveThrough(system: FailingSystem, years: number, seed: number, stage: number): Years {
  return new Lifetime(system, years, seed, stage).run();
}
