import { createRandom } from '../../kernel/index.ts';
import { FrequencySketch } from './frequency-sketch.ts';
import type { EvictionPolicy } from './index.ts';

/** What a policy knows of the entries: the oldest first, by key. */
export abstract class PolicyModel {
  readonly weights = new Map<number, number>();
  readonly capacity: number;
  private peak = 8;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  abstract accessed(key: number): void;
  abstract enter(key: number, frequency: number): void;
  abstract leave(key: number): void;
  /** The key to evict, other than `spared`. */
  abstract victim(spared: number, incoming: number): number;
  abstract clear(): void;
  expect(_key: number, _weight: number): void {
    // Most policies have no memory.
  }

  /** Slots of the cache itself: they double from 8, and never more ghosts than slots are kept. */
  protected slots(): number {
    while (this.peak < this.weights.size) this.peak *= 2;
    return this.peak;
  }

  protected total(keys: readonly number[]): number {
    return keys.reduce((sum, key) => sum + this.weights.get(key)!, 0);
  }
}

function take(keys: number[], key: number): boolean {
  const at = keys.indexOf(key);
  if (at >= 0) keys.splice(at, 1);
  return at >= 0;
}

class Queue extends PolicyModel {
  protected keys: number[] = [];
  protected readonly byRecency: boolean;

  constructor(capacity: number, byRecency: boolean) {
    super(capacity);
    this.byRecency = byRecency;
  }

  accessed(key: number): void {
    if (this.byRecency && take(this.keys, key)) this.keys.push(key);
  }

  enter(key: number, _frequency: number): void {
    this.keys.push(key);
  }

  leave(key: number): void {
    take(this.keys, key);
  }

  victim(spared: number): number {
    return this.keys.find((key) => key !== spared)!;
  }

  clear(): void {
    this.keys = [];
  }
}

class Lfu extends Queue {
  private readonly counts = new Map<number, number>();

  constructor(capacity: number) {
    super(capacity, true);
  }

  override accessed(key: number): void {
    this.counts.set(key, this.counts.get(key)! + 1);
    super.accessed(key);
  }

  override enter(key: number, frequency: number): void {
    this.counts.set(key, frequency);
    super.enter(key, frequency);
  }

  override victim(spared: number): number {
    const others = this.keys.filter((key) => key !== spared);
    const least = Math.min(...others.map((key) => this.counts.get(key)!));
    return others.find((key) => this.counts.get(key) === least)!;
  }
}

class Clock extends Queue {
  protected readonly marked = new Set<number>();

  constructor(capacity: number) {
    super(capacity, false);
  }

  override accessed(key: number): void {
    this.marked.add(key);
  }

  override enter(key: number, frequency: number): void {
    super.enter(key, frequency);
    if (frequency > 1) this.marked.add(key);
    else this.marked.delete(key);
  }

  override victim(spared: number): number {
    while (this.keys[0] === spared || this.marked.has(this.keys[0]!)) {
      const passed = this.keys.shift()!;
      this.marked.delete(passed);
      this.keys.push(passed);
    }
    return this.keys[0]!;
  }
}

class Sieve extends Clock {
  private hand = 0;

  override leave(key: number): void {
    const at = this.keys.indexOf(key);
    super.leave(key);
    if (at < this.hand) this.hand--;
    if (this.hand === this.keys.length) this.hand = 0;
  }

  override victim(spared: number): number {
    // What came in while the hand was at the end is not under it.
    for (;;) {
      const key = this.keys[this.hand]!;
      if (key !== spared && !this.marked.delete(key)) return key;
      this.hand = (this.hand + 1) % this.keys.length;
    }
  }

  override clear(): void {
    super.clear();
    this.hand = 0;
  }
}

type Ghost = [key: number, weight: number];

function ghostWeight(ghosts: readonly Ghost[]): number {
  return ghosts.reduce((sum, [, weight]) => sum + weight, 0);
}

function takeGhost(ghosts: Ghost[], key: number): boolean {
  const at = ghosts.findIndex(([other]) => other === key);
  if (at >= 0) ghosts.splice(at, 1);
  return at >= 0;
}

class S3Fifo extends PolicyModel {
  private small: number[] = [];
  private main: number[] = [];
  private ghosts: Ghost[] = [];
  private readonly hits = new Map<number, number>();
  private met = false;

  accessed(key: number): void {
    this.hits.set(key, Math.min(3, this.hits.get(key)! + 1));
  }

  override expect(key: number): void {
    this.met = takeGhost(this.ghosts, key);
  }

  enter(key: number, frequency: number): void {
    (this.met || frequency > 1 ? this.main : this.small).push(key);
    this.hits.set(key, Math.min(3, frequency - 1));
    this.met = false;
  }

  leave(key: number): void {
    take(this.small, key);
    take(this.main, key);
  }

  victim(spared: number): number {
    const inMain = this.main.some((key) => key !== spared);
    if (this.total(this.small) >= 0.1 * this.capacity || !inMain) {
      while (this.small.length > 0) {
        const key = this.small[0]!;
        if (key !== spared && this.hits.get(key)! <= 1) {
          takeGhost(this.ghosts, key);
          this.ghosts.push([key, this.weights.get(key)!]);
          while (ghostWeight(this.ghosts) > this.capacity - 0.1 * this.capacity) this.ghosts.shift();
          while (this.ghosts.length > this.slots()) this.ghosts.shift();
          return key;
        }
        this.main.push(this.small.shift()!);
        this.hits.set(key, 0);
      }
    }
    for (;;) {
      const key = this.main[0]!;
      const hits = this.hits.get(key)!;
      if (key !== spared && hits === 0) return key;
      this.hits.set(key, Math.max(0, hits - 1));
      this.main.push(this.main.shift()!);
    }
  }

  clear(): void {
    this.small = [];
    this.main = [];
    this.ghosts = [];
    this.met = false;
  }
}

class Arc extends PolicyModel {
  private t1: number[] = [];
  private t2: number[] = [];
  private b1: Ghost[] = [];
  private b2: Ghost[] = [];
  private p = 0;
  private met: 'nowhere' | 'b1' | 'b2' = 'nowhere';

  accessed(key: number): void {
    this.leave(key);
    this.t2.push(key);
  }

  override expect(key: number, weight: number): void {
    const [g1, g2] = [ghostWeight(this.b1), ghostWeight(this.b2)];
    const c = this.capacity;
    this.met = 'nowhere';
    if (takeGhost(this.b1, key)) {
      this.met = 'b1';
      this.p = Math.min(c, this.p + (g1 > 0 ? Math.max(1, g2 / g1) : 1) * weight);
    } else if (takeGhost(this.b2, key)) {
      this.met = 'b2';
      this.p = Math.max(0, this.p - (g2 > 0 ? Math.max(1, g1 / g2) : 1) * weight);
    } else {
      const l1 = () => this.total(this.t1) + ghostWeight(this.b1) + weight;
      while (this.b1.length > 0 && l1() > c) this.b1.shift();
      const all = () => l1() + this.total(this.t2) + ghostWeight(this.b2);
      while (this.b2.length > 0 && all() > 2 * c) this.b2.shift();
    }
  }

  enter(key: number, frequency: number): void {
    (this.met !== 'nowhere' || frequency > 1 ? this.t2 : this.t1).push(key);
    this.met = 'nowhere';
  }

  leave(key: number): void {
    take(this.t1, key);
    take(this.t2, key);
  }

  victim(spared: number, incoming: number): number {
    const once = this.t1.find((key) => key !== spared);
    const often = this.t2.find((key) => key !== spared);
    const w1 = this.total(this.t1);
    if (once !== undefined && this.met === 'nowhere' && w1 + incoming > this.capacity) return once;
    const fromT1 = w1 > this.p || (this.met === 'b2' && w1 === this.p);
    const key = once !== undefined && (fromT1 || often === undefined) ? once : often!;
    takeGhost(this.b1, key);
    takeGhost(this.b2, key);
    const [own, other] = key === once ? [this.b1, this.b2] : [this.b2, this.b1];
    own.push([key, this.weights.get(key)!]);
    while (own.length + other.length > this.slots()) (own.length > 1 ? own : other).shift();
    return key;
  }

  clear(): void {
    this.t1 = [];
    this.t2 = [];
    this.b1 = [];
    this.b2 = [];
    this.p = 0;
    this.met = 'nowhere';
  }
}

class WTinyLfu extends PolicyModel {
  private window: number[] = [];
  private probation: number[] = [];
  private guarded: number[] = [];
  private readonly sketch = new FrequencySketch();

  accessed(key: number): void {
    this.sketch.increment(key);
    if (take(this.window, key)) this.window.push(key);
    else {
      this.leave(key);
      this.guarded.push(key);
      this.demote();
    }
  }

  enter(key: number, frequency: number): void {
    this.sketch.reserve(this.weights.size);
    for (let i = 0; i < frequency; i++) this.sketch.increment(key);
    if (frequency > 1) {
      this.guarded.push(key);
      this.demote();
      return;
    }
    this.window.push(key);
    while (this.window.length > 1 && this.total(this.window) > 0.01 * this.capacity) {
      this.probation.push(this.window.shift()!);
    }
  }

  leave(key: number): void {
    take(this.window, key);
    take(this.probation, key);
    take(this.guarded, key);
  }

  victim(spared: number, incoming: number): number {
    const candidate = this.window.find((key) => key !== spared);
    const held = [...this.probation, ...this.guarded].find((key) => key !== spared);
    if (held === undefined) return candidate!;
    if (candidate === undefined || this.total(this.window) + incoming <= 0.01 * this.capacity) return held;
    if (this.sketch.frequency(candidate) <= this.sketch.frequency(held)) return candidate;
    take(this.window, candidate);
    this.probation.push(candidate);
    return held;
  }

  clear(): void {
    this.window = [];
    this.probation = [];
    this.guarded = [];
    this.sketch.clear();
  }

  private demote(): void {
    const room = 0.8 * (this.capacity - 0.01 * this.capacity);
    while (this.total(this.guarded) > room) this.probation.push(this.guarded.shift()!);
  }
}

/** The seed of the random source that `random` caches are compared with. */
export const RANDOM_SEED = 5;

class RandomModel extends Queue {
  private readonly random = createRandom(RANDOM_SEED);

  override leave(key: number): void {
    const at = this.keys.indexOf(key);
    if (at < 0) return;
    const last = this.keys.pop()!;
    if (at < this.keys.length) this.keys[at] = last;
  }

  override victim(spared: number): number {
    const others = spared < 0 ? this.keys.length : this.keys.length - 1;
    const drawn = this.keys[Math.floor(this.random.next() * others)]!;
    return drawn === spared ? this.keys[others]! : drawn;
  }
}

export function modelOf(policy: EvictionPolicy, capacity: number): PolicyModel {
  switch (policy) {
    case 'lru':
      return new Queue(capacity, true);
    case 'fifo':
      return new Queue(capacity, false);
    case 'lfu':
      return new Lfu(capacity);
    case 'clock':
      return new Clock(capacity);
    case 'sieve':
      return new Sieve(capacity);
    case 's3-fifo':
      return new S3Fifo(capacity);
    case 'w-tiny-lfu':
      return new WTinyLfu(capacity);
    case 'arc':
      return new Arc(capacity);
    case 'random':
      return new RandomModel(capacity, false);
  }
}
