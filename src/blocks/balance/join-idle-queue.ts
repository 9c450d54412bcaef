import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireLength, requireWholeOption } from './checks.ts';

/** Queue of a target that is idle and has not chosen a dispatcher yet. */
const UNDECIDED = 0;
const NOWHERE = -1;

/**
 * Join-idle-queue: a target that falls idle registers at one dispatcher, drawn at random; a request comes to a
 * random dispatcher and goes to the target that waits longest there, or to any one at random where none does. So
 * nothing is asked on the way of a request, and dispatchers need not know of each other (Lu, Xie, Kliot, Geller,
 * Larus & Greenberg, Performance Evaluation 68(11), 2011, JIQ-Random). One dispatcher knows every idle target.
 *
 * A request that starts withdraws the registration, also where it came by chance. Chance comes with picks, so what
 * fell idle since the last pick chooses its dispatcher at the next one: that is all the same.
 */
export class JoinIdleQueueBalancer extends CountingBalancer {
  private readonly dispatchers: number;
  /** Queues as rings through a head each: 0 of the undecided, 1 + d of dispatcher d. Heads come after targets. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** The queue a target is in, or NOWHERE. */
  private readonly queueOf: Int32Array;

  /** @throws RangeError when `dispatchers` is not a whole number from 1 to 2^24 */
  constructor(targets: number, dispatchers = 1) {
    super(targets);
    requireWholeOption('dispatchers', dispatchers, 1, 2 ** 24);
    this.dispatchers = dispatchers;
    this.next = Int32Array.from(new Uint8Array(targets + 1 + dispatchers).keys());
    this.previous = this.next.slice();
    this.queueOf = new Int32Array(targets).fill(NOWHERE);
    for (let target = 0; target < targets; target++) this.join(target, UNDECIDED);
  }

  pick(random: Random): number {
    const { dispatchers, next, targets, up, upCount } = this;
    if (upCount === 0) return -1;
    for (let target = next[targets]!; target < targets; target = next[targets]!) {
      this.leave(target);
      this.join(target, 1 + draw(random, dispatchers));
    }
    const queue = 1 + draw(random, dispatchers);
    const waiting = next[targets + queue]!;
    if (waiting >= targets) return up[Math.floor(random.next() * upCount)]!;
    // To the end, so that picks without a start go round.
    this.leave(waiting);
    this.join(waiting, queue);
    return waiting;
  }

  override started(target: number, now: number): void {
    super.started(target, now);
    this.leave(target);
  }

  override finished(target: number, now: number, latency: number, ok: boolean): void {
    super.finished(target, now, latency, ok);
    if (this.inFlight[target] === 0 && this.isUp[target] === 1) this.join(target, UNDECIDED);
  }

  protected override availabilityChanged(target: number, available: boolean): void {
    if (!available) this.leave(target);
    else if (this.inFlight[target] === 0) this.join(target, UNDECIDED);
  }

  /** Targets and their queues, in pairs, each queue from its head on. */
  protected override own(): number[] {
    const pairs: number[] = [];
    for (let queue = 0; queue <= this.dispatchers; queue++) {
      for (let at = this.next[this.targets + queue]!; at < this.targets; at = this.next[at]!) {
        pairs.push(at, queue);
      }
    }
    return pairs;
  }

  protected override adoptOwn(own: readonly number[]): void {
    for (let target = 0; target < this.targets; target++) this.leave(target);
    requireLength('state.own', own, 2 * this.idle());
    for (let i = 0; i < own.length; i += 2) {
      const target = own[i]!;
      const queue = own[i + 1]!;
      this.requireTarget(target);
      const idle = this.isUp[target] === 1 && this.inFlight[target] === 0;
      const isQueue = Number.isInteger(queue) && queue >= 0 && queue <= this.dispatchers;
      if (!idle || this.queueOf[target] !== NOWHERE || !isQueue) {
        throw new RangeError(`state.own must be idle targets and their queues, got ${own.join()}`);
      }
      this.join(target, queue);
    }
  }

  private idle(): number {
    let count = 0;
    for (let i = 0; i < this.upCount; i++) if (this.inFlight[this.up[i]!] === 0) count++;
    return count;
  }

  private join(target: number, queue: number): void {
    const head = this.targets + queue;
    const last = this.previous[head]!;
    this.next[last] = target;
    this.previous[target] = last;
    this.next[target] = head;
    this.previous[head] = target;
    this.queueOf[target] = queue;
  }

  private leave(target: number): void {
    if (this.queueOf[target] === NOWHERE) return;
    const before = this.previous[target]!;
    const after = this.next[target]!;
    this.next[before] = after;
    this.previous[after] = before;
    this.queueOf[target] = NOWHERE;
  }
}

function draw(random: Random, count: number): number {
  return count === 1 ? 0 : Math.floor(random.next() * count);
}
