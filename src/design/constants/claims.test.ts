import { describe, expect, test } from 'vitest';
import { constants, type Profile, type Region, regions, resolveConstant } from './index.ts';

/** Middle of a constant, in base units. */
function classroom(name: string): number {
  return at(name, 'classroom').value;
}

function at(name: string, profile: Profile) {
  const resolved = resolveConstant(name, profile);
  expect(resolved.profile).toBe(profile);
  return resolved.value;
}

describe('ratios in circulation, computed from the constants they are said to follow from', () => {
  test('memory is 200 first-level references, and neither disk nor SSD is 200 memory references', () => {
    expect(classroom('lat.ram') / classroom('lat.l1')).toBeCloseTo(200, 9);
    expect(at('lat.ram', 'cloud-2026').value / at('lat.l1', 'cloud-2026').value).toBeCloseTo(100, 9);
    expect(classroom('lat.hdd.seek') / classroom('lat.ram')).toBeCloseTo(100_000, 6);
    expect(at('lat.ssd.random', 'classroom').high / classroom('lat.ram')).toBeCloseTo(1_500, 6);
    expect(at('hdd.read1MB', 'classroom').high / classroom('ram.read1MB')).toBeCloseTo(120, 9);
  });

  test('the second level is 14 or 4 first-level references, by list', () => {
    expect(classroom('lat.l2') / classroom('lat.l1')).toBeCloseTo(14, 9);
    expect(at('lat.l2', 'cloud-2026').value / at('lat.l1', 'cloud-2026').value).toBeCloseTo(4, 9);
  });

  test('a random SSD read beats a seek 67 times; 30 is the ratio of sequential megabytes', () => {
    expect(classroom('lat.hdd.seek') / at('lat.ssd.random', 'classroom').high).toBeCloseTo(66.67, 2);
    expect(at('hdd.read1MB', 'classroom').high / classroom('ssd.read1MB')).toBeCloseTo(30, 9);
  });

  test('4 KB at queue depth 1 is 27 MB/s, not 1 GB/s', () => {
    expect(4096 / at('lat.ssd.random', 'classroom').high / 1e6).toBeCloseTo(27.3, 1);
    expect(1e6 / classroom('ssd.read1MB')).toBeCloseTo(1e9, 0);
  });

  test('a data centre round trip is 160 times shorter than one across the Atlantic, 300 than one to Asia', () => {
    expect(classroom('rtt.us-east.eu-west') / classroom('rtt.dc')).toBeCloseTo(160, 9);
    expect(classroom('rtt.us-east.tokyo') / classroom('rtt.dc')).toBeCloseTo(300, 9);
  });

  test('90 % hits make reads 8.16 times quicker, not 37', () => {
    const hit = at('lat.cache.hit', 'classroom').low;
    const miss = classroom('lat.db.query');
    expect(hit).toBeCloseTo(0.25e-3, 12);
    const speedUp = (ratio: number) => miss / (ratio * hit + (1 - ratio) * miss);
    expect(speedUp(0.9)).toBeCloseTo(8.163, 3);
    expect((miss - miss / 37) / (miss - hit)).toBeCloseTo(0.9979, 4);
    expect(speedUp(1)).toBeCloseTo(40, 9);
  });

  test('10,000 queries/s of 10 ms occupy 100 connections (Little)', () => {
    const busy = classroom('cap.db.qps') * classroom('lat.db.query');
    expect(busy).toBeCloseTo(at('db.connections', 'cloud-2026').value, 9);
  });

  test('10,000 connections of 100 ms carry 100,000 requests/s (Little)', () => {
    expect(classroom('cap.proxy.conns') / 0.1).toBeCloseTo(classroom('cap.app.rps.static'), 6);
  });

  test('20 % writes bound the gain of read replicas to 5', () => {
    expect(1 / (1 - classroom('workload.readRatio'))).toBeCloseTo(5, 9);
  });

  test('ten calls with one cached prompt save 78.5 %, not 90 %', () => {
    const read = at('llm.promptCache.read', 'cloud-2026').value;
    const write = at('llm.promptCache.write', 'cloud-2026').value;
    expect(1 - (write + 9 * read) / 10).toBeCloseTo(0.785, 9);
  });

  test('rates a day are what they are a second', () => {
    expect(at('workload.tweets', 'cloud-2026').value).toBeCloseTo(5787.04, 2);
    expect(classroom('workload.photos')).toBeCloseTo(1157.41, 2);
    expect(classroom('workload.redirects')).toBeCloseTo(115_740.7, 1);
    expect(at('workload.messages', 'cloud-2026').value).toBeCloseTo(8.10185e7, -3);
    const upload = (classroom('workload.video.upload') * classroom('size.video.minute')) / 60;
    expect(upload).toBeCloseTo(25e9, 3);
  });

  test('sizes add up', () => {
    const embedding = at('size.embedding1536', 'cloud-2026').value;
    expect(embedding).toBe(1536 * at('size.float32', 'cloud-2026').value);
    expect(1e6 * embedding).toBe(6.144e9);
    expect(500e6 * classroom('size.tweet') * 365 * 5).toBeCloseTo(233.6e12, 0);
    expect(classroom('workload.photos') * classroom('size.photo')).toBeCloseTo(347.2e6, -5);
    expect((classroom('size.video.minute') * 8) / 60).toBeCloseTo(6.667e6, -3);
  });

  test('two parts of 99.9 % make 99.8001 % in series and 99.9999 % in parallel', () => {
    const one = classroom('availability.instance');
    expect(one ** 2).toBeCloseTo(0.998001, 9);
    expect(1 - (1 - one) ** 2).toBeCloseTo(0.999999, 9);
  });
});

describe('derived values follow from what they are derived from', () => {
  const cloud = (name: string) => at(name, 'cloud-2026');

  test('a networked cache hit is a round trip and an operation, and never less than the round trip', () => {
    const operation = 1 / cloud('cap.redis.ops').value;
    expect(cloud('lat.cache.hit').low).toBeCloseTo(cloud('rtt.dc').low + operation, 5);
    expect(cloud('lat.cache.hit').high).toBeCloseTo(cloud('rtt.dc').high + operation, 5);
    expect(cloud('lat.cache.hit').low).toBeGreaterThan(cloud('rtt.dc').low);
  });

  test('a write confirmed by another zone is a round trip and a flush', () => {
    for (const end of ['low', 'high'] as const) {
      expect(cloud('lat.write.strong')[end]).toBeCloseTo(
        cloud('rtt.az')[end] + cloud('db.write.disk')[end],
        9,
      );
    }
  });

  test('the disk time of a point read is one random read', () => {
    expect(cloud('db.read.disk')).toEqual(cloud('lat.ssd.random'));
  });

  test('the default cores do reads at a rate that was measured', () => {
    const rate = cloud('db.cores').value / cloud('db.read.cpu').value;
    const measured = at('cap.db.qps', 'measured-2core');
    expect(rate).toBeGreaterThan(measured.low);
    expect(rate).toBeLessThan(measured.high);
  });

  test('the highest CPU time of a point read is that of the slowest run, the client included', () => {
    const slowest = at('cap.db.qps', 'measured-2core').low;
    expect(at('db.read.cpu', 'measured-2core').high).toBeCloseTo(2 / slowest, 6);
  });
});

describe('light', () => {
  /** Light in fibre needs 5 µs/km (refractive index 1.5); a round trip is there and back. */
  const fibreSecondsPerKm = 5e-6;
  const names = Object.keys(regions) as Region[];
  const pairs = names.flatMap((from, index) => names.slice(index + 1).map((to) => ({ from, to })));

  /** Great circle on a sphere of 6,371 km, by the haversine formula. */
  function kilometres(from: Region, to: Region): number {
    const radians = (degrees: number) => (degrees * Math.PI) / 180;
    const [a, b] = [regions[from], regions[to]];
    const half = (x: number) => Math.sin(radians(x) / 2) ** 2;
    const h =
      half(b.latitude - a.latitude) +
      Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(b.longitude - a.longitude);
    return 2 * 6371 * Math.asin(Math.sqrt(h));
  }

  test('distances are about right', () => {
    expect(kilometres('us-east', 'eu-west')).toBeGreaterThan(5_300);
    expect(kilometres('us-east', 'eu-west')).toBeLessThan(5_600);
    expect(kilometres('us-east', 'sydney')).toBeGreaterThan(15_500);
    expect(kilometres('us-east', 'sydney')).toBeLessThan(15_900);
  });

  test.each(pairs)('is not outrun between $from and $to', ({ from, to }) => {
    const floor = 2 * kilometres(from, to) * fibreSecondsPerKm;
    for (const profile of ['cloud-2026', 'classroom'] as const) {
      expect(resolveConstant(`rtt.${from}.${to}`, profile).value.low).toBeGreaterThan(floor);
    }
  });

  test('the default for unknown pairs spans every pair that is known', () => {
    const all = pairs.map(({ from, to }) => at(`rtt.${from}.${to}`, 'cloud-2026').value);
    const region = at('rtt.region', 'cloud-2026');
    expect(Math.min(...all)).toBe(region.low);
    expect(Math.max(...all)).toBe(region.high);
    expect(constants.filter(({ name }) => /^rtt\.[a-z-]+\.[a-z-]+$/.test(name))).toHaveLength(pairs.length);
  });

  test('real routes are half as long again as a straight fibre, in the median', () => {
    expect(at('net.fibre.km', 'cloud-2026').value).toBe(fibreSecondsPerKm);
    const factors = pairs
      .map(
        ({ from, to }) =>
          at(`rtt.${from}.${to}`, 'cloud-2026').value / (2 * kilometres(from, to) * fibreSecondsPerKm),
      )
      .sort((a, b) => a - b);
    const route = at('net.route', 'cloud-2026');
    expect(factors[factors.length >> 1]).toBeCloseTo(route.value, 1);
    const outside = factors.filter((factor) => factor < route.low - 0.05 || factor > route.high + 0.05);
    expect(outside.length / factors.length).toBeLessThan(0.11);
  });

  test('40 ms from coast to coast is what light in a straight fibre needs', () => {
    expect(2 * 4_130 * fibreSecondsPerKm).toBeCloseTo(at('rtt.us-east.us-west', 'classroom').value, 2);
  });
});
