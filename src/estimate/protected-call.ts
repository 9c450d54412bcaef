import { backoffs } from '../design/call-options.ts';
import type { PlanBulkhead, PlanCall, PlanHedge, PlanRetry } from '../design/plan.ts';
import { withinCallLimit } from './call-limits.ts';
import type { Asked } from './flows.ts';
import { mmck } from './formulas/index.ts';
import {
  exponential,
  type Law,
  mean,
  mixture,
  type Ordering,
  point,
  quantiles,
  sometimes,
  sum,
  zero,
} from './law/index.ts';

/** A call as its caller sees it: how long it takes when it succeeds, and what it asks for. */
export interface ProtectedCall extends Asked {
  readonly law: Law;
  /** Mean time it takes when it fails, seconds. */
  readonly failing: number;
}

/** Attempts rarer than this are left out. */
const HARDLY_EVER = 1e-9;

/** A bulkhead so many standard deviations above the mean number inside is as good as none. */
const FAR = 12;

/** Rounds until retries and what they are refused for agree, and a difference that is none. */
const ROUNDS_MAX = 60;
const SETTLED = 1e-9;

/** How finely the percentile that a hedge goes after is looked for. */
const RESOLUTION = 256;

/**
 * What timeout, hedge, limit and retry make of one request that takes `law` when it succeeds, with chance
 * `success`. Attempts are taken for independent, pauses for their means; a failed attempt takes as long as the
 * timeout where it ran into it, else no time.
 *
 * @param rate how often a second each instance of the caller makes the call
 */
export function protectedCall(
  call: PlanCall,
  law: Law,
  success: number,
  rate: number,
  ordering: Ordering,
): ProtectedCall {
  const { limit, bulkhead, retry } = call;
  const timely = call.timeout === null ? { law, share: 1 } : ordering.within(law, call.timeout);
  const late = success * (1 - timely.share);
  const request = {
    law: timely.law,
    success: success * timely.share,
    requests: 1,
    failing: late > 0 ? (late * call.timeout!) / (1 - success * timely.share) : 0,
  };
  const alone = bulkhead === undefined ? withHedge(call, request, late, ordering) : null;
  const made = (asks: number): { readonly whole: ProtectedCall; readonly asks: number } => {
    const share = limit === undefined ? 1 : withinCallLimit(limit, rate * asks);
    const inside = bulkhead === undefined ? request : withBulkhead(bulkhead, request, rate * asks * share);
    const hedged = alone ?? withHedge(call, inside, late * inside.requests, ordering);
    const attempt = { ...hedged, success: share * hedged.success, requests: share * hedged.requests };
    // Who is refused has asked all the same.
    const each = hedged.requests / inside.requests;
    if (retry === undefined) return { whole: attempt, asks: each };
    const { attempts, ...whole } = withRetry(retry, attempt);
    return { whole, asks: attempts * each };
  };
  let asks = 1;
  let found = made(asks);
  if (limit === undefined && bulkhead === undefined) return found.whole;
  // Who is refused and comes again is refused the more: from one request a call on, until that leads to no more of them.
  for (let round = 0; round < ROUNDS_MAX && Math.abs(found.asks - asks) > SETTLED; round++) {
    asks = (asks + found.asks) / 2;
    found = made(asks);
  }
  return found.whole;
}

/**
 * A request behind a bulkhead that so many come to a second: M/M/c/K for the time that one takes, which is exact where
 * that is exponential and nobody waits for another behind it; Erlang's loss, whatever its law, where none may wait.
 */
function withBulkhead({ most, queue }: PlanBulkhead, request: ProtectedCall, rate: number): ProtectedCall {
  const { law, success, failing } = request;
  const held = (success > 0 ? success * mean(law) : 0) + (1 - success) * failing;
  const busy = rate * held;
  if (!(busy > 0 && busy < Number.POSITIVE_INFINITY) || most > busy + FAR * Math.sqrt(busy) + FAR)
    return request;
  const { loss, waiting } = mmck(rate, 1 / held, most, most + queue);
  const delayed = Math.min(1, (waiting * most) / held);
  const wait = delayed > 0 ? sometimes(delayed, exponential(waiting / delayed)) : zero;
  const passes = 1 - loss;
  const fails = 1 - success * passes;
  return {
    law: sum(wait, law),
    success: success * passes,
    requests: passes,
    failing: fails > 0 ? (passes * (1 - success) * (failing + waiting)) / fails : 0,
  };
}

/**
 * The first answer of several requests, each sent so long after the one before if there is none.
 *
 * @param late chance that a request fails because it takes too long; one that fails otherwise does so at once
 */
function withHedge(
  { hedge, timeout }: PlanCall,
  request: ProtectedCall,
  late: number,
  ordering: Ordering,
): ProtectedCall {
  if (hedge === undefined) return request;
  const after = delayOf(hedge, request.law);
  if (!(after < (timeout ?? Number.POSITIVE_INFINITY))) return request;
  const { law, success } = request;
  const laws = [law];
  let requests = 1;
  let silent = late;
  for (let sent = 1; sent <= hedge.most; sent++) {
    const first = laws.length === 1 ? law : ordering.kth(laws, 1);
    requests += (1 - ordering.within(first, sent * after).share) * success + silent;
    silent *= 1 - success;
    laws.push(sum(point(sent * after), law));
  }
  const hedged = {
    ...request,
    law: ordering.kth(laws, 1),
    success: success + late - silent,
    requests: requests * request.requests,
  };
  const share = hedge.budget === null ? 1 : Math.min(1, hedge.budget / (requests - 1 || 1));
  if (share === 1 || success === 0) return hedged;
  // The budget is spent at any moment alike: it is chance whose further request is sent.
  return {
    ...request,
    law: mixture([
      { weight: share * hedged.success, of: hedged.law },
      { weight: (1 - share) * success, of: law },
    ]),
    success: share * hedged.success + (1 - share) * success,
    requests: (1 + share * (requests - 1)) * request.requests,
  };
}

/** Seconds until another request is sent. Of hedged calls, too, the percentile is that of one request. */
function delayOf({ after }: PlanHedge, law: Law): number {
  return typeof after === 'number' ? after : quantiles(law, [after.percentile], RESOLUTION)[0]!;
}

function withRetry(retry: PlanRetry, attempt: ProtectedCall): ProtectedCall & { readonly attempts: number } {
  const fails = 1 - attempt.success;
  if (fails <= 0) return { ...attempt, attempts: 1 };
  const further = (fails - fails ** retry.attempts) / (1 - fails || 1);
  const wanted = fails === 1 ? retry.attempts - 1 : further;
  const share = shareWithin(retry.budget, wanted, fails);
  const cases: { weight: number; of: Law }[] = [];
  let reached = 1;
  let before = 0;
  let previous = retry.base;
  let sent = 0;
  let gaveUp = 0;
  for (let number = 1; number <= retry.attempts && reached > HARDLY_EVER; number++) {
    sent += reached;
    const weight = reached * attempt.success;
    if (weight > 0) cases.push({ weight, of: before === 0 ? attempt.law : sum(point(before), attempt.law) });
    const more = number < retry.attempts ? share : 0;
    gaveUp += reached * fails * (1 - more) * (before + attempt.failing);
    reached *= fails * more;
    const pause = meanPause(retry, number, previous);
    previous = pause;
    before += attempt.failing + pause;
  }
  const success = cases.reduce((total, { weight }) => total + weight, 0);
  return {
    law: cases.length === 0 ? zero : mixture(cases),
    success: Math.min(1, success),
    requests: sent * attempt.requests,
    failing: success < 1 ? gaveUp / (1 - success) : 0,
    attempts: sent,
  };
}

/**
 * The share of further attempts that a budget lets through, where calls want so many and attempts fail so often. In
 * the long run tokens are all there or all spent (gRPC proposal A6).
 */
function shareWithin(budget: PlanRetry['budget'], wanted: number, fails: number): number {
  if (budget === null) return 1;
  if (typeof budget === 'number') return Math.min(1, budget / (wanted || 1));
  return fails > budget.ratio / (1 + budget.ratio) ? 0 : 1;
}

/** Mean pause before the attempt after the one of this number, from 1; of a backoff of the user's own as full jitter. */
function meanPause({ backoff, base, cap }: PlanRetry, number: number, previous: number): number {
  const grown = Math.min(cap, base * 2 ** (number - 1));
  switch (backoff) {
    case 'none':
      return 0;
    case 'constant':
      return base;
    case 'exponential':
      return grown;
    case 'full-jitter':
      return grown / 2;
    case 'equal-jitter':
      return (3 * grown) / 4;
    case 'decorrelated-jitter':
      return Math.min(cap, (base + 3 * previous) / 2);
    default:
      return grown / 2;
  }
}

/** Whether its caller makes the call more than once, or not at all, or takes its time into account. */
export function isProtected(call: PlanCall): boolean {
  return repeats(call) || call.timeout !== null;
}

/** Whether the caller may ask more than once, or not at all. */
export function repeats({ retry, hedge, limit, bulkhead }: PlanCall): boolean {
  return [retry, hedge, limit, bulkhead].some((each) => each !== undefined);
}

/** Where a protected call is not quite estimated. */
export function* protectionNotes(calls: readonly PlanCall[]): Generator<string> {
  if (calls.some(({ coalesce }) => coalesce !== undefined)) {
    yield 'Fetches are taken to be over at once: the misses that come during one, and what it saves that they share it, are not estimated.';
  }
  if (calls.some(({ hotKeys }) => hotKeys !== undefined)) {
    yield 'Hot keys: what instances keep in their own memory is not estimated. Each read is taken to ask the cache or the store, whose load is that without it.';
  }
  if (calls.some(({ retry }) => retry !== undefined)) {
    yield 'Retries: attempts are taken for independent of each other, and pauses for their means; where a queue makes an attempt late, the next one meets the same queue, and load and times are higher than estimated.';
  }
  const known: readonly string[] = backoffs;
  for (const { retry } of calls) {
    if (retry === undefined || known.includes(retry.backoff)) continue;
    yield `Retries: no formula is known for the backoff ${retry.backoff}; its pauses are taken for those of full-jitter.`;
  }
  for (const { limit } of calls) {
    if (limit !== undefined && 'own' in limit) yield `Limits: ${limit.own} is taken to let its rate pass.`;
  }
  if (calls.some(({ breaker }) => breaker !== undefined)) {
    yield 'Breakers are taken to be closed: what they refuse when too much fails is not estimated.';
  }
  if (calls.some(({ throttle }) => throttle !== undefined)) {
    yield 'Throttles are taken to let all calls through: what they refuse when too much is refused is not estimated.';
  }
  if (calls.some(({ concurrency }) => concurrency !== undefined)) {
    yield 'Concurrency limits are taken to be high enough: what they refuse is not estimated.';
  }
  if (calls.some(({ retry }) => typeof retry?.budget === 'object' && retry.budget !== null)) {
    yield 'Budgets of tokens are taken to be full, or to be spent where attempts fail more often than they let be made up for: nothing between.';
  }
  if (calls.some(({ hedge }) => typeof hedge?.after === 'object')) {
    yield 'Hedges after a percentile are taken to know it: how it is learned, and that it moves with the load, is not estimated.';
  }
  if (calls.some(({ hedge }) => typeof hedge?.after === 'object' && hedge.budget === null)) {
    yield 'Hedges after a percentile have no `budget`: once answers are slow, more requests are hedged until the percentile has followed, which may keep them slow. Whether it does, a simulation of a spike shows.';
  }
  if (calls.some(({ limit }) => limit !== undefined)) {
    yield 'Limits are taken to be met by calls that come at random, as many to each instance of the caller; retries, which come in bursts, for such calls too. What they let through comes more evenly than at random, and waits less behind than estimated.';
  }
  if (
    calls.some(
      ({ limit }) => limit !== undefined && !('own' in limit) && limit.algorithm === 'sliding-counter',
    )
  ) {
    yield 'Limits: a sliding counter is taken for the log that it stands for.';
  }
  if (calls.some(({ bulkhead }) => bulkhead !== undefined)) {
    yield 'Bulkheads are taken for M/M/c/K by the mean time behind them: where requests wait for each other there, more are refused than estimated, and what is overloaded behind one is not relieved by it.';
  }
}
