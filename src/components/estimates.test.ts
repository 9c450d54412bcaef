import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { mmc, mmck } from '../estimate/formulas/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/index.ts';
import { estimatedKinds, kinds } from './index.ts';

/** The estimate of a design as a user writes it. */
function estimated(design: string): Report {
  const descriptions = kinds.map(({ describe: description }) => description);
  const { plan, diagnostics } = loadDesign(design, { file: 'test.yaml', kinds: descriptions });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return estimate(plan, estimatedKinds);
}

const sheet = (report: Report, name: string): number | null => {
  const entry = report.sheet.find((e) => e.name === name);
  if (entry === undefined) throw new Error(`no ${name} in ${report.sheet.map((e) => e.name).join(', ')}`);
  return entry.figure.value;
};
const mean = (report: Report, traffic: string): number => report.operations[traffic]!.latency.mean.value!;

const shortener = (more = '') => `
name: url-shortener
data:
  link: { count: 100M, size: 500B, growth: 1M/day, keep: 5y, popularity: zipf(1.0) }
traffic:
  visitors: { call: edge.redirect, rate: 10B/day, peak: 2x, key: link }
  authors:  { call: edge.shorten,  rate: 1M/day, key: new link }
components:
  edge: { kind: load-balancer, algorithm: least-connections, to: api }
  api:
    kind: service
    instances: 12
    cores: 4
    operations:
      redirect: [ { compute: 60us }, { read: link, from: links, through: hot-links, timeout: 100ms } ]
      shorten: [ { compute: 150us }, { write: link, to: links, invalidate: hot-links } ]
  hot-links: { kind: cache, holds: link, items: 20M, nodes: 8 }
  links: { kind: database, stores: link, connections: 100, cores: 16 ${more} }
goals: { visitors: { p99: 50ms, success: 99.95% } }
`;

describe('SYS-01 the URL shortener', () => {
  const report = estimated(shortener());

  it('has 115,741 redirects a second, twice that at the peak, and ten thousand reads for a write', () => {
    expect(sheet(report, 'traffic.visitors.rate')).toBeCloseTo(115_740.74, 1);
    expect(sheet(report, 'traffic.visitors.peak')).toBeCloseTo(231_481.48, 1);
    expect(sheet(report, 'data.link.reads-per-write')).toBeCloseTo(10_000, 6);
  });

  it('with 20 % of the links cached hits 88.1 %, which leaves the database 13.8k reads a second', () => {
    expect(report.caches['hot-links']!.hitRatio.value).toBeCloseTo(0.8806, 4);
    expect(sheet(report, 'links.read')! / 1000).toBeCloseTo(13.8, 1);
    expect(sheet(report, 'links.read-peak')! / sheet(report, 'links.read')!).toBeCloseTo(2, 9);
    expect(sheet(report, 'hot-links.set')! / sheet(report, 'links.read')!).toBeCloseTo(1, 3);
  });

  it('stores 50 GB now and 912.5 GB once five years are kept; moves 57.9 MB/s', () => {
    expect(sheet(report, 'links.storage')).toBeCloseTo(50e9, 0);
    expect(sheet(report, 'links.storage-after-retention')).toBeCloseTo(912.5e9, 0);
    expect(sheet(report, 'traffic.visitors.out')! / 1e6).toBeCloseTo(57.87, 2);
    expect(sheet(report, 'traffic.authors.in')! / 1e3).toBeCloseTo(5.787, 3);
  });

  it('needs four instances, five for comfort, and holds its goals with twelve', () => {
    expect(sheet(report, 'api.instances-least')).toBe(4);
    expect(sheet(report, 'api.instances-comfortable')).toBe(5);
    expect(report.goals.map(({ met }) => met)).toEqual([true, true]);
    expect(report.stable).toBe(true);
  });

  it('Little’s law holds over the whole', () => {
    const inside = sheet(report, 'traffic.visitors.in-progress')!;
    expect(inside / (231_481.48 * mean(report, 'visitors'))).toBeCloseTo(1, 6);
  });

  it('says of a goal for success that it is above the availability', () => {
    const notes = (goal: string) => estimated(shortener().replace('99.95%', goal)).notes.join('\n');
    expect(notes('99.9%')).toMatch(
      /visitors: success is .* the availability of 9\d\.\d+% .* below the goal of 99\.9%/,
    );
    expect(notes('90%')).not.toContain('the availability of');
  });

  it('knows availability from constants, the design’s own first', () => {
    const chain = 0.9999 * 0.995 * 0.995;
    expect(sheet(report, 'traffic.visitors.availability')! / chain).toBeCloseTo(1, 6);
    const own = estimated(`constants: { availability.database: 99.9% }${shortener()}`);
    expect(sheet(own, 'traffic.visitors.availability')! / (0.9999 * 0.995 * 0.999)).toBeCloseTo(1, 6);
    const year = 365 * 86_400;
    expect(sheet(report, 'traffic.visitors.downtime')).toBeCloseTo(
      (1 - sheet(report, 'traffic.visitors.availability')!) * year,
      3,
    );
  });

  it('with a database too small says which station, what is offered and what it can do', () => {
    const small = estimated(shortener(', read: { cpu: 1ms, disk: 0s }'));
    expect(small.stable).toBe(false);
    expect(small.notes.join('\n')).toMatch(/links\.cpu is offered 27\.6\dk\/s and can serve 16\.01k\/s/);
    expect(small.goals[0]!.met).toBe(false);
    expect(sheet(small, 'links.instances-least')).toBe(2);
  });

  it('least-connections is bracketed by one shared queue and a random split', () => {
    const busy = estimated(shortener().replace('compute: 60us', 'compute: 180us'));
    const { low, value, high } = busy.stations['api.cpu']!.waiting;
    expect(low!).toBeLessThan(value!);
    expect(value!).toBeLessThan(high!);
    expect(busy.notes.join()).toContain('api: least-connections lies between one queue');
  });
});

describe('a cache in front of a store', () => {
  const design = (cache: string, more = '') => `
name: shop
network: { latency: 0s }
data: { item: { count: 1000, size: 1KB, popularity: zipf(1.0) } }
traffic: { readers: { call: site.show, rate: 100/s, key: item } ${more} }
components:
  site:
    kind: service
    operations:
      show: [ { read: item, from: db, through: hot } ]
      change: [ { write: item, to: db, invalidate: hot } ]
  hot: { kind: cache, holds: item, time: 1ms, ${cache} }
  db: { kind: database, stores: item, connections: 10k, cores: 10k, read: { cpu: exponential(20ms), disk: 0s }, write: { cpu: 0s, disk: 0s } }
`;

  it('O-C03 hits as Che says, and the response is the mixture', () => {
    const report = estimated(design('items: 100'));
    const hits = report.caches['hot']!.hitRatio.value!;
    expect(hits).toBeCloseTo(0.5765, 4);
    const node = report.stations['hot.node']!;
    const lookup = node.waiting.value! + 0.001;
    expect(mean(report, 'readers')).toBeCloseTo(lookup + (1 - hits) * (0.02 + lookup), 6);
    expect(node.arrivals.value).toBeCloseTo(100 * (2 - hits), 6);
  });

  it('that holds everything misses nothing in the long run', () => {
    expect(estimated(design('items: 1000')).caches['hot']!.hitRatio.value).toBeCloseTo(1, 12);
  });

  it('O-C06 with a time to live misses once each time', () => {
    const one = design('items: 10, ttl: 1s')
      .replace('count: 1000', 'count: 1')
      .replace('rate: 100/s', 'rate: 9/s');
    expect(estimated(one).caches['hot']!.hitRatio.value).toBeCloseTo(0.9, 9);
  });

  it('a write that invalidates takes the key out', () => {
    const writers = ', writers: { call: site.change, rate: 25/s, key: item }';
    // All keys fit: a read hits unless a write came since the last read.
    expect(estimated(design('items: 1000', writers)).caches['hot']!.hitRatio.value).toBeCloseTo(0.8, 9);
  });

  it('fewer fit in bytes than in items: the overhead counts', () => {
    const report = estimated(design('memory: 108.4KB'));
    expect(sheet(report, 'hot.items-that-fit')).toBe(100);
    expect(sheet(report, 'hot.memory')).toBeCloseTo(108_400, -2);
    expect(report.caches['hot']!.hitRatio.value).toBeCloseTo(0.5765, 4);
  });

  it.each(['lfu', 'fifo', 'lru'])('%s: bigger is better', (evict) => {
    const small = estimated(design(`items: 50, evict: ${evict}`)).caches['hot']!.hitRatio.value!;
    const large = estimated(design(`items: 100, evict: ${evict}`)).caches['hot']!.hitRatio.value!;
    expect(large).toBeGreaterThan(small);
    if (evict === 'lfu') expect(large).toBeCloseTo(0.69299, 4);
  });
});

describe('workers and connections', () => {
  const service = (settings: string, steps: string, rate: number) => `
name: pool
network: { latency: 0s }
traffic: { users: { call: server.work, rate: ${rate}/s } }
components:
  server: { kind: service, ${settings}, operations: { work: [ ${steps} ] } }
`;

  it('held through a wait are the servers of M/M/c', () => {
    const report = estimated(service('workers: 10', '{ wait: exponential(1s) }', 9));
    expect(mean(report, 'users')).toBeCloseTo(mmc(9, 1, 10).response, 9);
    expect(report.stations['server.workers']).toMatchObject({ servers: 10 });
    expect(report.stations['server.workers']!.service.value).toBeCloseTo(1, 9);
  });

  it('as many as cores: all waiting is for them', () => {
    const report = estimated(service('workers: 4, cores: 4', '{ compute: exponential(1s) }', 3));
    expect(mean(report, 'users')).toBeCloseTo(mmc(3, 1, 4).response, 9);
    expect(report.stations['server.cpu']!.waiting.value).toBe(0);
  });

  it('with places turn away what M/M/c/K does', () => {
    const report = estimated(service('workers: 2, queue: 3', '{ wait: exponential(500ms) }', 3));
    const exact = mmck(3, 2, 2, 5);
    expect(report.operations['users']!.success.value).toBeCloseTo(1 - exact.loss, 9);
    expect(mean(report, 'users')).toBeCloseTo(exact.response, 9);
  });

  it('too few are an overload, though no core is busy', () => {
    const report = estimated(service('workers: 10', '{ wait: 1s }', 12));
    expect(report.stable).toBe(false);
    expect(report.notes[0]).toMatch(/server\.workers is offered 12\/s and can serve 10\/s/);
  });

  it('a pool of 10 connections held 5 ms passes at most 2,000 a second', () => {
    const pool = (rate: number) =>
      estimated(`
name: pool
data: { d: { count: 1k, size: 1KB } }
traffic: { users: { call: app.get, rate: ${rate}/s, key: d } }
components:
  app: { kind: service, cores: 1k, operations: { get: [ { read: d, from: db } ] } }
  db: { kind: database, stores: d, connections: 10, cores: 100, read: { cpu: 0s, disk: exponential(5ms) }, write: { cpu: 0s, disk: 0s } }
`);
    expect(pool(1990).stable).toBe(true);
    expect(pool(2010).stable).toBe(false);
    expect(pool(1000).stations['db.connections']!.utilization.value).toBeCloseTo(0.5, 6);
  });
});

describe('load balancers', () => {
  const balanced = (algorithm: string, cost = '0s') =>
    estimated(`
name: balanced
network: { latency: 0s }
traffic: { users: { call: edge.work, rate: 1.6/s } }
components:
  edge: { kind: load-balancer, algorithm: ${algorithm}, cost: ${cost}, to: server }
  server: { kind: service, instances: 2, operations: { work: [ { compute: exponential(1s) } ] } }
`);

  it('O-L03 random and in turn are exact', () => {
    expect(mean(balanced('random'), 'users')).toBeCloseTo(5, 9);
    expect(mean(balanced('round-robin'), 'users')).toBeCloseTo(3.84398, 5);
  });

  it('O-L02 least-connections is within its bracket, near the exact chain', () => {
    const { low, value, high } = balanced('least-connections').operations['users']!.latency.mean;
    expect(low).toBeCloseTo(2.777778, 5);
    expect(high).toBeCloseTo(5, 9);
    expect(Math.abs(value! / 2.955737 - 1)).toBeLessThan(0.01);
  });

  it('a cost of their own is a station of their own', () => {
    const report = balanced('random', 'exponential(100ms)');
    expect(report.stations['edge.cpu']!.utilization.value).toBeCloseTo(0.16, 12);
    expect(mean(report, 'users')).toBeCloseTo(5 + 0.1 / 0.84, 6);
  });
});
