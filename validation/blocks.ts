/** Decision cores fed by hand: limiters, breakers, budgets, identifiers, sketches. */
import {
  AimdLimit,
  BloomFilter,
  bloomHashes,
  bloomSize,
  CircuitBreaker,
  Codel,
  collisionProbability,
  countMinSize,
  createRateLimiter,
  createRetryBudget,
  drawsUntilCollision,
  HyperLogLog,
  hashInteger,
  type RateLimiter,
  type RetryBudget,
  refreshesEarly,
  SnowflakeGenerator,
  snowflakeCapacity,
  snowflakeDefaults,
  VegasLimit,
} from '../src/blocks/index.ts';
import { createRandom, exponential } from '../src/kernel/index.ts';
import { type Case, type DirectModel, points, within } from './case.ts';
import { direct, type Row, replicated } from './direct.ts';

/** How many of `count` requests at `now` pass. */
function pass(limiter: RateLimiter, count: number, now: number): number {
  let passed = 0;
  for (let i = 0; i < count; i++) if (limiter.tryTake(now) === 0) passed++;
  return passed;
}

/** `count` requests in each millisecond from `from` on, before `to`. */
function passEachMs(limiter: RateLimiter, count: number, from: number, to: number): number {
  let passed = 0;
  for (let ms = from; ms < to; ms++) passed += pass(limiter, count, ms);
  return passed;
}

const gateway = (): RateLimiter => createRateLimiter('token-bucket', { rate: 10, burst: 5000 });

function afterFirst(limiter: RateLimiter, count: number, then: (limiter: RateLimiter) => number): number {
  return pass(limiter, count, 0) + then(limiter);
}

function minuteBoundary(name: 'fixed-window' | 'sliding-log' | 'sliding-counter'): number {
  const limiter = createRateLimiter(name, { limit: 100, window: 60 });
  return pass(limiter, 100, 59) + pass(limiter, 100, 60);
}

function outageBreaker(calls: number): CircuitBreaker {
  return new CircuitBreaker({
    trip: { kind: 'count-window', calls, minimumCalls: calls, failureRate: 0.5 },
    openFor: 60,
    halfOpen: { probes: 10, giveUpAfter: 60 },
  });
}

/** How many of two more requests pass, at 49.5 of 50. */
function lastOfWindow(): number {
  const limiter = createRateLimiter('sliding-counter', { limit: 50, window: 60 });
  pass(limiter, 42, 30);
  pass(limiter, 18, 75);
  return pass(limiter, 2, 75);
}

/** Which of 200 cells at peak rate conform. */
function cells(): boolean[] {
  const limiter = createRateLimiter('gcra', { rate: 20, tolerance: 49 * (1 / 20 - 1 / 100) });
  return Array.from({ length: 200 }, (_, cell) => limiter.tryTake(cell / 100) === 0);
}

/** How many of `count` calls in a row, which all fail, a breaker over `calls` lets through. */
function failuresLetThrough(count: number, calls: number): number {
  const breaker = outageBreaker(calls);
  let through = 0;
  for (let call = -1000; call < count; call++) {
    // Calls before the outage succeed; a breaker that judges few calls starts without them.
    if (call < 0 && calls < 100) continue;
    const permit = breaker.tryAcquire(0);
    if (permit === 0) continue;
    if (call >= 0) through++;
    breaker.report(permit, 0, 0, call < 0);
  }
  return through;
}

/** Calls that reach a dependency that is down for 600 s, at a hundred a second. */
function reached(): number {
  const breaker = outageBreaker(100);
  let count = 0;
  for (let i = -1000; i < 60_000; i++) {
    const permit = breaker.tryAcquire(i / 100);
    if (permit === 0) continue;
    if (i >= 0) count++;
    breaker.report(permit, i / 100, 0, i < 0);
  }
  return count;
}

const tokenBudget = (): RetryBudget => createRetryBudget({ kind: 'token', maxTokens: 10, tokenRatio: 0.1 });

/** Successes after which a budget without retries has one again. */
function successesUntilAllowed(): number {
  const budget = tokenBudget();
  failuresUntilBlocked(budget);
  let successes = 0;
  do {
    budget.succeeded(0);
    successes++;
  } while (!budget.tryRetry(0));
  return successes;
}

/** The smallest share of failures, evenly spread, that uses up a token budget; in thousandths. */
function drainingShare(): number {
  for (let failures = 1; ; failures++) {
    const budget = tokenBudget();
    for (let call = 0; call < 100_000; call++) {
      if ((call * failures) % 1000 < failures) budget.failed(0);
      else budget.succeeded(0);
      if (!budget.tryRetry(0)) return failures / 1000;
    }
  }
}

/** Failures in a row after which a token budget gives no more retries. */
function failuresUntilBlocked(budget = tokenBudget()): number {
  let failures = 0;
  do {
    budget.failed(0);
    failures++;
  } while (budget.tryRetry(0));
  return failures;
}

/** Retries a second of a thousand requests a second that all fail. */
function budgeted(): number {
  const budget = createRetryBudget({ kind: 'ratio', ttl: 10, minimumRate: 10, ratio: 0.2 });
  const seconds = 1000;
  let retries = 0;
  for (let i = 0; i < 1000 * seconds; i++) {
    budget.started(i / 1000);
    while (budget.tryRetry(i / 1000)) retries++;
  }
  return retries / seconds;
}

/** Instants of the first drops after the first one, ms. */
function dropOffsets(): number[] {
  const codel = new Codel({ target: 5, interval: 100 });
  const drops: number[] = [];
  for (let tick = 0; tick <= 120_000; tick++) if (codel.dequeued(tick / 100, 20)) drops.push(tick / 100);
  return drops.map((drop) => drop - drops[0]!);
}

function vegas(roundTrip: number, inFlight: number): number {
  const limit = new VegasLimit({
    initialLimit: 10,
    maxLimit: 20,
    smoothing: 1,
    alpha: 3,
    beta: 6,
  });
  limit.observe(10, 10, false);
  limit.observe(roundTrip, inFlight, false);
  return limit.limit;
}

function aimd(initialLimit: number, dropped: boolean): number {
  const limit = new AimdLimit({ initialLimit });
  limit.observe(1, 10, dropped);
  return limit.limit;
}

/** Share of keys never added that a Bloom filter takes for added. */
function falsePositives(bitsPerKey: number, hashes: number): number {
  const items = 200_000;
  const filter = new BloomFilter({ bits: bitsPerKey * items, hashes });
  for (let key = 0; key < items; key++) filter.add(key);
  const probes = 4_000_000;
  let found = 0;
  for (let key = items; key < items + probes; key++) if (filter.has(key)) found++;
  return found / probes;
}

/** Identifiers of 4,097 asked for within one millisecond. */
function idsInOneMs(): number {
  const generator = new SnowflakeGenerator({ workerId: 0 });
  const now = snowflakeDefaults.epoch + 1;
  let made = 0;
  for (let i = 0; i < 4097; i++) if (generator.tryNext(now) === 0) made++;
  return made;
}

/** Standard deviation of the relative error of a count of distinct keys, over 400 runs. */
function distinctError(precision: number): number {
  const keys = 6 * 2 ** precision;
  const runs = 400;
  let squares = 0;
  for (let run = 0; run < runs; run++) {
    const counter = new HyperLogLog({ precision });
    for (let key = 0; key < keys; key++) counter.add(hashInteger(run * keys + key));
    squares += (counter.count() / keys - 1) ** 2;
  }
  return Math.sqrt(squares / runs);
}

/** Requests to one entry about to expire: mean time before that at which one refreshes, and how often none does. */
function earlyRefresh(rate: number, fetchTime: number, lead: number, late?: number): DirectModel {
  const cycles = late === undefined ? 1000 : 25_000;
  return replicated({
    name: `${rate}/s, fetch ${fetchTime} s`,
    quick: true,
    runs: 20,
    expect: [
      { what: 'mean lead', paper: lead, unit: 's', tolerance: within(0.02) },
      ...(late === undefined
        ? []
        : [{ what: 'late', paper: late, unit: '1' as const, tolerance: within(0.02) }]),
    ],
    figures: (run) => {
      const random = createRandom(run, 'refresh');
      let sum = 0;
      let expired = 0;
      for (let cycle = 0; cycle < cycles; cycle++) {
        // Twenty fetch times before, one of a thousand requests would refresh once in half a million cycles.
        let now = -20 * fetchTime;
        do now += exponential(random) / rate;
        while (!refreshesEarly(0, now, { fetchTime }, random));
        if (now >= 0) expired++;
        sum += Math.max(0, -now);
      }
      return [sum / cycles, expired / cycles];
    },
  });
}

export const blocks: readonly Case[] = [
  {
    id: 'api-gateway-bucket',
    title: 'Token bucket of 5,000, 10,000/s: requests that pass',
    source: 'AWS API Gateway developer guide',
    evidence: 'published figure',
    models: [
      direct('', [
        ['10 in every millisecond of a second', 10_000, () => passEachMs(gateway(), 10, 0, 1000)],
        ['10,000 at once', 5000, () => pass(gateway(), 10_000, 0)],
        [
          '5,000 at once, then 5 in every millisecond',
          9995,
          () => afterFirst(gateway(), 5000, (l) => passEachMs(l, 5, 1, 1000)),
        ],
        [
          '5,000 at once and after 100 ms',
          6000,
          () => afterFirst(gateway(), 5000, (l) => pass(l, 5000, 100)),
        ],
        [
          '5,000 at once, 1,000 after 100 ms, then 4 in every millisecond',
          9596,
          () => afterFirst(gateway(), 5000, (l) => pass(l, 1000, 100) + passEachMs(l, 4, 101, 1000)),
        ],
      ]),
    ],
  },
  {
    id: 'nginx-burst',
    title: 'NGINX limit_req, 10/s, burst 20, nodelay: requests that pass',
    source: 'NGINX, Rate Limiting with NGINX and NGINX Plus, 2017',
    evidence: 'published figure',
    models: [
      direct(
        '',
        [
          [0, 25, 21],
          [0.101, 20, 1],
          [0.501, 20, 5],
        ].map(([later, count, passed]): Row => {
          const ours = (): number => {
            const limiter = createRateLimiter('gcra', { rate: 10, tolerance: 2 });
            const first = pass(limiter, 25, 0);
            return later === 0 ? first : pass(limiter, count!, later!);
          };
          return [later === 0 ? '25 at once' : `20 more after ${later} s`, passed!, ours];
        }),
      ),
    ],
  },
  {
    id: 'window-boundary',
    title: '100 a minute, 100 requests at 0:59 and 100 at 1:00',
    source: 'Cloudflare, How we built rate limiting capable of scaling to millions of domains, 2017',
    evidence: 'arithmetic',
    models: [
      direct('', [
        ['fixed windows', 200, () => minuteBoundary('fixed-window')],
        ['sliding log', 100, () => minuteBoundary('sliding-log')],
        ['sliding counter', 100, () => minuteBoundary('sliding-counter')],
      ]),
    ],
  },
  {
    id: 'sliding-counter',
    title: '50 a minute: 42 in the last minute, 18 in the first 15 s of this one, and two more',
    source: 'Cloudflare, How we built rate limiting capable of scaling to millions of domains, 2017',
    evidence: 'published figure',
    models: [direct('sliding counter', [['of the two pass', 1, lastOfWindow]])],
  },
  {
    id: 'gcra-burst',
    title: 'GCRA: 20 cells/s sustained, 100/s peak, bursts of 50',
    source: 'ITU-T I.371; ATM Forum Traffic Management 4.0',
    evidence: 'closed form',
    models: [
      direct('', [
        ['conform before the first that does not', 50, () => cells().indexOf(false)],
        ['of 200 cells at peak rate conform', 80, () => cells().filter((conforms) => conforms).length],
      ]),
    ],
  },
  {
    id: 'breaker-outage',
    title: 'A breaker through an outage of ten minutes at 100 calls/s',
    source: 'resilience4j, documentation of the count-based window',
    evidence: 'arithmetic',
    models: [
      direct('100 calls', [
        ['failures until it opens', 50, () => failuresLetThrough(1000, 100)],
        ['calls that reach the dependency', 140, reached],
      ]),
      direct('10 calls, 9 failures of 9', [
        ['of ten that fail, let through', 10, () => failuresLetThrough(10, 10)],
      ]),
    ],
  },
  {
    id: 'retry-budgets',
    title: 'Retry budgets',
    source: 'gRPC proposal A6; Finagle RetryBudget',
    evidence: 'arithmetic',
    models: [
      direct('gRPC, 10 tokens, ratio 0.1', [
        ['failures in a row until none is left', 5, () => failuresUntilBlocked()],
        ['successes until one is left again', 1, successesUntilAllowed],
        ['share of failures that uses it up', 0.1 / 1.1, drainingShare, points(0.5)],
      ]),
      direct('Finagle, 20 % and 10/s', [['retries a second of 1,000 failing', 210, budgeted, within(0.02)]]),
    ],
  },
  {
    id: 'codel-schedule',
    title: 'CoDel: drops after the first, target 5 ms, interval 100 ms',
    source: 'Nichols & Jacobson, ACM Queue 10(5), 2012; RFC 8289',
    evidence: 'closed form',
    models: [
      direct('in the second after the first', [
        ['drops', 32, () => dropOffsets().filter((offset) => offset > 0 && offset <= 1000).length],
      ]),
      direct(
        '',
        [100, 170.71, 228.45, 278.45, 323.17, 363.99, 401.79, 437.14, 470.48, 502.1].map(
          (offset, n): Row => [`ms to drop ${n + 2}`, offset, () => dropOffsets()[n + 1]!, { absolute: 1 }],
        ),
      ),
    ],
  },
  {
    id: 'adaptive-limits',
    title: 'Concurrency limits that adapt',
    source: 'Netflix/concurrency-limits: VegasLimitTest, AIMDLimitTest',
    evidence: 'published figure',
    models: [
      direct('Vegas from 10, shortest round trip 10 ms', [
        ['10 ms, 11 in flight', 16, () => vegas(10, 11)],
        ['50 ms, 11 in flight', 9, () => vegas(50, 11)],
        ['14 ms, 14 in flight', 10, () => vegas(14, 14)],
      ]),
      direct('AIMD', [
        ['from 20, success', 21, () => aimd(20, false)],
        ['from 30, drop', 27, () => aimd(30, true)],
      ]),
    ],
  },
  {
    id: 'early-refresh',
    title: 'Probabilistic early expiry (XFetch)',
    source: 'Vattani, Chierichetti & Lowenstein, VLDB 2015 (the rule); Gumbel law (figures)',
    evidence: 'closed form',
    models: [
      earlyRefresh(100, 1, 5.1824),
      earlyRefresh(10, 1, 2.8798),
      earlyRefresh(10, 0.2, 0.26385, 0.1353),
    ],
  },
  {
    id: 'birthday-bounds',
    title: 'Random identifiers: when two are the same',
    source: 'Birthday problem',
    evidence: 'closed form',
    models: [
      direct('', [
        ['draws to 50 %, UUIDv4', 2.7149e18, () => drawsUntilCollision(0.5, 2 ** 122), within(0.001)],
        [
          'draws to one in a billion, UUIDv4',
          1.0312e14,
          () => drawsUntilCollision(1e-9, 2 ** 122),
          within(0.001),
        ],
        ['draws to 50 %, base62 × 7', 2_209_524, () => drawsUntilCollision(0.5, 62 ** 7), within(0.001)],
        ['collision in 1e5, base62 × 7', 0.0014188, () => collisionProbability(1e5, 62 ** 7), within(0.001)],
        ['collision in 1e6, base62 × 7', 0.13236, () => collisionProbability(1e6, 62 ** 7), within(0.001)],
        ['draws to 50 %, base62 × 6', 280_610, () => drawsUntilCollision(0.5, 62 ** 6), within(0.001)],
        ['draws to 50 %, of 2^32', 77_163, () => drawsUntilCollision(0.5, 2 ** 32), within(0.001)],
        ['23 people', 0.5073, () => collisionProbability(23, 365), within(0.001)],
      ]),
    ],
  },
  {
    id: 'snowflake-capacity',
    title: 'Snowflake: identifiers there are',
    source: 'Twitter Snowflake, 2010',
    evidence: 'arithmetic',
    models: [
      direct('41 + 10 + 12 bits', [
        ['a millisecond and worker', 4096, () => snowflakeCapacity().idsPerMsPerWorker],
        ['a second and worker', 4_096_000, () => snowflakeCapacity().idsPerSecondPerWorker],
        ['a second', 4_194_304_000, () => snowflakeCapacity().idsPerSecond],
        ['of 4,097 asked for in a millisecond', 4096, idsInOneMs],
        ['years', 69.68, () => snowflakeCapacity().years, within(0.001)],
      ]),
    ],
  },
  {
    id: 'bloom-filter',
    title: 'Bloom filters: keys taken for others',
    source: 'Broder & Mitzenmacher 2004; Fan et al. 2000',
    evidence: 'closed form',
    models: [
      direct(
        '',
        [
          ['8 bits, 5 hashes', 0.02168, () => falsePositives(8, 5), within(0.05)],
          ['8 bits, 6 hashes', 0.02158, () => falsePositives(8, 6), within(0.05)],
          ['10 bits, 7 hashes', 0.008194, () => falsePositives(10, 7), within(0.05)],
          ['16 bits, 11 hashes', 0.0004587, () => falsePositives(16, 11), within(0.1)],
        ],
        false,
      ),
    ],
  },
  {
    id: 'bloom-size',
    title: 'Bloom filters: bits a key for a share of false positives',
    source: 'Broder & Mitzenmacher 2004',
    evidence: 'closed form',
    models: [
      direct('', [
        ['bits a key, 1 %', 9.585, () => bloomSize(1e6, 0.01) / 1e6, within(0.0001)],
        ['hashes, 1 %', 7, () => bloomHashes(bloomSize(1e6, 0.01), 1e6)],
        ['bits a key, 0.1 %', 14.378, () => bloomSize(1e6, 0.001) / 1e6, within(0.0001)],
      ]),
    ],
  },
  {
    id: 'sketches',
    title: 'HyperLogLog and count-min',
    source: 'Flajolet et al. 2007; Cormode & Muthukrishnan 2005',
    evidence: 'closed form',
    models: [
      direct(
        'HyperLogLog',
        [
          ['standard error, 2048 registers', 0.023, () => distinctError(11), within(0.1)],
          ['standard error, 4096 registers', 0.01625, () => distinctError(12), within(0.1)],
          ['standard error, 16,384 registers', 0.008125, () => distinctError(14), within(0.1)],
        ],
        false,
      ),
      direct('count-min, ε = 0.001, δ = 0.01', [
        ['width', 2719, () => countMinSize(0.001, 0.01).width],
        ['depth', 5, () => countMinSize(0.001, 0.01).depth],
      ]),
    ],
  },
];
