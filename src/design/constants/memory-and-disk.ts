import type { Constant } from './constant.ts';
import { latencyList2012, latencyList2020, measuredOnTwoCores, teachingNotes } from './originals.ts';

/** Reaching data inside one machine. */
export const memoryAndDisk: readonly Constant[] = [
  {
    name: 'lat.l1',
    summary: 'Reference to the first-level cache',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '1ns', ...latencyList2020 },
      { profile: 'classroom', value: '0.5ns', ...latencyList2012 },
    ],
    note: 'The two lists are of different years. Ratios such as "memory is 200 times slower" hold within one list only: 200 in that of 2012, 100 in that of 2020.',
  },
  {
    name: 'lat.l2',
    summary: 'Reference to the second-level cache',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '4ns', ...latencyList2020 },
      { profile: 'classroom', value: '7ns', ...latencyList2012 },
    ],
    note: '14 times lat.l1 in the list of 2012, 4 times in that of 2020.',
  },
  {
    name: 'lat.l3',
    summary: 'Reference to the shared last-level cache',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '10ns', ...teachingNotes }],
    note: 'Optimistic for a server: the caches of many-core processors are larger and farther away.',
  },
  {
    name: 'lat.ram',
    summary: 'Reference to main memory',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '100ns', ...latencyList2020 },
      { profile: 'classroom', value: '100ns', ...latencyList2012 },
    ],
    note: 'The often quoted "memory is 200 times faster than disk" compares memory with lat.l1 by mistake: a disk seek takes 100,000 times as long, a random SSD read of the same list 1,500 times.',
  },
  {
    name: 'ram.read1MB',
    summary: 'Reading 1 MB from memory in sequence',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '3us', ...latencyList2020 },
      { profile: 'classroom', value: '250us', ...latencyList2012 },
    ],
    note: '250 µs is 4 GB/s, one core of about 2005. 3 µs is 333 GB/s, all channels of a server at once; a single core reads 1 MB in some tens of microseconds.',
  },
  {
    name: 'lat.ssd.random',
    summary: 'Random read of 4 KB from a local SSD, one request at a time',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '50us..150us',
        source:
          'NVMe data sheets, typical: Micron 2600 (2025) 50 µs; Micron 9200 (2017) 92–150 µs, queue depth 1',
        date: '2025',
      },
      {
        profile: 'classroom',
        value: '100us..150us',
        source: `${latencyList2012.source}: 150 µs; newer teaching notes: 100 µs, NVMe 120 µs`,
        date: '2012',
      },
      {
        profile: 'measured-2core',
        value: '64us',
        source:
          'measured: 8,000 direct 4 KiB reads spread over a 4 GiB file on the virtual disk of a 2-core Debian 12 machine; mean 64 µs, p99 106 µs',
        date: '2026-11-22',
      },
    ],
    note: 'The values differ by device and year. The 16 µs of the revision of 2020 is an extrapolated trend; reading a flash page alone takes longer. At queue depth 1, 150 µs for 4 KB is 27 MB/s; the "1 GB/s" printed beside it needs sequential or parallel reads. A random read beats a disk seek by 67 times, not by the often quoted 30.',
  },
  {
    name: 'lat.ssd.network',
    summary: 'Random read from a network volume of a cloud (EBS and its like)',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.5ms',
        source:
          'Amazon EBS user guide: io2 Block Express is designed for an average below 0.5 ms per 16 KiB operation',
        date: '2025',
      },
    ],
    note: 'Upper end of the best volume type. General purpose volumes (gp3) promise no more than "single-digit milliseconds".',
  },
  {
    name: 'ssd.read1MB',
    summary: 'Reading 1 MB from an SSD in sequence',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '49us', ...latencyList2020 },
      { profile: 'classroom', value: '1ms', ...latencyList2012 },
      {
        profile: 'measured-2core',
        value: '1.06ms',
        source:
          'measured: 2,048 direct reads of 1 MiB in sequence on the virtual disk of a 2-core Debian 12 machine',
        date: '2026-11-22',
      },
    ],
    note: '49 µs (20 GB/s) is an extrapolated trend, ahead of a single drive of 2026; a network volume is nearer to 1 ms.',
  },
  {
    name: 'lat.hdd.seek',
    summary: 'Moving the head of a spinning disk',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '10ms', ...latencyList2012 }],
    note: 'All teaching material agrees, and so does mechanics: half a turn at 7,200/min alone takes 4.2 ms. The 2 ms of the revision of 2020 is an extrapolated trend that no disk has followed. About 100 random reads a second a disk.',
  },
  {
    name: 'hdd.read1MB',
    summary: 'Reading 1 MB from a spinning disk in sequence',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '3.7ms..7.4ms',
        source:
          'Seagate Exos X18 data sheet: up to 270 MB/s on the outer tracks; about half of it on the inner ones',
        date: '2020',
      },
      {
        profile: 'classroom',
        value: '20ms..30ms',
        source: `${latencyList2012.source}: 20 ms; teaching notes that quote it: 30 ms`,
        date: '2012',
      },
    ],
    note: '30 ms is 33 MB/s, a disk of about 2000. The 0.825 ms of the revision of 2020 would be 1.2 GB/s, which no spinning disk reaches.',
  },
  {
    name: 'lat.fsync',
    summary: 'Making one 8 kB write durable (fdatasync)',
    dimension: 'time',
    values: [
      { profile: 'measured-2core', value: '105us', ...measuredOnTwoCores('pg_test_fsync of PostgreSQL 15') },
    ],
    note: 'A virtual disk answers from a protected cache; a bare SSD without one needs a millisecond or more.',
  },
];
