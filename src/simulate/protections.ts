import {
  CircuitBreaker,
  createBackoff,
  createRetryBudget,
  RetryPolicy,
  TokenBucket,
} from '../blocks/index.ts';
import type { PlanBreaker, PlanRetry } from '../design/plan.ts';
import type { Random, RandomStream } from '../kernel/index.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import { LocalTime } from './local-time.ts';
import type { Guarded, Model } from './model.ts';

const FIELDS = 16 satisfies typeof field.FIELDS;
const STATUS = 2 satisfies typeof field.STATUS;

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
  private readonly limiters: readonly TokenBucket[];
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  private readonly time = new LocalTime();
  /** A local is 32 bits: a delay fits as a single float. */
  private readonly delay = new Float32Array(1);
  private readonly bits = new Int32Array(this.delay.buffer);

  /** @param clock the present time, an array of one */
  constructor(model: Model, stream: (purpose: string) => RandomStream, frames: Frames, clock: Float64Array) {
    this.retries = forEachInstance(model.retries, retryPolicy);
    this.streams = forEachInstance(model.retries, (_, purpose) => stream(purpose));
    this.breakers = forEachInstance(model.breakers, circuitBreaker);
    this.limiters = forEachInstance(model.limiters, (options) => new TokenBucket(options));
    this.frames = frames;
    this.clock = clock;
  }

  /** RETRYING. */
  begin(retry: number, local: number): void {
    const { stack } = this.frames;
    stack[local] = 0;
    this.delay[0] = 0;
    stack[local + 1] = this.bits[0]!;
    this.retries[retry]!.started(this.clock[0]!);
  }

  /** RETRY: seconds until the next attempt, after which the failure is forgotten; −1 when there is none. */
  next(retry: number, local: number, frame: number): number {
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
  permit(breaker: number, local: number): boolean {
    const { stack } = this.frames;
    const now = this.clock[0]!;
    const permit = this.breakers[breaker]!.tryAcquire(now);
    if (permit === 0) return false;
    stack[local] = permit;
    this.time.put(stack, local + 1, now);
    return true;
  }

  /** REPORT. */
  report(breaker: number, local: number, frame: number): void {
    const { stack, ints } = this.frames;
    const now = this.clock[0]!;
    const begun = this.time.get(stack, local + 1);
    const succeeded = ints[frame * FIELDS + STATUS] === 0;
    this.breakers[breaker]!.report(stack[local]!, now, now - begun, succeeded);
  }

  /** LIMIT: whether the limiter lets a call through. */
  take(limiter: number): boolean {
    return this.limiters[limiter]!.tryTake(this.clock[0]!) === 0;
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

function retryPolicy({ attempts, backoff, base, cap, budget }: PlanRetry): RetryPolicy {
  const kind = backoff;
  return new RetryPolicy({
    maxAttempts: attempts,
    backoff: createBackoff(
      kind === 'none' ? { kind } : kind === 'constant' ? { kind, delay: base } : { kind, base, cap },
    ),
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
