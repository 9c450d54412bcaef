/** The way in: names, content delivery, load balancing, proxies and gateways. */
import { type Area, tests } from './claim.ts';

const dns = 'src/components/dns/dns.test.ts';
const regional = 'src/components/dns/regions.test.ts';
const changes = 'src/components/changes.test.ts';
const answers = 'src/components/answer-link.test.ts';
const cdn = 'src/components/cdn/cdn.test.ts';
const health = 'src/components/health.test.ts';
const gateway = 'src/components/gateway/gateway.test.ts';
const balancing = 'src/components/balancing.test.ts';
const algorithms = 'src/blocks/balance/algorithms.test.ts';
const balancers = 'src/blocks/balance/conformance.test.ts';
const freeTier = 'systems/api-free-tier/api-free-tier.test.ts';
const routing = 'src/components/routing.test.ts';

export const namesArea: Area = {
  prefix: 'DNS',
  title: 'Names',
  count: 8,
  claims: [
    {
      id: 'DNS-01',
      says: 'A hierarchy turns names into addresses, and answers are remembered on the way',
      shownBy: [
        ...tests(dns, 'DNS-01 a cold lookup takes its time, a remembered one takes none'),
        ...tests(
          'src/components/dns/hierarchy.test.ts',
          'DNS-H1 a lookup that begins at the root takes the sum of three, one that knows the way the last alone',
          'DNS-H2 each level is asked when its own time has run out',
        ),
      ],
    },
    {
      id: 'DNS-02',
      says: 'Different answers spread load, coarsely, since resolvers remember them',
      shownBy: tests(dns, 'DNS-02 in turn: many resolvers share evenly, few that remember do not'),
    },
    {
      id: 'DNS-03',
      says: 'Answers by where the user is send everyone to the nearest place',
      shownBy: tests(
        regional,
        'DNS-03 each region is answered with what stands in it, others with the default',
        'DNS-D1 or with what is said for it',
      ),
    },
    {
      id: 'DNS-04',
      says: 'Weighted answers roll something out gradually',
      shownBy: tests(
        dns,
        'DNS-04 by weight: 90/10 within 1 % over 10⁵ fresh lookups, in the estimate as well',
      ),
    },
    {
      id: 'DNS-05',
      says: 'Answers by latency: the place with the shortest round trip',
      shownBy: tests(
        regional,
        'DNS-05 by latency, each with the shortest round trip; a way that grows moves them',
      ),
    },
    {
      id: 'DNS-06',
      says: 'Fail-over by name strands those who remember the old answer, up to a time to live',
      shownBy: tests(
        dns,
        'DNS-06 strands a share that falls to nothing in a straight line over the time to live',
        'DNS-B2 leaves those behind who keep answers for too long',
      ),
    },
    {
      id: 'DNS-07',
      says: 'Short times to live before a planned change',
      shownBy: tests(dns, 'DNS-07 a shorter time to live strands fewer, in proportion'),
    },
    {
      id: 'DNS-08',
      says: 'Balance in tiers: names, then balancers, then instances',
      shownBy: tests(
        dns,
        'DNS-08 tiers: an instance lost is its share of its balancer, a balancer that of the name',
        'DNS-B3 of answers in turn, half of them, and back when the place is',
      ),
    },
  ],
};

export const deliveryArea: Area = {
  prefix: 'CDN',
  title: 'Content delivery',
  count: 10,
  claims: [
    {
      id: 'CDN-01',
      says: 'Caches near the users answer for the origin',
      shownBy: tests(
        cdn,
        'CDN-01 CDN-02 Sydney: 10 ms from the edge, 190 ms more from Virginia, 19.5 ms at 95 % hits',
        'CDN-A3 what they miss is the load of the origin',
      ),
    },
    {
      id: 'CDN-02',
      says: 'From Sydney, 10 ms to the edge instead of 200 ms to Virginia',
      shownBy: tests(
        cdn,
        'CDN-01 CDN-02 Sydney: 10 ms from the edge, 190 ms more from Virginia, 19.5 ms at 95 % hits',
      ),
    },
    {
      id: 'CDN-03',
      says: 'Push: there from the first request on, and stored at every place',
      shownBy: tests(
        cdn,
        'CDN-03 has the most popular items that fit from the first request on, and no other',
      ),
    },
    {
      id: 'CDN-04',
      says: 'Pull: the first who asks waits for the origin',
      shownBy: tests(
        cdn,
        'CDN-04 start empty where they are told: the first who asks waits for the origin',
        'CDN-01 CDN-02 Sydney: 10 ms from the edge, 190 ms more from Virginia, 19.5 ms at 95 % hits',
      ),
    },
    {
      id: 'CDN-05',
      says: 'Push what is asked for seldom, pull what is asked for often',
      shownBy: tests(
        cdn,
        'CDN-05 pull pays when an item is asked for often in its time to live: λT = %d',
        'CDN-A2 fragment a time to live: hit = λT/(1 + λT) at λ over their number',
        'CDN-03 has the most popular items that fit from the first request on, and no other',
      ),
    },
    {
      id: 'CDN-06',
      says: 'Many places take in spikes and attacks',
      shownBy: tests(
        cdn,
        'CDN-06 a spike of one cached asset is not seen by the origin',
        'CDN-06a an attack of 1 Tbit/s over 200 places is 5 Gbit/s at each, which a link of 10 Gbit/s takes',
      ),
    },
    {
      id: 'CDN-07',
      says: 'Versioned assets may be kept by browsers for a year',
      shownBy: tests(
        'src/components/client/copies.test.ts',
        'COPY-1 answer λT/(1 + λT) of what a user asks at rate λ for an item, from the first second on',
        'COPY-2 spare those who are asked, their network and the time of the answer',
      ).concat(tests(changes, 'CHG-1 %s gives old copies as renewal theory has it, until their ttl ends')),
    },
    {
      id: 'CDN-08',
      says: 'Purge when something new is deployed',
      shownBy: [
        ...tests(cdn, 'CDN-08 a purge sends everybody to the origin, until the copies are back'),
        ...tests(changes, 'CDN-08c stale until the ttl without a purge, and nothing is old after one'),
      ],
    },
    {
      id: 'CDN-09',
      says: 'Even model weights can be served so: large files take their size by the bandwidth',
      shownBy: [
        ...tests(
          'src/components/service/service.test.ts',
          'STP-12 an item takes its size by the bandwidth, on the way it travels',
        ),
        ...tests(
          cdn,
          'CDN-09 a model of 10 GB takes 80 s at 1 Gbit/s; of the link of the origin, four at once have a quarter each',
        ),
        ...tests(
          answers,
          'ANS-6 answers that leave at the same time share the link: n at once take n times as long',
        ),
      ],
    },
    {
      id: 'CDN-10',
      says: 'Static paths go to the CDN, the rest to the servers',
      shownBy: [
        ...tests(cdn, 'CDN-A7 keep the answers of the named operations alone'),
        ...tests(
          routing,
          'RTE-1 send an operation by its path, or by the beginning of it, and the rest to `to`',
        ),
        ...tests('src/components/chains.test.ts', 'CHN-3 routes go to a cdn, a gateway and a name'),
      ],
    },
  ],
};

export const balancingArea: Area = {
  prefix: 'LBL',
  title: 'Load balancing',
  count: 13,
  claims: [
    {
      id: 'LBL-01',
      says: 'A balancer spreads requests over servers',
      shownBy: [
        { case: 'round-robin' },
        ...tests('src/components/policies.test.ts', '%s runs, uses all instances, and is estimated'),
      ],
    },
    {
      id: 'LBL-02',
      says: 'Round robin: in turn, whatever the load; for equal servers',
      shownBy: [
        { case: 'round-robin' },
        ...tests(algorithms, 'R1 goes round from target 0 and takes no notice of load'),
        ...tests(balancing, 'in turn, the slowest is full first; least connections uses all there is'),
      ],
    },
    {
      id: 'LBL-03',
      says: 'Least connections: better where requests differ in length, and for connections that last',
      shownBy: [
        { case: 'shortest-queue' },
        { case: 'round-robin' },
        ...tests(algorithms, 'C1 always picks a target with the fewest in flight'),
        ...tests(
          balancing,
          'O-L03 in turn, half-speed instances have a queue that least connections has not',
        ),
      ],
      missing: 'connections that last, such as web sockets',
    },
    {
      id: 'LBL-04',
      says: 'Weights: more for bigger servers',
      shownBy: tests(
        balancing,
        'weighted round robin goes a a b a c a a',
        'weights as the speeds: all instances are as busy, and wait as long for their speed',
      ),
    },
    {
      id: 'LBL-05',
      says: 'By address: the same client to the same server, be it busy or not',
      shownBy: [
        { case: 'resize-moves' },
        ...tests(balancers, 'B10 gives the same key the same target, whatever the time and chance'),
        ...tests(balancing, 'goes by the key that a call is about'),
      ],
    },
    {
      id: 'LBL-06',
      says: 'Consistent hashing: few keys move when a server comes or goes',
      shownBy: [{ case: 'resize-moves' }, { case: 'ring-imbalance' }, { case: 'bounded-loads' }],
    },
    {
      id: 'LBL-07',
      says: 'Avoid sticky sessions: hold no state, or hold it in a store or a token',
      shownBy: [
        ...tests(balancing, 'requests about a key stay with its instance until none came for so long'),
        ...tests(
          'src/blocks/adapters/balanced-pool.test.ts',
          'BP-5 gives a session another home when its target is gone, and keeps it there',
        ),
      ],
      missing: 'sessions that are lost with their server, beside sessions in a store',
    },
    {
      id: 'LBL-08',
      says: 'Layer 4 goes by address and port: fast, and blind to requests',
      shownBy: tests(
        'src/components/load-balancer/layers.test.ts',
        'L4-1 sends all requests of a connection to one instance, whichever way they are spread at layer 7',
        'L4-7 leaves old connections where they are when instances are added',
      ),
    },
    {
      id: 'LBL-09',
      says: 'Layer 7 goes by path, header or cookie: slower, and flexible',
      shownBy: tests(
        routing,
        'RTE-1 send an operation by its path, or by the beginning of it, and the rest to `to`',
        'RTE-2 send what carries all headers that are asked for, whatever the case of their names',
        'RTE-3 send a share by chance: of all, of a path, and beside another of the same requests',
        'RTE-4 keep a key on one side where a share goes by key',
        'RTE-7 pools are apart: a flood on one path leaves those who take another as they were',
      ).concat(
        tests(
          'src/components/call-headers.test.ts',
          'HDR-1 go with all that is done for the call, through services and balancers, to the route that looks at them',
        ),
      ),
    },
    {
      id: 'LBL-10',
      says: 'TLS ends at the balancer, which pays for the handshakes',
      shownBy: tests(
        gateway,
        'GTW-4 spends a handshake on each new connection, full or resumed',
        'GTW-5 makes requests wait for its cores, those with a handshake longer',
      ),
    },
    {
      id: 'LBL-11',
      says: 'Balancers check the health of what is behind them',
      shownBy: tests(
        health,
        'under round robin a dead instance of N fails 1/N of requests, for about every × fall',
        'without probes it goes on to the end',
        'how many are taken to be well is seen window by window',
      ),
    },
    {
      id: 'LBL-12',
      says: 'Providers run balancers for you',
      shownBy: tests(
        'src/components/load-balancer/managed.test.ts',
        'MAN-1 more targets or rules than its quota is warned of, and a raised quota is heard',
      ),
      missing: 'other providers than one',
    },
    {
      id: 'LBL-13',
      says: 'A bigger pool behind the paths that matter',
      shownBy: tests(
        routing,
        'RTE-7 pools are apart: a flood on one path leaves those who take another as they were',
        'RTE-8 a route chooses instances in its own way, and else as the component does',
      ),
    },
  ],
};

export const proxyArea: Area = {
  prefix: 'PRX',
  title: 'Proxies and gateways',
  count: 5,
  claims: [
    {
      id: 'PRX-01',
      says: 'A reverse proxy is the one server that clients see',
      shownBy: [
        ...tests(
          gateway,
          'GTW-1 passes on what it is asked for, and spreads it over instances',
          'GTW-2 spends its cost, and that of the check who asks, on each request',
        ),
        ...tests(
          routing,
          'RTE-1 send an operation by its path, or by the beginning of it, and the rest to `to`',
        ),
      ],
    },
    {
      id: 'PRX-02',
      says: 'It balances, ends TLS, caches, limits, compresses, serves files and hides what is behind',
      shownBy: [
        ...tests(
          gateway,
          'GTW-1 passes on what it is asked for, and spreads it over instances',
          'GTW-4 spends a handshake on each new connection, full or resumed',
          'GTW-6 refuses what is beyond its limit for all, as a token bucket does',
        ),
        ...tests(cdn, 'CDN-A3 what they miss is the load of the origin'),
        ...tests(
          'src/components/gateway/cache.test.ts',
          'GTC-1 hits as Che says of an LRU cache, and passes on what it misses',
        ),
        ...tests(
          answers,
          'PRX-02 gzip 5:1 on JSON cuts the bytes to users by 80 %, and takes CPU milliseconds',
          'PRX-02a behind a link that is too thin, compressed answers come sooner',
          'PRX-02b where the CPU is what is short, they come later',
        ),
      ],
    },
    {
      id: 'PRX-03',
      says: 'An API gateway checks who asks, limits, routes by path and knows versions',
      shownBy: [
        ...tests(
          gateway,
          'GTW-2 spends its cost, and that of the check who asks, on each request',
          'GTW-6 refuses what is beyond its limit for all, as a token bucket does',
        ),
        ...tests(
          routing,
          'RTE-2 send what carries all headers that are asked for, whatever the case of their names',
          'RTE-5 a bad canary fails its share of the requests, and no more',
        ),
      ],
    },
    {
      id: 'PRX-04',
      says: 'A gateway in front of models: keys, a free tier with a limit, versions, a meter',
      shownBy: [
        { system: 'api-free-tier' },
        ...tests(
          freeTier,
          'API-1 meets its goals while one client floods, in the simulation and in the estimate',
          'API-3 without a limit, customers suffer as well',
        ),
        ...tests(
          gateway,
          'GTW-13 limits each client by the tier of its traffic, those of others are unharmed',
        ),
        ...tests(
          'src/components/gateway/quota.test.ts',
          'QUO-3 lets each client do so much in a window; a run sees all parts of it',
        ),
      ],
      missing: 'a meter',
    },
    {
      id: 'PRX-05',
      says: 'NGINX and Envoy are the usual ones',
      shownBy: [],
      missing: 'a statement about products: nothing to run',
    },
  ],
};
