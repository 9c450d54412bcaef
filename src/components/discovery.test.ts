import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { availability } from '../estimate/index.ts';
import {
  described,
  design,
  direct,
  errorShare,
  lastFailure,
  run,
  shareOfFirst,
  total,
} from './health.fixture.ts';
import { estimatedKinds } from './index.ts';

const lists = 'discovery: { heartbeat: 6s, expire: 18s, refresh: 6s }';
const dead = '{ at: 10s, crash: api, instances: 1 }';

/** Seconds from the death of an instance to the last request that fails there, over some seeds. */
const ends = (api: string, faults = dead): number[] =>
  Array.from({ length: 6 }, (_, seed) => lastFailure(run(design({ api, faults, rate: 200 }), seed + 1)) - 10);

describe('instances that are found in a registry', () => {
  it('DISC-1 the dead get requests until their lease is over and the list is copied anew', () => {
    const found = ends(lists);
    for (const end of found) {
      // The lease lasts 12 to 18 s more, the copy up to 6 s; a window of a second either way.
      expect(end).toBeGreaterThanOrEqual(11);
      expect(end).toBeLessThanOrEqual(24);
    }
    expect(new Set(found).size).toBeGreaterThan(1);
    expect(errorShare(run(design({ api: lists, faults: dead })), 11, 20)).toBeCloseTo(1 / 4, 1);
    // Without a registry, nobody ever tells callers.
    expect(ends('')).toEqual(Array(6).fill(109));
  });

  it('DISC-2 callers without a balancer go by the list too', () => {
    const end = lastFailure(run(direct(lists, dead)));
    expect(end).toBeGreaterThanOrEqual(21);
    expect(end).toBeLessThanOrEqual(34);
  });

  it('DISC-3 heartbeat, expire and refresh each say how long', () => {
    const mean = (words: string) => ends(`discovery: { ${words} }`).reduce((sum, each) => sum + each / 6, 0);
    const quick = mean('heartbeat: 1s, expire: 3s, refresh: 0s');
    expect(Math.abs(quick - 2)).toBeLessThan(1);
    expect(mean('heartbeat: 1s, expire: 30s, refresh: 0s') - quick).toBeGreaterThan(25);
    expect(mean('heartbeat: 1s, expire: 3s, refresh: 30s') - quick).toBeGreaterThan(5);
    // The last heartbeat was half an interval ago, in the mean.
    expect(mean('heartbeat: 30s, expire: 30s, refresh: 0s')).toBeLessThan(29);
  });

  it('DISC-4 who comes back gets nothing until it is listed', () => {
    const share = shareOfFirst(
      design({
        api: 'discovery: { heartbeat: 1s, expire: 2s, refresh: 40s }',
        faults: '{ at: 10s, crash: api, instances: 1, for: 50s }',
      }),
    );
    const back = share.findIndex((each, second) => second > 60 && each > 0.1);
    expect(back).toBeGreaterThan(60);
    expect(back).toBeLessThanOrEqual(101);
  });

  it('DISC-5 a deploy that drains for shorter than a refresh fails requests, for longer none', () => {
    const rolled = (drain: string) =>
      total(
        run(
          design({
            api: lists,
            faults: `{ at: 10s, deploy: api, every: 15s, drain: ${drain}, restart: 3s }`,
          }),
        ),
      );
    expect(rolled('7s')).toBe(0);
    expect(rolled('1s')).toBeGreaterThan(100);
  });

  it('DISC-6 silence of a machine that is gone is worse than a process that is', () => {
    const failed = (how: string) =>
      total(
        run(
          design({
            api: lists,
            faults: `{ at: 10s, crash: api, instances: 1, connections: ${how} }`,
            steps: '[ { compute: 2ms } ]',
            lasts: 60,
          }),
        ),
      );
    expect(failed('refused')).toBeGreaterThan(1000);
    // Those who wait for a machine that is gone hang for longer than this run.
    expect(failed('hanging')).toBe(0);
  });

  it('DISC-7 probes and the list both keep the dead away: the sooner counts', () => {
    const health = 'health: { every: 2s, timeout: 1s, fall: 2 }';
    const both = lastFailure(run(design({ edge: health, api: lists, faults: dead }))) - 10;
    expect(both).toBeLessThanOrEqual(5);
  });

  it('DISC-8 what autoscaling adds helps only once it is listed', () => {
    const scaled = (discovery: string) => `
name: rush
traffic: { users: { call: api.get, rate: 100/s, timeout: 1s } }
components:
  api:
    kind: service
    autoscale: { from: 2, to: 12, target: 60%, every: 5s, boot: 10s, cooldown: 60s }
    ${discovery}
    operations: { get: [ { compute: exponential(10ms) } ] }
scenarios:
  it: { lasts: 200s, traffic: { users: { spike: 5x, at: 20s, for: 100s } } }
`;
    const [at, late] = ['', 'discovery: { refresh: 60s }'].map((words) => total(run(scaled(words)))) as [
      number,
      number,
    ];
    expect(late).toBeGreaterThan(1.3 * at);
  });

  it('DISC-9 nothing is lost, and the same seed gives the same run', () => {
    const fault = fc
      .record({
        at: fc.integer({ min: 0, max: 40 }),
        what: fc.constantFrom(
          'crash: api, instances: 2',
          'freeze: api, instances: 1',
          'crash: api, connections: hanging',
        ),
      })
      .map(({ at, what }) => `{ at: ${at}s, ${what}, for: 9s }`);
    fc.assert(
      fc.property(fc.array(fault, { minLength: 1, maxLength: 4 }), fc.nat(1000), (faults, seed) => {
        const text = design({
          api: 'discovery: { heartbeat: 1s, expire: 3s, refresh: 2s }',
          edge: 'algorithm: least-connections',
          faults: faults.join(', '),
          rate: 50,
          lasts: 60,
        });
        const first = run(text, seed);
        for (const { served, failed, inFlight, offered } of first.traffic)
          expect(served + failed.reduce((sum, each) => sum + each, 0) + inFlight).toBe(offered);
        expect(run(text, seed)).toEqual(first);
      }),
      { numRuns: 10 },
    );
  });

  it('DISC-11 the availability of years of failures counts the time until callers know', () => {
    const down = (refresh: string) => {
      const text = `
name: years
constants: { availability.loadBalancer: 100% }
traffic: { users: { call: edge.get, rate: 1/s } }
components:
  edge: { kind: load-balancer, to: shop }
  shop:
    kind: service
    instances: 4
    fails: { mtbf: 1000h, mttr: 1h }
    discovery: { heartbeat: 6s, expire: 18s, refresh: ${refresh} }
    operations: { get: [ { compute: 10ms } ] }
`;
      const { plan } = loadDesign(text, { file: 'years.yaml', kinds: described });
      const { value, low, high } = availability(plan!, estimatedKinds, { years: 400 }).traffic['users']!
        .availability;
      return { value: 1 - value!, error: (high! - low!) / 2 / 1.96 };
    };
    // A quarter of the requests, at each of four failures in 1001 hours, until the lease is over and the list is copied.
    for (const [refresh, seconds] of [
      ['6s', 18],
      ['600s', 315],
    ] as const) {
      const { value, error } = down(refresh);
      expect(Math.abs(value - seconds / (1001 * 3600))).toBeLessThan(4 * error);
      expect(value / error).toBeGreaterThan(10);
    }
  });

  it('DISC-10 has no effect for one instance, and heartbeats must come in time', () => {
    const codes = (words: string, instances: number) =>
      loadDesign(direct(words, dead).replace('instances: 4', `instances: ${instances}`), {
        file: 'a.yaml',
        kinds: described,
      }).diagnostics.map(({ code, path }) => [code, path]);
    expect(codes(lists, 4)).toEqual([]);
    expect(codes(lists, 1)).toEqual([['idle-knob', 'components.api.discovery']]);
    expect(codes('discovery: { heartbeat: 30s, expire: 20s }', 4)).toEqual([
      ['out-of-range', 'components.api.discovery.expire'],
    ]);
  });
});
