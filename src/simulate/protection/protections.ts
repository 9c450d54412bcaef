import {
  type AdaptiveThrottle,
  type CallOutcome,
  CircuitBreaker,
  type ConcurrencyLimit,
  createRetryBudget,
  type RateLimiter,
  type RetryBudget,
  RetryPolicy,
  type TripOptions,
} from '../../blocks/index.ts';
import type { PlanBreaker, PlanConcurrency, PlanLimit, PlanRetry } from '../../design/plan.ts';
import type { Calendar, Random } from '../../kernel/index.ts';
import type { Branches } from '../branches.ts';
import type { Refreshing } from '../caching/refreshing.ts';
import type { Equipment } from '../equipment.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import { LocalTime } from '../local-time.ts';
import type { Model } from '../model.ts';
import type { BlockMaker } from '../own-blocks.ts';
import type * as op from '../program/instructions.ts';
import { Doors } from './doors.ts';
import {
  adaptiveThrottle,
  concurrencyLimit,
  forEachInstance,
  renewInstance,
  shareBudget,
} from './protection-blocks.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

const NO_ATTEMPT = -1;

/**
 * What protects callers: blocks as a service would use them, one of each for every instance of the caller, and
 * what a call in progress has to remember for them, in the locals of its frame.
 */
export class Protections {
  private readonly retries: RetryPolicy[];
  private readonly streams: readonly Random[];
  /** By retry, whether it waits as long as it is asked to. */
  private readonly heeds: readonly boolean[];
  private readonly breakers: CircuitBreaker[];
  /** By breaker, whether it asks how long a call took. */
  private readonly slows: readonly boolean[];
  private readonly limiters: RateLimiter[];
  /** The limits of components. */
  readonly doors: Doors;
  private readonly concurrencyLimits: ConcurrencyLimit[];
  private readonly throttles: AdaptiveThrottle[];
  private readonly throttleStreams: readonly Random[];
  private readonly ownRefusals: readonly (readonly number[])[];
  private readonly answers: ReadonlySet<number>;
  private readonly model: Model;
  private readonly makers: Makers;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly calendar: Calendar;
  private readonly refreshing: Refreshing;
  private readonly clock: Float64Array;
  private readonly time = new LocalTime();
  /** A local is 32 bits: a delay fits as a single float. */
  private readonly delay = new Float32Array(1);
  private readonly bits = new Int32Array(this.delay.buffer);

  constructor(
    model: Model,
    equipment: Pick<Equipment, 'stream' | 'blocks' | 'keySpaces' | 'warmup'>,
    frames: Frames,
    branches: Branches,
    calendar: Calendar,
    refreshing: Refreshing,
  ) {
    const { stream, blocks } = equipment;
    const makers = makersOf(stream, blocks);
    this.makers = makers;
    this.model = model;
    this.retries = forEachInstance(model.retries, makers.retry);
    this.streams = forEachInstance(model.retries, (_, purpose) => stream(purpose));
    this.heeds = forEachInstance(model.retries, ({ heed }) => heed !== undefined);
    if (this.heeds.includes(true)) frames.keepWaits();
    this.breakers = forEachInstance(model.breakers, makers.breaker);
    this.slows = forEachInstance(model.breakers, ({ slower }) => slower !== null);
    this.limiters = forEachInstance(model.limiters, makers.limiter);
    this.doors = new Doors(model, equipment, this.limiters, frames, calendar.now);
    this.concurrencyLimits = forEachInstance(model.concurrencyLimits, makers.concurrency);
    this.throttles = forEachInstance(model.throttles, makers.throttle);
    this.throttleStreams = forEachInstance(model.throttles, (_, purpose) => stream(purpose));
    this.ownRefusals = model.ownRefusals;
    this.answers = model.answers;
    this.code = model.code;
    this.frames = frames;
    this.branches = branches;
    this.calendar = calendar;
    this.refreshing = refreshing;
    this.clock = calendar.now;
  }

  /**
   * Does the instruction at `pc`, one of those that protect a call.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const { stack } = this.frames;
    const a = code[pc + 1]! + stack[fp + SLOT_INSTANCE]!;
    const b = code[pc + 2]!;
    const c = code[pc + 3]!;
    switch (code[pc]!) {
      case 26 satisfies typeof op.RETRYING:
        this.begin(a, fp + b);
        return pc + WIDTH;
      case 27 satisfies typeof op.RETRY: {
        const delay = this.next(a, fp + b, frame);
        if (delay < 0) return pc + WIDTH;
        this.branches.countFurther(frame);
        if (delay === 0) return c;
        this.rest(frame, c, fp);
        this.calendar.push(this.clock[0]! + delay, RESUME + 8 * frame);
        return WAITS;
      }
      case 28 satisfies typeof op.PERMIT:
        return this.permit(a, fp + b) ? c : pc + WIDTH;
      case 29 satisfies typeof op.REPORT:
        this.report(a, fp + b, frame);
        return pc + WIDTH;
      default:
        return this.executeOther(frame, pc, fp, a, b, c);
    }
  }

  /** Those that fewer calls have. */
  private executeOther(frame: number, pc: number, fp: number, a: number, b: number, c: number): number {
    const { code } = this;
    const { ints, stack } = this.frames;
    switch (code[pc]!) {
      case 30 satisfies typeof op.LIMIT:
        return this.refused(frame, this.limiters[a]!.tryTake(this.clock[0]!), b) ? c : pc + WIDTH;
      case 31 satisfies typeof op.HEDGE:
        this.rest(frame, pc + WIDTH, fp);
        if (b < 0) this.branches.hedge(frame, pc, stack[fp + SLOT_INSTANCE]! - 1 - b);
        else this.branches.within(frame, code[pc + 1]!, b, c);
        return WAITS;
      case 32 satisfies typeof op.RECOVER:
        ints[frame * FIELDS + STATUS] = 0;
        return pc + WIDTH;
      case 33 satisfies typeof op.OCCUPY:
        if (!this.concurrencyLimits[a]!.tryAcquire(this.clock[0]!)) return pc + WIDTH;
        this.time.put(stack, fp + b, this.clock[0]!);
        return c;
      case 34 satisfies typeof op.VACATE: {
        const now = this.clock[0]!;
        const outcome = this.outcome(ints[frame * FIELDS + STATUS]!, this.ownRefusals[c]!);
        this.concurrencyLimits[a]!.release(now, now - this.time.get(stack, fp + b), outcome);
        return pc + WIDTH;
      }
      case 35 satisfies typeof op.PASS:
        if (this.throttles[a]!.tryPass(this.clock[0]!, this.throttleStreams[a]!)) return pc + WIDTH;
        ints[frame * FIELDS + STATUS] = b;
        return c;
      case 36 satisfies typeof op.ACCEPT: {
        const status = ints[frame * FIELDS + STATUS]!;
        if (status === 0 || this.answers.has(status)) this.throttles[a]!.accepted(this.clock[0]!);
        else this.throttles[a]!.refused(this.clock[0]!);
        return pc + WIDTH;
      }
      case 37 satisfies typeof op.HEDGING:
        this.hedging(a, fp + b, frame, c === 1);
        return pc + WIDTH;
      case 43 satisfies typeof op.ADMIT:
        return this.refused(frame, this.doors.wait(code[pc + 1]!, frame), b) ? c : pc + WIDTH;
      case 67 satisfies typeof op.COUNTED:
        this.doors.counted(frame);
        return pc + WIDTH;
      case 52 satisfies typeof op.VANISH:
        this.branches.vanish(frame);
        return WAITS;
      case 53 satisfies typeof op.CANCEL:
        this.branches.waits!.arrive(frame);
        return WAITS;
      case 54 satisfies typeof op.LATE:
        this.branches.countLate(frame);
        return pc + WIDTH;
      default:
        return this.refreshing.execute(frame, pc, fp);
    }
  }

  /** The frame waits, and goes on at `pc`. */
  private rest(frame: number, pc: number, fp: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
  }

  /** Whether a limit refuses a frame, for this reason, until so many seconds from now. */
  private refused(frame: number, wait: number, reason: number): boolean {
    if (wait === 0) return false;
    const { ints, waits } = this.frames;
    ints[frame * FIELDS + STATUS] = reason;
    if (waits !== null) waits[frame] = wait;
    return true;
  }

  /** An instance of a component has been started again: what it had learned is gone. */
  renew(component: number, instance: number): void {
    const { model, makers } = this;
    renewInstance(model.retries, this.retries, makers.retry, component, instance);
    renewInstance(model.breakers, this.breakers, makers.breaker, component, instance);
    renewInstance(model.limiters, this.limiters, makers.limiter, component, instance);
    renewInstance(model.concurrencyLimits, this.concurrencyLimits, makers.concurrency, component, instance);
    renewInstance(model.throttles, this.throttles, makers.throttle, component, instance);
    this.branches.hedges.renew(component, instance);
  }

  /** How many of a breaker's instances do not let every call through. */
  openBreakers(breaker: number): number {
    const { first, instances } = this.model.breakers[breaker]!;
    let open = 0;
    for (let i = first; i < first + instances; i++) if (this.breakers[i]!.kind !== 'closed') open++;
    return open;
  }

  /** RETRYING. */
  private begin(retry: number, local: number): void {
    const { stack } = this.frames;
    stack[local] = 0;
    // A delay of no time, as a float: all bits are 0.
    stack[local + 1] = 0;
    this.retries[retry]!.started(this.clock[0]!);
  }

  /** RETRY: seconds until the next attempt, after which the failure is forgotten; −1 when there is none. */
  private next(retry: number, local: number, frame: number): number {
    const { stack, ints } = this.frames;
    const policy = this.retries[retry]!;
    const now = this.clock[0]!;
    if (ints[frame * FIELDS + STATUS] === 0) {
      policy.succeeded(now);
      return NO_ATTEMPT;
    }
    const failed = stack[local]! + 1;
    this.bits[0] = stack[local + 1]!;
    const delay = policy.afterFailure(
      failed,
      this.delay[0]!,
      now,
      this.frames.deadlines?.[frame] ?? Number.POSITIVE_INFINITY,
      this.streams[retry]!,
      true,
      this.heeds[retry] ? this.askedWait(frame) : 0,
    );
    if (delay < 0) return NO_ATTEMPT;
    stack[local] = failed;
    this.delay[0] = delay;
    stack[local + 1] = this.bits[0]!;
    ints[frame * FIELDS + STATUS] = 0;
    return delay;
  }

  /** What asks a frame to wait, where it failed by a refusal that does; what became of that on the way counts for more. */
  private askedWait(frame: number): number {
    const { ints, waits } = this.frames;
    return this.model.asksToWait.has(ints[frame * FIELDS + STATUS]!) ? waits![frame]! : 0;
  }

  /** PERMIT: whether the breaker lets a call through. */
  private permit(breaker: number, local: number): boolean {
    const { stack } = this.frames;
    const now = this.clock[0]!;
    const permit = this.breakers[breaker]!.tryAcquire(now);
    if (permit === 0) return false;
    stack[local] = permit;
    if (this.slows[breaker]) this.time.put(stack, local + 1, now);
    return true;
  }

  /** The permit in a local is given back, and the call was neither good nor bad. */
  release(breaker: number, local: number): void {
    this.breakers[breaker]!.release(this.frames.stack[local]!);
  }

  /** The same of a place of a concurrency limit. */
  vacate(limit: number, local: number): void {
    const now = this.clock[0]!;
    const begun = this.time.get(this.frames.stack, local);
    this.concurrencyLimits[limit]!.release(now, now - begun, 'ignored');
  }

  /** REPORT. */
  private report(breaker: number, local: number, frame: number): void {
    const { stack, ints } = this.frames;
    const now = this.clock[0]!;
    const begun = this.slows[breaker] ? this.time.get(stack, local + 1) : now;
    const succeeded = ints[frame * FIELDS + STATUS] === 0;
    this.breakers[breaker]!.report(stack[local]!, now, now - begun, succeeded);
  }

  /**
   * What the end of a call says about load: a timeout or a refusal by the callee is a sign of too much, its `fail` is
   * none, and what the caller refuses itself never came to the callee.
   */
  private outcome(status: number, ownRefusals: readonly number[]): CallOutcome {
    if (status === 0) return 'success';
    return this.answers.has(status) || ownRefusals.includes(status) ? 'ignored' : 'dropped';
  }

  /** HEDGING. Only answers are observed: a failure may come at once, and says nothing about how long they take. */
  private hedging(policy: number, local: number, frame: number, isOver: boolean): void {
    const { stack, ints } = this.frames;
    const now = this.clock[0]!;
    const { hedges } = this.branches;
    if (!isOver) {
      hedges.started(policy, now);
      this.time.put(stack, local, now);
    } else if (ints[frame * FIELDS + STATUS] === 0) {
      hedges.answered(policy, now - this.time.get(stack, local));
    }
  }
}

type Makers = ReturnType<typeof makersOf>;

/** How the blocks of an instance are made, by their options and the purpose of their random stream. */
function makersOf(stream: Equipment['stream'], blocks: BlockMaker) {
  return {
    retry: (options: PlanRetry) => retryPolicy(options, blocks),
    breaker: circuitBreaker,
    limiter: (options: PlanLimit) => blocks.limiter(options),
    concurrency: (options: PlanConcurrency, purpose: string) => concurrencyLimit(options, stream(purpose)),
    throttle: adaptiveThrottle,
  };
}

function retryPolicy(
  { attempts, backoff, base, cap, budget, heed }: PlanRetry,
  blocks: BlockMaker,
): RetryPolicy {
  return new RetryPolicy({
    maxAttempts: attempts,
    backoff: blocks.backoff(backoff, { base, cap }),
    budget: budget === null ? null : retryBudget(budget),
    ...(heed != null && { longestWait: heed }),
  });
}

function retryBudget(budget: NonNullable<PlanRetry['budget']>): RetryBudget {
  if (typeof budget === 'number') return shareBudget(budget);
  return createRetryBudget({ kind: 'token', maxTokens: budget.tokens, tokenRatio: budget.ratio });
}

function tripOf({ failures, of, over, consecutive }: PlanBreaker): TripOptions {
  if (consecutive !== null) return { kind: 'consecutive', failures: consecutive };
  if (over !== null) return { kind: 'time-window', duration: over, minimumCalls: of, failureRate: failures };
  return { kind: 'count-window', calls: of, minimumCalls: of, failureRate: failures };
}

function circuitBreaker(breaker: PlanBreaker): CircuitBreaker {
  const { slower, open, probes } = breaker;
  return new CircuitBreaker({
    trip: tripOf(breaker),
    openFor: open,
    // A probe that has not come back by then never will: as long as it stays open.
    halfOpen: { probes, giveUpAfter: open },
    ...(slower === null ? {} : { slowAfter: slower }),
  });
}
