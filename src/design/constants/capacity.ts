import type { Constant } from './constant.ts';
import { measuredOnTwoCores, measuredOnTwoMachines, teachingNotes } from './originals.ts';

/** What one server of a kind can do; databases are in database.ts. */
export const capacity: readonly Constant[] = [
  {
    name: 'cap.machine.cores',
    summary: 'Virtual cores of the largest machine that is for rent',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '896',
        source: 'Amazon EC2, high memory instances: u7i-12tb.224xlarge to u7in-32tb.224xlarge',
        date: '2025',
      },
    ],
    note: 'Where a larger machine ends and only more of them help.',
  },
  {
    name: 'cap.machine.cores.general',
    summary:
      'Virtual cores of the largest machine for general purposes, at the price of the small ones for each core',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '128',
        source: 'Amazon EC2, m6i.32xlarge, the largest of the family that cost.core is the price of',
        date: '2025',
      },
    ],
    note: 'Beyond it a core costs cost.core.large.',
  },
  {
    name: 'cap.database.cores',
    summary: 'Virtual cores of the largest node of a managed database',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '192',
        source:
          'Amazon RDS, hardware specifications of DB instance classes: 48xlarge of the class m7i, PostgreSQL included',
        date: '2025',
      },
    ],
    note: 'Where a larger primary ends: reads may go to replicas, writes need shards.',
  },
  {
    name: 'cap.app.rps.business',
    summary: 'Requests/s of one application server, with business logic behind each',
    dimension: 'rate',
    values: [{ profile: 'classroom', value: '1k/s', ...teachingNotes }],
    note: 'Teaching material says both 1,000/s and 100,000/s of "one server"; the work per request differs. Capacity is cores ÷ CPU time per request: give a service its compute time and cores, and it follows.',
  },
  {
    name: 'cap.app.rps.static',
    summary: 'Requests/s of one server that does next to nothing for each',
    dimension: 'rate',
    values: [{ profile: 'classroom', value: '100k/s', ...teachingNotes }],
    note: 'See cap.app.rps.business, which the same notes put a hundred times lower.',
  },
  {
    name: 'cap.http.node',
    summary: 'Requests/s of one Node.js process that answers a few bytes of JSON',
    dimension: 'rate',
    values: [
      {
        profile: 'measured-2core',
        value: '30.2k/s',
        ...measuredOnTwoCores('Node.js 20 http server, 32 keep-alive connections from a Node.js client'),
      },
    ],
    note: 'Bound by the client as much as by the server; http.node.cpu alone would allow twice as many.',
  },
  {
    name: 'http.node.cpu',
    summary: 'CPU time of a Node.js server for a request that does nothing',
    dimension: 'time',
    values: [
      {
        profile: 'measured-2core',
        value: '16.5us',
        ...measuredOnTwoCores('process.cpuUsage of a Node.js 20 http server ÷ requests served'),
      },
    ],
    note: 'User and system time of the process, all its threads together.',
  },
  {
    name: 'cap.redis.ops',
    summary: 'Operations/s of one Redis node without pipelining',
    dimension: 'rate',
    values: [
      {
        profile: 'cloud-2026',
        value: '122k/s (80k/s..200k/s)',
        source:
          'Redis documentation, redis-benchmark without pipelining: 122,557 SET/s, 123,602 GET/s on a Xeon E5520; bounds: runs on other machines',
        date: '2023',
      },
      { profile: 'classroom', value: '1M/s', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '69.3k/s..95.6k/s',
        ...measuredOnTwoMachines('redis-benchmark SET and GET, Redis 7.0.15, 50 clients, no pipelining'),
      },
    ],
    note: '"A million a second" needs pipelining (cap.redis.ops.pipelined): without it each command costs the single thread a read and a write of a socket. Measured server time was 8.2 µs a command, 1/122k.',
  },
  {
    name: 'cap.redis.ops.pipelined',
    summary: 'Operations/s of one Redis node with 16 commands a round trip',
    dimension: 'rate',
    values: [
      {
        profile: 'cloud-2026',
        value: '552k/s..707k/s',
        source: 'Redis documentation, redis-benchmark -P 16: 552,029 SET/s, 707,464 GET/s on a Xeon E5520',
        date: '2023',
      },
      {
        profile: 'measured-2core',
        value: '483k/s..945k/s',
        ...measuredOnTwoMachines('redis-benchmark -P 16 SET and GET, Redis 7.0.15, 50 clients'),
      },
    ],
    note: '64 commands a round trip gave 548k/s to 1.4M/s on the same machines.',
  },
  {
    name: 'cap.log.partition',
    summary: 'Bytes/s written to one partition of a log (Kafka and its like)',
    dimension: 'bandwidth',
    values: [
      {
        profile: 'cloud-2026',
        value: '10MB/s..50MB/s',
        source:
          'J. Rao, "How to choose the number of topics/partitions in a Kafka cluster" (Confluent, 2015): tens of MB/s; later sizing guides: 10–50 MB/s',
        date: '2015',
      },
      { profile: 'classroom', value: '100MB/s', ...teachingNotes },
    ],
    note: "100 MB/s a partition is optimistic. LinkedIn's benchmark of 2014, its usual witness, wrote 82 MB/s (821,557 records/s of 100 B) with one producer to a topic of six partitions, unreplicated. Size of messages, batching and replication decide.",
  },
];
