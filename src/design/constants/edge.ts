import type { Constant, Origin } from './constant.ts';
import { measuredOnTwoCores, teachingNotes } from './originals.ts';

const lzbench: Origin = {
  source:
    'J. Ibsen, README of BriefLZ 1.2: lzbench of zlib 1.2.11 -6 and brotli -4, Silesia corpus, one core of a Core i5-4570',
  date: '2018',
};

const albQuotas: Origin = {
  source:
    'AWS, Elastic Load Balancing user guide, Quotas for your Application Load Balancers (application/load-balancer-limits): default, can be raised',
  date: '2025',
};
const nlbQuotas: Origin = {
  source:
    'AWS, Elastic Load Balancing user guide, Quotas for your Network Load Balancers (network/load-balancer-limits): default, can be raised',
  date: '2025',
};

const connections = (how: string) =>
  measuredOnTwoCores(
    `process.cpuUsage of a Node.js 20 TLS 1.3 server with an ECDSA P-256 certificate ÷ connections, ${how}`,
  );
const checks = (how: string) =>
  measuredOnTwoCores(`process.cpuUsage of Node.js 20 with OpenSSL 3.0 ÷ ${how}`);

/** What it costs to let a request in, and an answer out: who asks, over which connection, compressed how. */
export const edge: readonly Constant[] = [
  {
    name: 'auth.apiKey.cpu',
    summary: 'CPU time to check an API key',
    dimension: 'time',
    values: [
      {
        profile: 'measured-2core',
        value: '1.9us',
        ...checks('SHA-256 of a key and a look into a map of 100,000 hashes'),
      },
    ],
    note: 'The keys lie in memory. Where they are asked for elsewhere, that is a call.',
  },
  {
    name: 'auth.jwt.rs256.cpu',
    summary: 'CPU time to check a JSON Web Token with a public key (RS256)',
    dimension: 'time',
    values: [
      {
        profile: 'measured-2core',
        value: '22us',
        ...checks('tokens of 150 bytes parsed and verified, RSA of 2048 bits'),
      },
    ],
    note: 'Verifying is the cheap side of RSA: signing takes ten times as long.',
  },
  {
    name: 'auth.jwt.hs256.cpu',
    summary: 'CPU time to check a JSON Web Token with a shared secret (HS256)',
    dimension: 'time',
    values: [
      {
        profile: 'measured-2core',
        value: '4.9us',
        ...checks('tokens of 150 bytes parsed and verified by HMAC-SHA-256'),
      },
    ],
    note: 'Whoever can check such a token can make one.',
  },
  {
    name: 'tls.handshake.cpu',
    summary: 'CPU time of a server for a new TLS connection with a full handshake',
    dimension: 'time',
    values: [
      { profile: 'measured-2core', value: '0.75ms (0.64ms..0.89ms)', ...connections('nothing resumed') },
    ],
    note: 'Of which key exchange and signature are about 0.1 ms; the rest is the connection and its objects.',
  },
  {
    name: 'tls.resumed.cpu',
    summary: 'CPU time of a server for a new TLS connection that resumes a session',
    dimension: 'time',
    values: [
      { profile: 'measured-2core', value: '0.6ms (0.53ms..0.66ms)', ...connections('all resumed by ticket') },
    ],
    note: 'TLS 1.3 exchanges keys when it resumes, too; only certificate and signature are spared.',
  },
  {
    name: 'tls.client.cpu',
    summary: 'CPU time a client certificate adds to a full TLS handshake',
    dimension: 'time',
    values: [
      {
        profile: 'measured-2core',
        value: '0.53ms',
        ...connections('with a client certificate less without'),
      },
    ],
    note: 'A full handshake costs nearly twice as much; to verify an ECDSA P-256 signature takes 55 µs, more than twice as long as to make one.',
  },
  {
    name: 'quota.alb.targets',
    summary: 'Targets of one Application Load Balancer of AWS',
    dimension: 'count',
    values: [{ profile: 'cloud-2026', value: '1000', ...albQuotas }],
    note: '',
  },
  {
    name: 'quota.alb.rules',
    summary: 'Rules of one Application Load Balancer of AWS, its default rule left aside',
    dimension: 'count',
    values: [{ profile: 'cloud-2026', value: '100', ...albQuotas }],
    note: '',
  },
  {
    name: 'quota.nlb.targets',
    summary: 'Targets of one Network Load Balancer of AWS that balances across zones',
    dimension: 'count',
    values: [{ profile: 'cloud-2026', value: '500', ...nlbQuotas }],
    note: 'Where it keeps to its zone, 500 in each and 3,000 in all. A balancer of a design spreads requests over all instances, wherever they stand.',
  },
  {
    name: 'compress.gzip.ratio',
    summary: 'Bytes before ÷ bytes after gzip, level 6',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '3.1', ...lzbench },
      { profile: 'classroom', value: '5', ...teachingNotes },
    ],
    note: 'Of text, programs and records mixed; the 5 that is taught is of JSON. HTML of web sites gives 4 to 7, images and video nothing.',
  },
  {
    name: 'compress.gzip.speed',
    summary: 'What a core compresses in a second with gzip, level 6',
    dimension: 'bandwidth',
    values: [{ profile: 'cloud-2026', value: '24MB/s (24MB/s..35MB/s)', ...lzbench }],
    note: 'Level 1, the default of nginx, is three times as fast at a ratio of 2.7. The upper bound is lzbench 1.8 on a Core i7-8700K.',
  },
  {
    name: 'compress.brotli.ratio',
    summary: 'Bytes before ÷ bytes after brotli, quality 4',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '3.3', ...lzbench }],
    note: 'Quality 4 to 6 is for answers made on demand; 11, for files compressed beforehand, is a hundred times as slow.',
  },
  {
    name: 'compress.brotli.speed',
    summary: 'What a core compresses in a second with brotli, quality 4',
    dimension: 'bandwidth',
    values: [{ profile: 'cloud-2026', value: '44MB/s', ...lzbench }],
    note: '',
  },
];
