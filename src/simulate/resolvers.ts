import { type Balancer, createBalancer, RiseFall } from '../blocks/index.ts';
import type { Calendar, RandomStream, Sampler } from '../kernel/index.ts';
import type { Controls } from './controls.ts';
import { Delegations } from './delegations.ts';
import type { Equipment } from './equipment.ts';
import type * as event from './events.ts';
import type { Faults } from './faults/faults.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { Model } from './model.ts';
import type { NameServerSpec, NameSpec } from './program/forwarding-specs.ts';
import type * as op from './program/instructions.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const FIELDS = 16 satisfies typeof field.FIELDS;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

/**
 * Names that stand for several components: which of them each resolver remembers, and until when; and the name
 * servers, which probe the components and answer the resolvers. A client asks one of the resolvers, at random.
 */
export class Resolvers {
  private readonly names: readonly NameSpec[];
  private readonly servers: readonly NameServer[];
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly calendar: Calendar;

  constructor(model: Model, { stream, samplers }: Equipment, frames: Frames, calendar: Calendar) {
    this.names = model.names;
    this.servers = model.nameServers.map(
      (spec) =>
        new NameServer(spec, samplers, stream(`${spec.name} names`), stream(`${spec.name} hierarchy`)),
    );
    this.code = model.code;
    this.frames = frames;
    this.calendar = calendar;
  }

  /** Has every name server that checks probe its components, from now on. */
  watch(faults: Faults, controls: Controls): void {
    for (const server of this.servers) {
      const { check, of, targets } = server.spec;
      if (check === null) continue;
      const first = controls.reserve(1, () => {
        for (const [target, component] of targets.entries())
          server.probed(target, faults.answers(of, component));
        controls.at(this.calendar.now[0]! + check.every, first);
      });
      controls.at(server.random.next() * check.every, first);
    }
  }

  /**
   * RESOLVE.
   * @returns where the frame goes on, or −1 when it waits for a lookup
   */
  execute(frame: number, pc: number, fp: number): number {
    const { server, targets, groups } = this.names[this.code[pc + 1]!]!;
    const slot = this.code[pc + 2]!;
    const door = this.code[pc + 3]!;
    const now = this.calendar.now[0]!;
    const known = this.servers[server]!;
    const { stack } = this.frames;
    const asker = stack[fp + SLOT_INSTANCE]!;
    const group = groups === null ? 0 : groups[asker % groups.length]!;
    const entry = slot >= 0 && door < 0 ? stack[fp + slot]! : known.entryOf(group);
    if (door >= 0) {
      stack[fp + slot] = entry;
      if (!known.remembers(entry, now)) return door;
    }
    known.lookUp(group, entry, now);
    const to = targets[known.answers[entry]!]!;
    const knownAt = known.knownAt[entry]!;
    if (knownAt <= now) return to;
    this.frames.ints[frame * FIELDS + PC] = to;
    this.frames.ints[frame * FIELDS + FP] = fp;
    this.calendar.push(knownAt, RESUME + 8 * frame);
    return WAITS;
  }
}

/**
 * One name, and what resolvers remember of it: group by group, first of the clients that heed the time to live, then
 * of the others.
 */
class NameServer {
  readonly spec: NameServerSpec;
  readonly random: RandomStream;
  /** By entry: the target, since when it is known, and until when. */
  readonly answers: Int32Array;
  readonly knownAt: Float64Array;
  private readonly expiresAt: Float64Array;
  private readonly lookup: Sampler;
  /** null where lookups are answered by the name's own server at once. */
  private readonly delegations: Delegations | null;
  private readonly health: RiseFall;
  /** null where answers go by order. */
  private readonly balancer: Balancer | null;

  constructor(
    spec: NameServerSpec,
    samplers: readonly Sampler[],
    random: RandomStream,
    ofDelegations: RandomStream,
  ) {
    const { targets, routing, weights, check, resolvers, groups, hierarchy } = spec;
    this.spec = spec;
    this.lookup = samplers[spec.lookup]!;
    this.delegations =
      hierarchy === null
        ? null
        : new Delegations(
            hierarchy,
            { root: samplers[hierarchy.root]!, tld: samplers[hierarchy.tld]! },
            resolvers * groups.length,
            ofDelegations,
          );
    this.random = random;
    this.health = new RiseFall(targets.length, check === null ? {} : { rise: check.rise, fall: check.fall });
    this.balancer =
      routing === 'ordered'
        ? null
        : createBalancer(routing === 'weighted' ? 'random' : 'round-robin', targets.length, {
            ...(routing === 'weighted' && weights !== null && { weights }),
          });
    this.answers = new Int32Array(2 * resolvers * groups.length);
    this.knownAt = new Float64Array(2 * resolvers * groups.length);
    this.expiresAt = new Float64Array(2 * resolvers * groups.length);
    this.remember();
  }

  /** The entry of a client that asks one of the resolvers of a group. */
  entryOf(group: number): number {
    const { resolvers, stale } = this.spec;
    const resolver = Math.floor(this.random.next() * resolvers);
    const isStale = stale > 0 && this.random.next() < stale;
    return 2 * resolvers * group + (isStale ? resolver + resolvers : resolver);
  }

  /** Whether the answer is there, or on its way. */
  remembers(entry: number, now: number): boolean {
    return now < this.expiresAt[entry]!;
  }

  /** Where the answer is not known any more, a lookup begins. */
  lookUp(group: number, entry: number, now: number): void {
    if (this.remembers(entry, now)) return;
    const { resolvers, ttl, staleTimes } = this.spec;
    const number = entry - 2 * resolvers * group;
    const resolver = number % resolvers;
    this.answers[entry] = this.answer(group, now);
    const found = now + (this.delegations?.find(resolvers * group + resolver, now) ?? 0);
    this.knownAt[entry] = found + this.lookup.draw();
    this.expiresAt[entry] = this.knownAt[entry]! + (number >= resolvers ? staleTimes * ttl : ttl);
  }

  /** A probe of a target came out well or badly. */
  probed(target: number, ok: boolean): void {
    const was = this.health.up(target);
    const is = this.health.probed(target, ok);
    if (was === is || this.balancer === null) return;
    // With none left, answers are as if all were well: one of them may be.
    const none = this.health.first() < 0;
    for (let each = 0; each < this.spec.targets.length; each++) {
      this.balancer.setAvailable(each, none || this.health.up(each));
    }
  }

  private answer(group: number, now: number): number {
    if (this.balancer !== null) return this.balancer.pick(this.random, now, 0);
    const { order } = this.spec.groups[group]!;
    const well = this.health.first(order ?? undefined);
    return well < 0 ? (order?.[0] ?? 0) : well;
  }

  /** As after a long time: a resolver asked at rate λ knows an answer for λT/(1 + λT) of the time, and one of any age. */
  private remember(): void {
    const { resolvers, stale, ttl, staleTimes, groups } = this.spec;
    for (const [group, { rate }] of groups.entries()) {
      for (let number = 0; number < 2 * resolvers; number++) {
        const isStale = number >= resolvers;
        const life = isStale ? staleTimes * ttl : ttl;
        const asked = ((isStale ? stale : 1 - stale) * rate * life) / resolvers;
        const knows = this.random.next() < asked / (1 + asked);
        const entry = 2 * resolvers * group + number;
        this.answers[entry] = this.answer(group, 0);
        this.expiresAt[entry] = knows ? this.random.next() * life : 0;
      }
      const each = rate / resolvers;
      for (let resolver = 0; resolver < resolvers; resolver++)
        this.delegations?.remember(resolvers * group + resolver, each / (1 + each * ttl));
    }
  }
}
