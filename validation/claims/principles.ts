/** Principles and trade-offs, architecture, observability. */
import { type Area, tests } from './claim.ts';

const largerOrMore = 'src/explain/advise/larger-or-more.test.ts';
const health = 'src/components/health.test.ts';
const deploy = 'src/components/deploy.test.ts';
const estimates = 'src/components/estimates.test.ts';
const balancing = 'src/components/balancing.test.ts';
const autoscaling = 'src/components/autoscaling.test.ts';
const places = 'src/components/places.test.ts';
const traces = 'src/components/traces.test.ts';
const traceFormats = 'src/report/trace-formats.test.ts';
const layers = 'src/components/scaling.test.ts';
const service = 'src/components/service/service.test.ts';
const ladder = 'systems/scaling-ladder/scaling-ladder.test.ts';
const shortener = 'systems/url-shortener/url-shortener.test.ts';
const monolith = 'systems/monolith/monolith.test.ts';
const stress = 'src/explain/stress/stress.test.ts';
const storm = 'systems/retry-storm/retry-storm.test.ts';
const windows = 'src/blocks/observe/windows.test.ts';

export const principlesArea: Area = {
  prefix: 'PRN',
  title: 'Principles and trade-offs',
  count: 16,
  claims: [
    {
      id: 'PRN-01',
      says: 'A bigger machine is simple, has an end, and is a single point of failure',
      shownBy: [
        { case: 'amdahl' },
        ...tests(service, 'SVC-2 spreads over cores and over instances'),
        ...tests(
          largerOrMore,
          'ADV-14 doubling the cores doubles what is served until the largest machine; from there on instances do',
        ),
        ...tests(
          'src/components/machine.test.ts',
          'MCH-1 more cores than it has are warned of where they are written, for each kind that has cores',
          'MCH-2 it is dearer a core than a machine for general purposes, and these cost in proportion',
        ),
      ],
    },
    {
      id: 'PRN-02',
      says: 'More machines: cost and capacity grow in proportion, and failures are partial',
      shownBy: [
        ...tests(service, 'SVC-2 spreads over cores and over instances'),
        ...tests(
          health,
          'under round robin a dead instance of N fails 1/N of requests, for about every × fall',
        ),
        ...tests('src/components/cost.test.ts', 'each line by hand: a month of 730 hours, at mean rates'),
        ...tests('src/explain/stress/usl.test.ts', 'O-U01 fits the published benchmark as published'),
      ],
      missing: 'what coordination costs: the universal scalability law is fitted to runs, not simulated',
    },
    {
      id: 'PRN-03',
      says: 'Start with a bigger machine; take more of them at its end or for redundancy',
      shownBy: tests(
        largerOrMore,
        'ADV-15 advice at the largest machine says so, and has more of them',
        'ADV-16 a promise of 99.9 % with a node of 99 % takes two, of which the one that is down is left out',
        'ADV-17 one node that is up as much as was promised is enough, and a goal that nobody promised is about the run',
      ),
    },
    {
      id: 'PRN-04',
      says: 'Databases, caches and queues scale otherwise than servers without state',
      shownBy: [
        { system: 'scaling-ladder' },
        ...tests(
          ladder,
          'LADDER-3 more servers before the same database change nothing',
          'LADDER-4 shards divide orders as well as reads, and replicas of all of it would not',
        ),
        ...tests(
          shortener,
          'URL-3 the cache buys headroom: without it the peak is just met, and half as much again is not',
        ),
        ...tests(
          'src/components/shards.test.ts',
          'SHD-A10 more servers in front of a full store change nothing, and more shards do',
        ),
      ],
    },
    {
      id: 'PRN-05',
      says: 'Slow for one user is a problem of performance; slow under load, of scalability',
      shownBy: [
        { case: 'mm1' },
        ...tests(
          layers,
          'PRN-05 slow for one user is not slow under load: the one is seen with nobody else there',
        ),
      ],
    },
    {
      id: 'PRN-06',
      says: 'A better query mends performance; a cache mends scalability',
      shownBy: [
        ...tests(
          shortener,
          'URL-3 the cache buys headroom: without it the peak is just met, and half as much again is not',
        ),
        ...tests(
          layers,
          'PRN-06 a better query is felt by the slowest request too; a cache bears more load, and misses are as slow',
        ),
      ],
    },
    {
      id: 'PRN-07',
      says: 'Latency is of one request, throughput of all; they go together by Little’s law',
      shownBy: [{ case: 'littles-law' }, ...tests(estimates, 'Little’s law holds over the whole')],
    },
    {
      id: 'PRN-08',
      says: 'Batching gains throughput and costs latency',
      shownBy: tests(
        'src/components/stream/stream.test.ts',
        'STR-9 a batch costs once what each message alone would cost every time, and is waited for',
      ),
    },
    {
      id: 'PRN-09',
      says: 'A cache improves latency and load at once',
      shownBy: [
        ...tests(estimates, 'O-C03 hits as Che says, and the response is the mixture'),
        ...tests(
          shortener,
          'URL-3 the cache buys headroom: without it the peak is just met, and half as much again is not',
        ),
      ],
    },
    {
      id: 'PRN-10',
      says: 'Find the highest throughput at which latency stays below a ceiling',
      shownBy: [
        { command: 'stress' },
        ...tests(
          stress,
          'the goal falls before the first station is full, and the chain of causes begins there',
        ),
      ],
    },
    {
      id: 'PRN-11',
      says: 'Reliability and availability differ: how long until it fails, how often it is up',
      shownBy: tests(
        'src/components/availability.test.ts',
        'NINES-1 one component: MTBF ÷ (MTBF + MTTR), whatever the law of repairs',
        'NINES-2 a month without a failure: e^(−t/MTBF) of those that begin up',
      ),
    },
    {
      id: 'PRN-12',
      says: 'Redundancy needs detection; one that drops requests in silence is worse than one that is plainly down',
      shownBy: tests(
        health,
        'frozen, cut off and hanging instances are noticed by the silence, slow ones are not',
        'one that drops requests in silence is worse than one that is plainly down',
        'without probes it goes on to the end',
        'draws everything under least connections, until probes find it',
      ),
    },
    {
      id: 'PRN-13',
      says: 'While parts are cut off from each other, answer with old data or with errors',
      shownBy: [
        ...tests(places, 'a cut between regions stops what stands on both sides of it, and nothing else'),
        ...tests(
          'src/blocks/adapters/cached-loader.test.ts',
          'CL-6 uses an old value when the origin fails, for so long and no longer',
        ),
        ...tests(
          'src/components/quorums.test.ts',
          'QRM-2 give none where R + W > N, nor where a replica has been away',
          'QRM-4 fail writes and reads for want of replicas, by name, and nothing is lost',
          'QRM-6 lack what they missed until it is written again',
          'QRM-15 cut in two, what asks for a majority fails on the small side, and what does not is old there',
        ),
        ...tests(
          'src/components/replicas.test.ts',
          'FOL-5 without a takeover, writes fail by name until the primary is back, and reads go on',
        ),
      ],
      missing: 'conflicts of writes, counted',
    },
    {
      id: 'PRN-14',
      says: 'Test what happens in failure: nothing else shows it',
      shownBy: [
        { system: 'retry-storm' },
        ...tests(
          storm,
          'STORM-2 never comes back at %s/s',
          'STORM-4 without a second attempt, or with a budget for it, it comes back',
        ),
      ],
      missing: 'a warning about redundancy that no scenario strikes',
    },
    {
      id: 'PRN-15',
      says: 'Money and stock want consistency; feeds, sessions and carts want availability',
      shownBy: tests(
        'src/components/quorums.test.ts',
        'QRM-15 cut in two, what asks for a majority fails on the small side, and what does not is old there',
      ),
      missing: 'kinds of data with what they ask of a store',
    },
    {
      id: 'PRN-16',
      says: 'Serving a model is a distributed system like any other',
      shownBy: [],
      missing: 'a ready system that serves a model',
    },
  ],
};

export const architectureArea: Area = {
  prefix: 'ARC',
  title: 'Architecture',
  count: 7,
  claims: [
    {
      id: 'ARC-01',
      says: 'Who calls and waits holds a worker meanwhile, and workers run out',
      shownBy: [
        { case: 'pool-capacity' },
        ...tests(
          estimates,
          'held through a wait are the servers of M/M/c',
          'too few are an overload, though no core is busy',
        ),
        ...tests(
          service,
          'SVC-4 holds a worker through waits downstream, and the queue stands in front of the workers',
        ),
      ],
    },
    {
      id: 'ARC-02',
      says: 'Without state any server takes any request, and servers may come and go',
      shownBy: tests(
        autoscaling,
        'AUT-4 lets an instance that is taken out end its requests, and sends it no others',
        'AUT-8 is the same behind a load balancer',
      ),
    },
    {
      id: 'ARC-03',
      says: 'With state a client needs its own server: better to keep state in a store',
      shownBy: tests(
        balancing,
        'requests about a key stay with its instance until none came for so long',
        'forgets the keys that the table has no room for',
      ),
      missing: 'state in a store, beside state in the server',
    },
    {
      id: 'ARC-04',
      says: 'Apart, the web layer and the application layer scale each by itself',
      shownBy: tests(
        layers,
        'ARC-04 of two layers, more of the busy one is enough, and more of the other nothing',
      ),
    },
    {
      id: 'ARC-05',
      says: 'Monolith or microservices: network and failures between parts, against a small scope of each',
      shownBy: [
        { system: 'monolith' },
        { system: 'microservices' },
        ...tests(
          monolith,
          'SPLIT-1 five calls more cost at least their network: 5 × 1.5 ms',
          'SPLIT-2 the fault of one part hits all of the monolith, and only its callers among services',
        ),
      ],
      missing: 'what it means for teams, deploys and debugging',
    },
    {
      id: 'ARC-06',
      says: 'Services find each other by a registry that callers ask, or by a balancer',
      shownBy: [
        ...tests(
          health,
          'where callers choose, probes come from beside the instance: they see what it does, not what lies between',
          'under round robin a dead instance of N fails 1/N of requests, for about every × fall',
        ),
        ...tests(
          'src/components/discovery.test.ts',
          'DISC-1 the dead get requests until their lease is over and the list is copied anew',
          'DISC-2 callers without a balancer go by the list too',
          'DISC-5 a deploy that drains for shorter than a refresh fails requests, for longer none',
        ),
      ],
    },
    {
      id: 'ARC-07',
      says: 'Microservices need traces across services',
      shownBy: [
        { command: 'trace' },
        ...tests(traceFormats, 'has each component as a service, and every span once'),
      ],
      missing: 'a service that does not pass the trace on',
    },
  ],
};

export const observabilityArea: Area = {
  prefix: 'OBS',
  title: 'Metrics and traces',
  count: 6,
  claims: [
    {
      id: 'OBS-01',
      says: 'Logs, metrics and traces together show what happens',
      shownBy: [
        { command: 'simulate' },
        { command: 'trace' },
        ...tests(traces, 'shows failed, retried, hedged and parallel work'),
      ],
      missing: 'logs',
    },
    {
      id: 'OBS-02',
      says: 'Logs with a structure can be searched',
      shownBy: [],
      missing: 'logs, and the room that they take',
    },
    {
      id: 'OBS-03',
      says: 'Metrics are numbers over time, percentiles among them',
      shownBy: tests(
        windows,
        'DU-1 quantiles are within 0.8 % of a recorded duration at that rank',
        'RD-1 rate, errors and durations of a steady load',
      ),
      missing: 'how many series the labels make, and a form that other tools read',
    },
    {
      id: 'OBS-04',
      says: 'A trace shows where the time of a request went: 12, 45 and 200 ms',
      shownBy: [
        { command: 'trace' },
        ...tests(
          traces,
          'shows a sequential request whole: what takes its time adds up to its latency',
          'shows the requests at the median and the 99th percentile of those served',
        ),
      ],
    },
    {
      id: 'OBS-05',
      says: 'A trace finds the bad deploy among fifteen services',
      shownBy: tests(
        deploy,
        'of a bad version: errors rise step by step, and fall step by step after the rollback',
      ),
      missing: 'a finding that names the service and the change',
    },
    {
      id: 'OBS-06',
      says: 'Notice what is dropped in silence',
      shownBy: [
        ...tests(
          health,
          'frozen, cut off and hanging instances are noticed by the silence, slow ones are not',
        ),
        ...tests(
          'src/blocks/adapters/balanced-pool.test.ts',
          'BP-10 takes a probe that hangs or throws as failed, and aborts it',
        ),
      ],
    },
  ],
};
