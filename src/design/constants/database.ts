import type { Constant } from './constant.ts';
import { measuredOnTwoCores, measuredOnTwoMachines, takenOver, teachingNotes } from './originals.ts';

const sameCore = 'the measurement on 2 cores, a core of a cloud machine being such a core';

/** Relational databases: PostgreSQL stands for all. */
export const database: readonly Constant[] = [
  {
    name: 'cap.db.qps',
    summary: 'Point reads/s of one database, found by index, data in memory',
    dimension: 'rate',
    values: [
      { profile: 'classroom', value: '10k/s', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '41.5k/s..69.4k/s',
        ...measuredOnTwoMachines(
          'pgbench --select-only, PostgreSQL 15, scale 20, 8 clients, simple protocol',
        ),
      },
    ],
    note: "10,000/s is an order of magnitude and says nothing without the query; prepared statements reached 49.8k/s to 87.7k/s. It agrees with the teaching value of lat.db.query only at 100 queries at once (Little's law), which is db.connections.",
  },
  {
    name: 'cap.db.updates',
    summary: 'Durable updates/s of single rows of one database, spread over the table',
    dimension: 'rate',
    values: [
      {
        profile: 'measured-2core',
        value: '4.56k/s..13.9k/s',
        ...measuredOnTwoMachines('pgbench, one UPDATE by key, PostgreSQL 15, scale 20, 8 clients'),
      },
    ],
    note: 'The commit waits for the disk: without that wait (synchronous_commit = off) 26.8k/s to 42.9k/s. All on one row: 2.68k/s.',
  },
  {
    name: 'cap.db.transactions',
    summary: 'Transactions/s of one database: three updates, a read and an insert each (TPC-B)',
    dimension: 'rate',
    values: [
      {
        profile: 'measured-2core',
        value: '2.93k/s..4.73k/s',
        ...measuredOnTwoMachines('pgbench TPC-B-like, PostgreSQL 15, scale 20, 8 clients'),
      },
    ],
    note: '',
  },
  {
    name: 'lat.db.query',
    summary: 'Time of a query in the database',
    dimension: 'time',
    values: [
      { profile: 'classroom', value: '10ms', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '0.12ms..0.19ms',
        ...measuredOnTwoMachines('pgbench --select-only, PostgreSQL 15, scale 20, 8 clients: mean latency'),
      },
    ],
    note: "10 ms is a query that reads many rows or waits for a disk; a point read with its data in memory is some sixty times quicker. Time, concurrency and rate are tied by Little's law: two of them give the third.",
  },
  {
    name: 'db.connections',
    summary: 'Connections that a database admits',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '100',
        source: 'PostgreSQL documentation, max_connections: the default is typically 100',
        date: '2025',
      },
    ],
    note: "A few of them are reserved for superusers. Also what 10,000 queries/s of 10 ms occupy (Little's law).",
  },
  {
    name: 'db.cores',
    summary: 'Cores of a small database server',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '2',
        source: 'Amazon RDS user guide, instance classes: a large of the m6i family, the smallest it has',
        date: '2025',
      },
    ],
    note: 'Where the design says nothing, the least that is sold for production. It is also what the other db constants were measured on: 2 cores ÷ db.read.cpu is the measured rate of cap.db.qps.',
  },
  {
    name: 'db.read.cpu',
    summary: 'CPU time of the database for a point read',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '23us..48us', ...takenOver(sameCore, '2026-11-22') },
      {
        profile: 'measured-2core',
        value: '23us..48us',
        ...measuredOnTwoMachines(
          'pgbench --select-only, PostgreSQL 15, 8 clients; low: CPU time of the server processes per query, high: 2 cores ÷ 41.5k queries/s, the client included',
        ),
      },
    ],
    note: 'Parse, plan, execute and both sides of the socket. Prepared statements: 16–19 µs. With a single client 54–61 µs, each query waking the server anew.',
  },
  {
    name: 'db.read.disk',
    summary: 'Disk time of a point read whose page is not in memory',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '50us..150us',
        source: 'derived: one lat.ssd.random, the upper levels of the index being in memory',
        date: '2026',
      },
      {
        profile: 'measured-2core',
        value: '67us',
        source:
          'measured: 8,000 direct 8 KiB reads spread over a 4 GiB file on the virtual disk of a 2-core Debian 12 machine; mean 67 µs, p99 107 µs',
        date: '2026-11-22',
      },
    ],
    note: 'The careful case. Where the whole table stays in memory it is 0.',
  },
  {
    name: 'db.write.cpu',
    summary: 'CPU time of the database for a durable write of one row',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '74us..128us', ...takenOver(sameCore, '2026-11-22') },
      {
        profile: 'measured-2core',
        value: '74us..128us',
        ...measuredOnTwoCores(
          'CPU time of the PostgreSQL 15 server processes per pgbench UPDATE by key; low: prepared, 8 clients, high: 1 client',
        ),
      },
    ],
    note: 'Writing the log is part of it: 36 µs when commits do not wait for the disk. Each index adds to it: see db.index.slowdown.',
  },
  {
    name: 'db.write.disk',
    summary: 'Disk time of a commit: the flush of the write-ahead log',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.1ms..1.5ms',
        ...takenOver('the measurement on 2 cores', '2026-11-22'),
      },
      {
        profile: 'measured-2core',
        value: '0.1ms..1.5ms',
        ...measuredOnTwoMachines(
          'low: fdatasync of 8 kB (pg_test_fsync); high: what 8 pgbench clients wait longer per UPDATE with synchronous_commit on than off',
        ),
      },
    ],
    note: 'One flush serves all commits that wait at the time (group commit), so this is a wait of each and not a limit of 1/time for all.',
  },
  {
    name: 'db.index.size',
    summary: 'Size of an index as a share of its table',
    dimension: 'ratio',
    values: [
      { profile: 'classroom', value: '10%..30%', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '4.9%..28.8%',
        source:
          'measured: five indexes on a 1M-row, 135 MB users table, PostgreSQL 15.18 on a 2-core Debian 12 machine',
        date: '2026-11-22',
      },
    ],
    note: 'A B-tree stores equal values once, so an index on an age or a city is small; one on e-mail addresses is large.',
  },
  {
    name: 'db.index.slowdown',
    summary: 'How much longer inserts take with one index than with none',
    dimension: 'ratio',
    values: [
      {
        profile: 'measured-2core',
        value: '2.3x',
        source:
          'measured: 300,000 inserts, 1.10 s without and 2.52 s with one index, PostgreSQL 15.18 on a 2-core Debian 12 machine',
        date: '2026-11-22',
      },
    ],
    note: 'Four indexes: 4.8 times.',
  },
  {
    name: 'lag.replica',
    summary: 'Time until a replica shows what its primary has committed',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '10ms..100ms',
        source: 'Amazon Aurora user guide: replica lag is usually much less than 100 ms',
        date: '2025',
      },
      { profile: 'classroom', value: '200ms (1ms..1s)', ...teachingNotes },
    ],
    note: 'Teaching material ranges from "milliseconds" over an example of 200 ms to "below a second". It is a distribution that grows with the load of writes, not a number.',
  },
];
