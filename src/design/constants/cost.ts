import type { Constant, Origin } from './constant.ts';

const priceList: Origin = { source: 'AWS public price list, Northern Virginia, on demand', date: '2025' };

function priced(what: string): Origin {
  return { source: `${priceList.source}: ${what}`, date: priceList.date };
}

/** What a unit of a public cloud costs. Discounts for commitment reach a half and more. */
export const cost: readonly Constant[] = [
  {
    name: 'cost.core',
    summary: 'An hour of one virtual core with 4 GiB of memory',
    dimension: 'money/time',
    values: [{ profile: 'cloud-2026', value: '$0.048/h', ...priced('half of an m6i.large') }],
    note: 'A virtual core is half of a physical one with two threads.',
  },
  {
    name: 'cost.database.core',
    summary: 'An hour of one virtual core of a managed database, in one zone',
    dimension: 'money/time',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.089/h',
        ...priced(
          'RDS for PostgreSQL, half of an m5.large node: $0.178 an hour for 2 virtual cores and 8 GiB',
        ),
      },
    ],
    note: 'A standby in a second zone costs as much again.',
  },
  {
    name: 'cost.database.storage',
    summary: 'Storage of a managed database',
    dimension: 'money/size/time',
    values: [{ profile: 'cloud-2026', value: '$0.115/GiB/month', ...priced('RDS for PostgreSQL, gp3') }],
    note: 'Backups of the same size are included.',
  },
  {
    name: 'cost.cache.memory',
    summary: 'Memory of a managed cache node',
    dimension: 'money/size/time',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.0158/GiB/h',
        ...priced('ElastiCache, an r6g.large node: $0.206 an hour for 13.07 GiB'),
      },
    ],
    note: '',
  },
  {
    name: 'cost.storage.block',
    summary: 'A network volume',
    dimension: 'money/size/time',
    values: [{ profile: 'cloud-2026', value: '$0.08/GiB/month', ...priced('EBS gp3') }],
    note: 'With 3,000 operations/s and 125 MiB/s; more of them costs extra.',
  },
  {
    name: 'cost.storage.object',
    summary: 'Object storage',
    dimension: 'money/size/time',
    values: [{ profile: 'cloud-2026', value: '$0.023/GiB/month', ...priced('S3 Standard, first 50 TB') }],
    note: 'Requests cost extra.',
  },
  {
    name: 'cost.egress',
    summary: 'Traffic from the cloud to the internet',
    dimension: 'money/size',
    values: [{ profile: 'cloud-2026', value: '$0.09/GB', ...priced('first 10 TB a month') }],
    note: 'Often the largest item of a media system, and often forgotten in estimates.',
  },
  {
    name: 'cost.crossZone',
    summary: 'Traffic between two availability zones, each way',
    dimension: 'money/size',
    values: [{ profile: 'cloud-2026', value: '$0.01/GB', ...priced('charged on both sides') }],
    note: 'Free within a zone.',
  },
  {
    name: 'cost.crossRegion',
    summary: 'Traffic from one region to another',
    dimension: 'money/size',
    values: [
      { profile: 'cloud-2026', value: '$0.02/GB', ...priced('from Northern Virginia to most regions') },
    ],
    note: 'Charged where it leaves. From some regions it is several times as much.',
  },
  {
    name: 'cost.loadBalancer',
    summary: 'A managed load balancer, without its traffic',
    dimension: 'money/time',
    values: [{ profile: 'cloud-2026', value: '$0.0225/h', ...priced('Application Load Balancer') }],
    note: '',
  },
  {
    name: 'cost.loadBalancer.traffic',
    summary: 'What goes through a managed load balancer',
    dimension: 'money/size',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.008/GB',
        ...priced('Application Load Balancer, one capacity unit: $0.008 an hour for 1 GB an hour'),
      },
    ],
    note: 'A unit also covers 25 new connections and 1,000 rule evaluations a second; of the three the largest is paid for.',
  },
];
