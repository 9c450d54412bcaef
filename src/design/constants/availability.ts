import type { Constant, Origin } from './constant.ts';
import { teachingNotes } from './originals.ts';

const computeAgreement: Origin = {
  source: 'Amazon Compute service level agreement, instance level',
  date: '2022',
};
const onOneInstance: Origin = {
  source: `${computeAgreement.source}: a server on one instance is up no more than the instance`,
  date: '2022',
};
const promise =
  'A promise with a refund, and no measurement; announced maintenance does not count against it.';

/** Share of the time that single parts are up. A year has 365 days: 99.9 % leaves 8.76 hours. */
export const availability: readonly Constant[] = [
  {
    name: 'availability.instance',
    summary: 'One virtual machine',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '99.5%', ...computeAgreement },
      { profile: 'classroom', value: '99.9%', ...teachingNotes },
    ],
    note: `${promise} Two of 99.9 % in series have 99.8001 %; in parallel 99.9999 %, if they fail independently and fail-over is perfect. With 1 % of common causes 99.9989 % remain.`,
  },
  {
    name: 'availability.loadBalancer',
    summary: 'A managed load balancer over several zones',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.99%',
        source: 'Amazon Elastic Load Balancing service level agreement',
        date: '2019',
      },
    ],
    note: promise,
  },
  {
    name: 'availability.gateway',
    summary: 'A managed API gateway',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.95%',
        source: 'Amazon API Gateway service level agreement',
        date: '2022',
      },
    ],
    note: promise,
  },
  {
    name: 'availability.cdn',
    summary: 'A content delivery network',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.9%',
        source: 'Amazon CloudFront service level agreement',
        date: '2022',
      },
    ],
    note: promise,
  },
  {
    name: 'availability.dns',
    summary: 'A managed name service',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '100%',
        source: 'Amazon Route 53 service level agreement',
        date: '2022',
      },
    ],
    note: promise,
  },
  {
    name: 'availability.cache',
    summary: 'A cache node on one machine',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '99.5%', ...onOneInstance }],
    note: promise,
  },
  {
    name: 'availability.database',
    summary: 'A database on one machine, without a standby',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.5%',
        source: 'Amazon RDS service level agreement, single instance',
        date: '2026',
      },
    ],
    note: promise,
  },
  {
    name: 'availability.database.standby',
    summary: 'A database with a standby in another zone',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.95%',
        source: 'Amazon RDS service level agreement, Multi-AZ',
        date: '2026',
      },
    ],
    note: promise,
  },
  {
    name: 'mttr.machine',
    summary: 'Mean time from a failure until it is repaired',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '1h..24h',
        source:
          'B. Schroeder, G. A. Gibson, "A large-scale study of failures in high-performance computing systems", DSN 2006: by system, from less than an hour to more than a day',
        date: '2006',
      },
    ],
    note: 'Of 23,000 failures over nine years, mostly mended by people. A platform that restarts what has failed takes minutes: Google Compute Engine restarts a machine that does not answer after 5.5 min at most. With an availability it says how often something fails: the longer the repair, the rarer the failure.',
  },
  {
    name: 'failures.disk',
    summary: 'Share of spinning disks that fail in a year',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '1.37%..1.7%',
        source:
          'Backblaze drive stats, annualised failure rates of 2022 (1.37 %), 2023 (1.70 %) and 2024 (1.57 %)',
        date: '2025',
      },
    ],
    note: '',
  },
  {
    name: 'replication.factor',
    summary: 'Copies of each item that a distributed store keeps',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '3',
        source: 'Apache Hadoop documentation: default of dfs.replication',
        date: '2024',
      },
    ],
    note: '',
  },
];
