import type { Constant, ConstantValue, Origin } from './constant.ts';
import { latencyList2012, teachingNotes } from './originals.ts';

/** Regions of the round-trip matrix, with the AWS region that was measured and where it stands. */
export const regions = {
  'us-east': { place: 'Northern Virginia', aws: 'us-east-1', latitude: 38.95, longitude: -77.45 },
  'us-west': { place: 'Oregon', aws: 'us-west-2', latitude: 45.84, longitude: -119.7 },
  'eu-west': { place: 'Ireland', aws: 'eu-west-1', latitude: 53.35, longitude: -6.26 },
  'eu-central': { place: 'Frankfurt', aws: 'eu-central-1', latitude: 50.11, longitude: 8.68 },
  tokyo: { place: 'Tokyo', aws: 'ap-northeast-1', latitude: 35.68, longitude: 139.76 },
  singapore: { place: 'Singapore', aws: 'ap-southeast-1', latitude: 1.35, longitude: 103.82 },
  sydney: { place: 'Sydney', aws: 'ap-southeast-2', latitude: -33.87, longitude: 151.21 },
  'sao-paulo': { place: 'São Paulo', aws: 'sa-east-1', latitude: -23.55, longitude: -46.63 },
} as const;

export type Region = keyof typeof regions;

const measured: Origin = {
  source: 'cloudping.co, median round trip over one year between AWS regions, snapshot of 2025',
  date: '2025',
};

/** Milliseconds: median of 2025, mean of 2017. */
const matrix: readonly (readonly [from: Region, to: Region, ms2025: number, ms2017: number])[] = [
  ['us-east', 'us-west', 64, 87],
  ['us-east', 'eu-west', 70, 81],
  ['us-east', 'eu-central', 93, 89],
  ['us-east', 'tokyo', 149, 145],
  ['us-east', 'singapore', 219, 217],
  ['us-east', 'sydney', 200, 230],
  ['us-east', 'sao-paulo', 115, 120],
  ['us-west', 'eu-west', 118, 137],
  ['us-west', 'eu-central', 142, 160],
  ['us-west', 'tokyo', 98, 89],
  ['us-west', 'singapore', 161, 161],
  ['us-west', 'sydney', 141, 162],
  ['us-west', 'sao-paulo', 175, 183],
  ['eu-west', 'eu-central', 27, 20],
  ['eu-west', 'tokyo', 201, 212],
  ['eu-west', 'singapore', 182, 239],
  ['eu-west', 'sydney', 256, 310],
  ['eu-west', 'sao-paulo', 178, 191],
  ['eu-central', 'tokyo', 227, 237],
  ['eu-central', 'singapore', 161, 326],
  ['eu-central', 'sydney', 252, 324],
  ['eu-central', 'sao-paulo', 204, 195],
  ['tokyo', 'singapore', 71, 74],
  ['tokyo', 'sydney', 107, 104],
  ['tokyo', 'sao-paulo', 258, 257],
  ['singapore', 'sydney', 95, 175],
  ['singapore', 'sao-paulo', 327, 328],
  ['sydney', 'sao-paulo', 312, 323],
];

interface Claim {
  readonly value: string;
  readonly origin: Origin;
  readonly verdict: string;
}

/** What teaching material says of single routes, under the pair that it most likely means. */
const claims: Readonly<Record<string, Claim>> = {
  'rtt.us-east.us-west': {
    value: '40ms',
    origin: teachingNotes,
    verdict:
      'The 40 ms of teaching material is what light in a straight fibre needs from coast to coast (4,130 km).',
  },
  'rtt.us-east.eu-west': { value: '80ms', origin: teachingNotes, verdict: '' },
  'rtt.us-east.tokyo': {
    value: '150ms',
    origin: teachingNotes,
    verdict: 'Teaching material says "US to Asia 150 ms"; Singapore is half as far again.',
  },
  'rtt.us-east.sydney': { value: '200ms', origin: teachingNotes, verdict: '' },
  'rtt.us-west.eu-central': {
    value: '150ms',
    origin: latencyList2012,
    verdict:
      'The 150 ms of the old list is California to the Netherlands; it is often quoted as "transatlantic".',
  },
};

function pairConstant([from, to, ms2025, ms2017]: (typeof matrix)[number]): Constant {
  const name = `rtt.${from}.${to}`;
  const claim = claims[name];
  const values: ConstantValue[] = [{ profile: 'cloud-2026', value: `${ms2025}ms`, ...measured }];
  if (claim) values.push({ profile: 'classroom', value: claim.value, ...claim.origin });
  const age = `A published AWS table of 2017 has ${ms2017} ms for this pair.`;
  return {
    name,
    summary: `Round trip between ${regions[from].place} and ${regions[to].place}`,
    dimension: 'time',
    values,
    note: claim?.verdict ? `${age} ${claim.verdict}` : age,
  };
}

/** Round trips between regions: every pair once, in the order of `regions`, and one default for unknown pairs. */
export const regionRoundTrips: readonly Constant[] = [
  {
    name: 'rtt.region',
    summary: 'Round trip between two regions that are not named',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '27ms..327ms', ...measured },
      { profile: 'classroom', value: '50ms..150ms', ...teachingNotes },
    ],
    note: 'Only a default: it depends on the route, so name the pair (rtt.us-east.eu-west and so on). The measured values include some milliseconds in the regions themselves. None can be below 10 µs/km, light in fibre there and back.',
  },
  ...matrix.map(pairConstant),
];
