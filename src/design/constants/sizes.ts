import type { Constant, Origin } from './constant.ts';
import { teachingNotes } from './originals.ts';

const unicode: Origin = { source: 'RFC 3629 (UTF-8): 1 to 4 bytes a character', date: '2003' };
const ieee754: Origin = { source: 'IEEE 754 binary32', date: '2019' };
const postgres: Origin = { source: 'PostgreSQL documentation, numeric and UUID types', date: '2025' };

/** How large things are. Sizes are decimal: 1 KB is 1,000 bytes, 1 TB is 10^12. */
export const sizes: readonly Constant[] = [
  {
    name: 'size.char',
    summary: 'One character of text',
    dimension: 'size',
    values: [
      { profile: 'cloud-2026', value: '1B (1B..4B)', ...unicode },
      { profile: 'classroom', value: '1B', ...teachingNotes },
    ],
    note: '1 byte is right for ASCII only; most other alphabets take 2, Chinese 3, emoji 4.',
  },
  {
    name: 'size.int32',
    summary: 'A 32-bit integer',
    dimension: 'size',
    values: [{ profile: 'cloud-2026', value: '4B', ...postgres }],
    note: 'It counts to 2,147,483,647: a click counter that takes a tenth of 10 billion clicks a day overflows on the third day. Use 8 bytes.',
  },
  {
    name: 'size.int64',
    summary: 'A 64-bit integer or a timestamp',
    dimension: 'size',
    values: [{ profile: 'cloud-2026', value: '8B', ...postgres }],
    note: '',
  },
  {
    name: 'size.float32',
    summary: 'A 32-bit floating-point number',
    dimension: 'size',
    values: [{ profile: 'cloud-2026', value: '4B', ...ieee754 }],
    note: '',
  },
  {
    name: 'size.uuid',
    summary: 'A UUID in binary',
    dimension: 'size',
    values: [{ profile: 'cloud-2026', value: '16B', ...postgres }],
    note: '36 bytes when kept as text.',
  },
  {
    name: 'size.embedding1536',
    summary: 'An embedding of 1,536 dimensions',
    dimension: 'size',
    values: [
      { profile: 'cloud-2026', value: '6144B', source: 'arithmetic: 1,536 × size.float32', date: '2026' },
      { profile: 'classroom', value: '6KB', ...teachingNotes },
    ],
    note: 'A million are 6.144 GB (5.72 GiB) before rows and index; pgvector adds 8 bytes to each (4 × dimensions + 8).',
  },
  {
    name: 'size.tweet',
    summary: 'A short post',
    dimension: 'size',
    values: [{ profile: 'classroom', value: '256B', ...teachingNotes }],
    note: '500M a day for five years are 233.6 TB, before replication and indexes.',
  },
  {
    name: 'size.photo',
    summary: 'A photo as a social network stores it',
    dimension: 'size',
    values: [{ profile: 'classroom', value: '300KB', ...teachingNotes }],
    note: '100M a day are 30 TB a day, 347 MB/s on average.',
  },
  {
    name: 'size.video.minute',
    summary: 'A minute of HD video',
    dimension: 'size',
    values: [{ profile: 'classroom', value: '50MB', ...teachingNotes }],
    note: '6.67 Mbit/s.',
  },
  {
    name: 'size.http.headers',
    summary: 'Headers of an HTTP request, uncompressed',
    dimension: 'size',
    values: [
      {
        profile: 'cloud-2026',
        value: '700B..800B',
        source:
          'Google, "SPDY: an experimental protocol for a faster web": typical, with cookies; from 200 B to over 2 KB',
        date: '2009',
      },
    ],
    note: 'Often more than the payload. HTTP/2 and HTTP/3 send repeated headers as a few bytes.',
  },
  {
    name: 'size.mtu',
    summary: 'Most that one Ethernet frame carries (MTU)',
    dimension: 'size',
    values: [{ profile: 'cloud-2026', value: '1500B', source: 'RFC 894 (IP over Ethernet)', date: '1984' }],
    note: 'IPv4 and TCP headers take 40 bytes of it. Within a cloud network frames may be 9,001 bytes (Amazon VPC).',
  },
  {
    name: 'size.protobuf.gain',
    summary: 'How much smaller a message is in Protocol Buffers than in JSON',
    dimension: 'ratio',
    values: [
      { profile: 'classroom', value: '10x', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '2.5x..4.9x',
        source:
          'computed from both formats for messages of 4 to 1,536 random floats: 2.5–3.0 with 7 digits in JSON, 4.5–4.9 with all',
        date: '2026-11-22',
      },
    ],
    note: 'The tenfold of teaching material is overstated: after gzip 1.2 to 2.1 remain, and text gains next to nothing.',
  },
];
