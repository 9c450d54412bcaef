import { describe, expect, test } from 'vitest';
import type { Profile } from './index.ts';
import {
  constantFamily,
  constants,
  constantsNear,
  findConstant,
  isProfile,
  profiles,
  resolveConstant,
} from './index.ts';

describe('resolveConstant', () => {
  test('gives the value of the asked profile in base units, with source and rivals', () => {
    const resolved = resolveConstant('rtt.dc', 'classroom');
    expect(resolved).toMatchObject({ name: 'rtt.dc', text: '0.5ms', profile: 'classroom', date: '2012' });
    expect(resolved.value).toEqual({ value: 0.0005, low: 0.0005, high: 0.0005 });
    expect(resolved.source).toContain('Latency numbers');
    expect(resolved.rivals.map(({ profile }) => profile)).toEqual(['cloud-2026']);
  });

  test('reads a range as an interval around its geometric mean', () => {
    const { value } = resolveConstant('rtt.dc');
    expect(value.low).toBeCloseTo(1e-4, 12);
    expect(value.high).toBeCloseTo(3e-4, 12);
    expect(value.value).toBeCloseTo(Math.sqrt(3) * 1e-4, 12);
  });

  test('falls back to the cloud, then the classroom, then the measurement, and says so', () => {
    expect(resolveConstant('db.connections', 'classroom').profile).toBe('cloud-2026');
    expect(resolveConstant('cap.db.qps', 'cloud-2026').profile).toBe('classroom');
    expect(resolveConstant('cap.db.updates', 'cloud-2026').profile).toBe('measured-2core');
    expect(resolveConstant('lat.db.query', 'measured-2core').profile).toBe('measured-2core');
  });

  test('an override wins, and every value of the registry is its rival', () => {
    const resolved = resolveConstant('rtt.dc', 'classroom', { 'rtt.dc': '0.2ms ± 50%' });
    expect(resolved).toMatchObject({
      text: '0.2ms ± 50%',
      source: 'the design',
      profile: 'design',
      date: '',
    });
    expect(resolved.value.value).toBeCloseTo(2e-4, 12);
    expect(resolved.rivals).toEqual(findConstant('rtt.dc')?.values);
  });

  test('takes no override from a prototype', () => {
    const overrides: Record<string, string> = Object.create({ 'rtt.dc': '9s' });
    expect(resolveConstant('rtt.dc', 'classroom', overrides).text).toBe('0.5ms');
  });

  test.each(constants)('$name resolves in every profile', ({ name, values }) => {
    for (const profile of profiles) {
      const resolved = resolveConstant(name, profile);
      const own = values.some((each) => each.profile === profile);
      if (own) expect(resolved.profile).toBe(profile);
      expect(resolved.rivals).toHaveLength(values.length - 1);
      expect(resolved.value.low).toBeLessThanOrEqual(resolved.value.value);
      expect(resolved.value.value).toBeLessThanOrEqual(resolved.value.high);
    }
  });

  test('programmer errors throw', () => {
    expect(() => resolveConstant('rtt.dcc')).toThrow(/such as rtt\.dc, got rtt\.dcc/);
    expect(() => resolveConstant('constructor')).toThrow(RangeError);
    expect(() => resolveConstant('rtt.dc', 'cloud-1999' as Profile)).toThrow(
      /cloud-2026, classroom, measured-2core/,
    );
    expect(() => resolveConstant('rtt.dc', 'classroom', { 'rtt.dc': '16GB' })).toThrow(
      /rtt\.dc must be a time/,
    );
  });
});

test('names are looked up exactly, and near misses are found', () => {
  expect(findConstant('cap.redis.ops')?.dimension).toBe('rate');
  expect(findConstant('cap.redis')).toBeUndefined();
  expect(findConstant('__proto__')).toBeUndefined();
  expect(constantsNear('cap.redis.opps')).toEqual(['cap.redis.ops']);
  expect(constantsNear('workload.readratio')).toEqual(['workload.readRatio']);
  expect(constantsNear('zzzzzzzzzz')).toEqual([]);
  expect(constantsNear('cap.redis.everything')).toEqual(constantFamily('cap.redis').map(({ name }) => name));
  expect(constantFamily('cap.redis').length).toBeGreaterThan(0);
  expect(constantFamily('cap.redi')).toEqual([]);
  expect(isProfile('classroom')).toBe(true);
  expect(isProfile('this-machine')).toBe(false);
});
