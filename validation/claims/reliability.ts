/** Availability, resilience and rate limits. */
import { type Area, tests } from './claim.ts';

const formulas = 'src/estimate/formulas/formulas.test.ts';
const availability = 'src/estimate/availability.test.ts';
const years = 'src/components/availability.test.ts';
const estimates = 'src/components/estimates.test.ts';
const health = 'src/components/health.test.ts';
const dns = 'src/components/dns/dns.test.ts';
const places = 'src/components/places.test.ts';
const pair = 'src/components/load-balancer/pair.test.ts';
const gateway = 'src/components/gateway/gateway.test.ts';
const slo = 'src/components/objectives.test.ts';
const objectives = 'src/blocks/observe/objectives.test.ts';
const calls = 'src/components/protected-calls.test.ts';
const disciplines = 'src/components/disciplines.test.ts';
const checkout = 'systems/checkout/checkout.test.ts';
const storm = 'systems/retry-storm/retry-storm.test.ts';
const rush = 'systems/black-friday/black-friday.test.ts';
const freeTier = 'systems/api-free-tier/api-free-tier.test.ts';
const published = 'src/blocks/limit/rate/published.test.ts';
const limiters = 'src/blocks/limit/rate/conformance.test.ts';

export const availabilityArea: Area = {
  prefix: 'AVL',
  title: 'Availability and fail-over',
  count: 12,
  claims: [
    {
      id: 'AVL-01',
      says: 'Each nine of availability has its downtime a year and a month: 99.9 % are 8.76 h a year',
      shownBy: [
        { case: 'nines' },
        ...tests(formulas, 'O-A01 nines'),
        ...tests(years, 'NINES-3 %s per cent has its downtime a year'),
      ],
    },
    {
      id: 'AVL-02',
      says: 'Parts that are all needed multiply: twice 99.9 % is 99.8 %',
      shownBy: [
        { case: 'composite-availability' },
        ...tests(availability, 'multiplies what every request needs, each component once'),
        ...tests(years, 'NINES-4 in series availabilities multiply; what is optional does not count'),
      ],
    },
    {
      id: 'AVL-03',
      says: 'Parts that stand in for each other: twice 99.9 % side by side is 99.9999 %',
      shownBy: [
        { case: 'composite-availability' },
        ...tests(
          availability,
          'counts branches k of n',
          'knows that what two branches share is down in both',
        ),
        ...tests(
          years,
          'NINES-5 side by side and at once replaced: k of n, as often as the Markov chain says',
          'NINES-6 failing over costs 1/n of the requests until probes have failed in a row',
          'NINES-9 a zone takes what stands there; the rest carries the load or does not',
        ),
      ],
    },
    {
      id: 'AVL-04',
      says: 'Do the availability arithmetic before promising a level of service',
      shownBy: [
        ...tests(
          estimates,
          'knows availability from constants, the design’s own first',
          'says of a goal for success that it is above the availability',
        ),
        ...tests(years, 'NINES-16 a goal on success is a promise, judged by the availability'),
      ],
    },
    {
      id: 'AVL-05',
      says: 'Active and passive: the standby takes over when heartbeats stop; how long depends on how warm it is',
      shownBy: tests(
        dns,
        'DNS-A1 by order: all go to the first while it is well',
        'DNS-B1 begins when so many probes in a row were bad',
      ).concat(
        tests(
          pair,
          'PAIR-2 `takeover` says how long, to the instant',
          'PAIR-5 an outage of its zone takes the one that stands there',
          'AVL-05 one that stands by warm takes 3 heartbeats and its promotion, 5 s; one that is cold starts first, 65 s',
          'AVL-05a over years of failures a cold one costs its start too',
        ),
        tests(
          'src/components/replicas.test.ts',
          'FOL-6 one takes over at the instant it is to when the primary %s',
          'FOL-14 bear failures as the formula and years of them say',
        ),
      ),
    },
    {
      id: 'AVL-06',
      says: 'Active and active: the rest absorb what one leaves behind, if they have room for it',
      shownBy: [
        ...tests(
          health,
          'under round robin a dead instance of N fails 1/N of requests, for about every × fall',
        ),
        ...tests(places, 'without one of three zones a third of the capacity is gone, and comes back'),
      ],
    },
    {
      id: 'AVL-07',
      says: 'One load balancer is a single point of failure; run two',
      shownBy: tests(
        dns,
        'DNS-B1 begins when so many probes in a row were bad',
        'DNS-B3 of answers in turn, half of them, and back when the place is',
      ).concat(
        tests(
          years,
          'NINES-9 a zone takes what stands there; the rest carries the load or does not',
          'NINES-11 a name sends requests elsewhere after probes and what resolvers remember, if there is room',
        ),
        tests(
          pair,
          'PAIR-1 without one, a balancer that dies is the end; a pair has taken over after 3.6 s',
          'PAIR-9 over years of failures each costs the takeover',
        ),
      ),
    },
    {
      id: 'AVL-08',
      says: 'From three nines to four doubles the effort',
      shownBy: [],
      missing: 'a rule of thumb without a source: nothing to run',
    },
    {
      id: 'AVL-09',
      says: 'An indicator is measured, an objective is aimed at, an agreement is a contract',
      shownBy: [
        ...tests(objectives, 'SL-1 indicator, budget and burn rate follow from the events of the window'),
        ...tests(
          'src/simulate/simulate.test.ts',
          'SIM-8 stops when the goals are precise, and judges them by their whole interval',
        ),
        ...tests(slo, 'SLO-1 an incident burns its share of the budget of the window'),
      ],
      missing: 'agreements and what breaking them costs',
    },
    {
      id: 'AVL-10',
      says: 'What is left of the error budget decides between features and reliability',
      shownBy: [
        ...tests(
          objectives,
          'SL-3 the budget left lasts share · period / burn rate',
          'BR-2 fires when the formula says, and ends within the short window',
        ),
        ...tests(
          slo,
          'SLO-1 an incident burns its share of the budget of the window',
          'SLO-2 alerts fire when the formula says, and end within the short window',
        ),
      ],
    },
    {
      id: 'AVL-11',
      says: 'Balancers ask whether an instance is up; checks of all it depends on are for the start alone',
      shownBy: [
        ...tests(dns, 'DNS-B7 a balancer answers the probes of a service that is dead behind it'),
        ...tests(
          'src/components/deep-health.test.ts',
          'DEEP-1 what could be done without is needed by deep probes: it takes out all instances, shallow ones none',
          'DEEP-2 panic does not believe that all are unwell at once',
          'DEEP-9 of a database with a quorum as many replicas have to answer as what is asked for needs',
        ),
      ],
    },
    {
      id: 'AVL-12',
      says: 'Probes every some seconds, or watching real traffic, keep requests away from what fails',
      shownBy: tests(
        health,
        'under round robin a dead instance of N fails 1/N of requests, for about every × fall',
        'every and fall say how long it takes, rise how long until an instance that is back gets requests',
        'is cut off by passive ejection after its first failures in a row',
      ),
    },
  ],
};

export const resilienceArea: Area = {
  prefix: 'RES',
  title: 'Resilience',
  count: 10,
  claims: [
    {
      id: 'RES-01',
      says: 'Degrade gracefully: without the recommender show the best sellers',
      shownBy: [
        { system: 'checkout' },
        ...tests(checkout, 'SHOP-2 buyers do not notice: %s'),
        ...tests(calls, 'takes the place of what failed, after the time that took'),
      ],
    },
    {
      id: 'RES-02',
      says: 'A breaker opens after failures, probes after a while, and stops cascades',
      shownBy: [
        { case: 'breaker-outage' },
        ...tests(calls, 'O-R07 lets few calls through to what is down'),
        ...tests('src/components/limits.test.ts', 'opens after so many failures in a row'),
        ...tests(
          'src/blocks/protect/breaker.test.ts',
          'CB-4 falls into its verdict when all probes have come back: one failure too many opens it',
        ),
        ...tests(checkout, 'SHOP-3 without protection the till fails with the recommender'),
      ],
    },
    {
      id: 'RES-03',
      says: 'Keep the blast radius small: a recommender must not take the till down',
      shownBy: [
        { system: 'checkout' },
        ...tests(
          checkout,
          'SHOP-2 buyers do not notice: %s',
          'SHOP-3 without protection the till fails with the recommender',
        ),
      ],
    },
    {
      id: 'RES-04',
      says: 'Retry with growing pauses; at once and in every layer, retries multiply the load',
      shownBy: [
        { case: 'retry-amplification' },
        { case: 'metastable-retry-storm' },
        ...tests(calls, 'pause between attempts: %s'),
        ...tests(storm, 'STORM-4 without a second attempt, or with a budget for it, it comes back'),
      ],
    },
    {
      id: 'RES-05',
      says: 'Jitter keeps retries from coming all at once',
      shownBy: [
        { case: 'backoff-contention' },
        ...tests(
          'src/blocks/protect/contention.test.ts',
          'O-R01 with 100 clients jitter more than halves the calls, and ends ten times as early',
        ),
      ],
    },
    {
      id: 'RES-06',
      says: 'Under overload turn requests away early, so that the others are served in time',
      shownBy: [
        { system: 'black-friday' },
        ...tests(
          rush,
          'RUSH-2 a bound alone turns payments away with the reports',
          'RUSH-3 without a bound nobody is served in time, and it does not come back',
        ),
        { system: 'search-box' },
        ...tests(
          'systems/search-box/search-box.test.ts',
          'SEARCH-2 in the rush payments notice nothing, and the suggestions there is room for are quick',
        ),
        ...tests(disciplines, 'turns the less important away first'),
      ],
    },
    {
      id: 'RES-07',
      says: 'Bulkheads: a pool for each dependency, so that one cannot use up all',
      shownBy: [
        ...tests(
          calls,
          'is M/M/c/K for what is behind it, and a station of the report',
          'keeps a dependency that is well apart from one that is slow',
        ),
        ...tests(checkout, 'SHOP-2 buyers do not notice: %s'),
      ],
    },
    {
      id: 'RES-08',
      says: 'What is idempotent may be retried; a key makes a payment so',
      shownBy: [
        { case: 'at-least-once' },
        ...tests(
          'src/blocks/identify/holding.test.ts',
          'IK-1 one does the work, others wait, then get its result',
          'IK-6 lets one through at a time and stays within its capacity, whatever the clock does',
        ),
        ...tests(
          'src/components/once.test.ts',
          'ONC-1 without a memory a retried request does its work again, and that is counted',
          'ONC-2 with one, no request does it twice: repeats pass it over, or fail while it is being done',
        ),
      ],
    },
    {
      id: 'RES-09',
      says: 'Rate limits protect, and are fair to those who ask for little',
      shownBy: [
        ...tests(gateway, 'GTW-7 limits each client by itself: one that floods does not starve the others'),
        ...tests(
          freeTier,
          'API-2 with one limit for all, the scraper starves the free users',
          'API-3 without a limit, customers suffer as well',
        ),
      ],
    },
    {
      id: 'RES-10',
      says: 'All systems fail; what matters is how',
      shownBy: [
        { system: 'checkout' },
        ...tests(
          checkout,
          'SHOP-2 buyers do not notice: %s',
          'SHOP-3 without protection the till fails with the recommender',
        ),
      ],
      missing: 'a warning about calls that say nothing of a timeout',
    },
  ],
};

export const rateLimitArea: Area = {
  prefix: 'RTL',
  title: 'Rate limits',
  count: 7,
  claims: [
    {
      id: 'RTL-01',
      says: 'Token bucket: bursts up to the capacity, then the rate of the refill',
      shownBy: [
        { case: 'api-gateway-bucket' },
        { case: 'token-bucket-poisson' },
        ...tests(limiters, 'RL-2 never lets through more than promised in any stretch of time'),
      ],
    },
    {
      id: 'RTL-02',
      says: 'Fixed windows are simple, and let twice the limit through around a boundary',
      shownBy: [
        { case: 'window-boundary' },
        ...tests(published, 'O-RL03 fixed windows pass 200 within two seconds'),
      ],
    },
    {
      id: 'RTL-03',
      says: 'A log of times is exact, and remembers every request',
      shownBy: [{ case: 'window-boundary' }, ...tests(published, 'O-RL03 a sliding log passes 100')],
      missing: 'the memory that it takes, beside the others',
    },
    {
      id: 'RTL-04',
      says: 'A sliding counter weighs two fixed windows, and comes near to the log',
      shownBy: [
        { case: 'sliding-counter' },
        ...tests(published, 'RTL-04 with the second hundred spread over a second, it passes 2 of them'),
      ],
    },
    {
      id: 'RTL-05',
      says: 'A limiter shared in Redis must read and write in one atomic script',
      shownBy: tests(
        'src/components/gateway/counters.test.ts',
        'CTR-2 read and written at once they let through what the limit says; apart more, the longer it takes: %i ms',
        'CTR-3 a limit for all together is passed by all who come at once',
      ),
    },
    {
      id: 'RTL-06',
      says: 'Count by user, address or key; guard logins and what is expensive',
      shownBy: [
        ...tests(
          'src/blocks/limit/rate/keyed-rate-limiter.test.ts',
          'KL-1 decides for each key as a limiter of its own would, with keys that never were forgotten',
        ),
        ...tests(gateway, 'GTW-7 limits each client by itself: one that floods does not starve the others'),
      ],
    },
    {
      id: 'RTL-07',
      says: 'Answer 429, and say when to come again',
      shownBy: [
        ...tests(
          limiters,
          'RL-3 tells exactly how long to wait: then it passes, a moment earlier it does not',
        ),
        ...tests(
          'src/blocks/protect/retry-policy.test.ts',
          'RP-3 waits as long as the dependency asks for, and its own delay on top',
        ),
        ...tests(
          'src/blocks/adapters/retry.test.ts',
          'RT-5 waits as long as the failure asks for, and its own delay on top',
        ),
        ...tests(
          'src/components/heeding.test.ts',
          'HRA-7 ends a retry storm against a limit, at the price of latency',
          'HRA-8 heeds quotas: whoever has used one up waits for the next window, or gives up',
        ),
      ],
    },
  ],
};
