import { CircuitBreaker, createRetryBudget, type RateLimiter, RetryPolicy } from '../blocks/index.ts';
import type { PlanBreaker, PlanRetry } from '../design/plan.ts';
import type { Calendar, Random } from '../kernel/index.ts';
import type { Branches } from './branches.ts';
import type { Equipment } from './equipment.ts';
import type * as event from './events.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type * as op from './instructions.ts';
import { LocalTime } from './local-time.ts';
import type { Guarded, Model } from './model.ts';
import type { BlockMaker } from './own-blocks.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

/** Seconds over which the budget of further attempts is kept, as in Finagle. */
const BUDGET_WINDOW = 10;
const NO_ATTEMPT = -1;

/**
 * What protects callers: blocks as a service would use them, one of each for every instance of the caller, and
 * what a call in progress has to remember for them, in the locals of its frame.
 */
export class Protections {
  private readonly retries: readonly RetryPolicy[];
  private readonly streams: readonly Random[];
  private readonly breakers: readonly CircuitBreaker[];
  private readonly limiters: readonly RateLimiter[];
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly calendar: Calendar;
  private readonly clock: Float64Array;
  private readonly time = new LocalTime();
  /** A local is 32 bits: a delay fits as a single float. */
  private readonly delay = new Float32Array(1);
  private readonly bits = new Int32Array(this.delay.buffer);

  constructor(
    model: Model,
    { stream, blocks }: Pick<Equipment, 'stream' | 'blocks'>,
    frames: Frames,
    branches: Branches,
    calendar: Calendar,
  ) {
    this.retries = forEachInstance(model.retries, (options) => retryPolicy(options, blocks));
    this.streams = forEachInstance(model.retries, (_, purpose) => stream(purpose));
    this.breakers = forEachInstance(model.breakers, circuitBreaker);
    this.limiters = forEachInstance(model.limiters, (options) => blocks.limiter(options));
    this.code = model.code;
    this.frames = frames;
    this.branches = branches;
    this.calendar = calendar;
    this.clock = calendar.now;
  }

  /**
   * Does the instruction at `pc`, one of those that protect a call.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const { ints, stack } = this.frames;
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
      case 30 satisfies typeof op.LIMIT:
        if (this.limiters[a]!.tryTake(this.clock[0]!) === 0) return pc + WIDTH;
        ints[frame * FIELDS + STATUS] = b;
        return c;
      case 31 satisfies typeof op.HEDGE:
        this.rest(frame, pc + WIDTH, fp);
        this.branches.within(frame, code[pc + 1]!, b, c);
        return WAITS;
      case 32 satisfies typeof op.RECOVER:
        ints[frame * FIELDS + STATUS] = 0;
        return pc + WIDTH;
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  /** The frame waits, and goes on at `pc`. */
  private rest(frame: number, pc: number, fp: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
  }

  /** RETRYING. */
  private begin(retry: number, local: number): void {
    const { stack } = this.frames;
    stack[local] = 0;
    this.delay[0] = 0;
    stack[local + 1] = this.bits[0]!;
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
      Number.POSITIVE_INFINITY,
      this.streams[retry]!,
    );
    if (delay < 0) return NO_ATTEMPT;
    stack[local] = failed;
    this.delay[0] = delay;
    stack[local + 1] = this.bits[0]!;
    ints[frame * FIELDS + STATUS] = 0;
    return delay;
  }

  /** PERMIT: whether the breaker lets a call through. */
  private permit(breaker: number, local: number): boolean {
    const { stack } = this.frames;
    const now = this.clock[0]!;
    const permit = this.breakers[breaker]!.tryAcquire(now);
    if (permit === 0) return false;
    stack[local] = permit;
    this.time.put(stack, local + 1, now);
    return true;
  }

  /** REPORT. */
  private report(breaker: number, local: number, frame: number): void {
    const { stack, ints } = this.frames;
    const now = this.clock[0]!;
    const begun = this.time.get(stack, local + 1);
    const succeeded = ints[frame * FIELDS + STATUS] === 0;
    this.breakers[breaker]!.report(stack[local]!, now, now - begun, succeeded);
  }
}

function forEachInstance<Options, Block>(
  guards: readonly Guarded<Options>[],
  create: (options: Options, purpose: string) => Block,
): Block[] {
  return guards.flatMap(({ options, instances, purpose }) =>
    Array.from({ length: instances }, (_, i) => create(options, `${purpose} ${i}`)),
  );
}

function retryPolicy({ attempts, backoff, base, cap, budget }: PlanRetry, blocks: BlockMaker): RetryPolicy {
  return new RetryPolicy({
    maxAttempts: attempts,
    backoff: blocks.backoff(backoff, { base, cap }),
    budget:
      budget === null
        ? null
        : createRetryBudget({ kind: 'ratio', ttl: BUDGET_WINDOW, minimumRate: 0, ratio: budget }),
  });
}

function circuitBreaker({ failures, of, slower, open, probes }: PlanBreaker): CircuitBreaker {
  return new CircuitBreaker({
    trip: { kind: 'count-window', calls: of, minimumCalls: of, failureRate: failures },
    openFor: open,
    // A probe that has not come back by then never will: as long as it stays open.
    halfOpen: { probes, giveUpAfter: open },
    ...(slower === null ? {} : { slowAfter: slower }),
  });
}
