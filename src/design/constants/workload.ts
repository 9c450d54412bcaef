import type { Constant } from './constant.ts';
import { takenOver, teachingNotes } from './originals.ts';

const xu = 'A. Xu, "System Design Interview" (2020), chapter 2: peak QPS = 2 × QPS';

/** How people use systems: shape of load, and the loads of well-known ones. */
export const workload: readonly Constant[] = [
  {
    name: 'workload.peak',
    summary: 'Rate in the busiest hours, as a multiple of the mean',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '2x', ...takenOver(xu, '2020') },
      { profile: 'classroom', value: '2x', source: xu, date: '2020' },
    ],
    note: 'Other teaching material says 2 to 10. It is the daily rhythm only: see workload.peak.viral for events.',
  },
  {
    name: 'workload.peak.viral',
    summary: 'Rate in the second of a great event, as a multiple of the mean',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '25x',
        source:
          'Twitter, "New Tweets per second record, and how!" (2013): 143,199/s against 5,700/s on average',
        date: '2013',
      },
    ],
    note: '',
  },
  {
    name: 'workload.readRatio',
    summary: 'Share of reads among the requests of a web application',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '80%', ...takenOver('system design teaching notes', '2026') },
      { profile: 'classroom', value: '80%', ...teachingNotes },
    ],
    note: 'With 20 % writes, which every replica repeats, read replicas gain at most a factor of 5. Published systems read far more: see workload.readRatio.social.',
  },
  {
    name: 'workload.readRatio.social',
    summary: 'Share of reads in a social network',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '99.8%',
        source:
          'N. Bronson et al., "TAO: Facebook\'s distributed data store for the social graph", USENIX ATC 2013',
        date: '2013',
      },
    ],
    note: '',
  },
  {
    name: 'workload.readRatio.denormalize',
    summary: 'Share of reads above which storing joined data pays',
    dimension: 'ratio',
    values: [{ profile: 'classroom', value: '99%', ...teachingNotes }],
    note: '100 reads a write. An answer to another question than workload.readRatio, with which it is sometimes confused.',
  },
  {
    name: 'workload.zipf',
    summary: 'Exponent of the popularity of keys (Zipf)',
    dimension: 'ratio',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.99',
        source:
          'YCSB (B. Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010), ZIPFIAN_CONSTANT',
        date: '2010',
      },
      {
        profile: 'classroom',
        value: '0.876',
        source:
          'derived: the exponent at which 20 % of 100M keys draw 80 % of the requests, as teaching notes say',
        date: '2026',
      },
    ],
    note: 'Web pages: 0.64 to 0.83 (L. Breslau et al., INFOCOM 1999). "20 % of the keys draw 80 % of the requests" does not make a cache of that size hit 95 %: an LRU cache of 20 % of 100M keys hits 72.5 % at 0.876 and 88.1 % at 1.',
  },
  {
    name: 'workload.tweets',
    summary: 'Posts on Twitter',
    dimension: 'rate',
    values: [
      {
        profile: 'cloud-2026',
        value: '500M/day',
        source: 'Twitter, "New Tweets per second record, and how!"',
        date: '2013',
      },
    ],
    note: '5,787/s on average.',
  },
  {
    name: 'workload.photos',
    summary: 'Photos uploaded to Instagram',
    dimension: 'rate',
    values: [{ profile: 'classroom', value: '100M/day', ...teachingNotes }],
    note: '1,157/s on average; the usual "about 1,000" is 14 % low.',
  },
  {
    name: 'workload.video.upload',
    summary: 'Minutes of video uploaded to YouTube in a minute',
    dimension: 'count',
    values: [{ profile: 'classroom', value: '30k', ...teachingNotes }],
    note: '500 hours a minute: 25 GB/s at size.video.minute, and 30,000 workers a rendition if transcoding takes as long as the video.',
  },
  {
    name: 'workload.messages',
    summary: 'Messages through the logs of LinkedIn',
    dimension: 'rate',
    values: [
      {
        profile: 'cloud-2026',
        value: '7T/day',
        source:
          'LinkedIn Engineering, "How LinkedIn customizes Apache Kafka for 7 trillion messages per day"',
        date: '2019',
      },
    ],
    note: '81.0 million/s on average.',
  },
  {
    name: 'workload.redirects',
    summary: 'Redirects of a large URL shortener',
    dimension: 'rate',
    values: [{ profile: 'classroom', value: '10B/day', ...teachingNotes }],
    note: '115,741/s on average.',
  },
];
