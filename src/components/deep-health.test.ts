import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { described, errorShare, lastFailure, planOf, run, total } from './health.fixture.ts';
import { estimatedKinds } from './index.ts';
import { planOf as sharedPlanOf } from './plan.fixture.ts';

/** A shop that shows its ten best where the recommender does not answer, behind a balancer. */
const shop = (words: string, faults: string, more = '') => `
name: shop
traffic:
  users: { call: edge.view, rate: 200/s }
network: { latency: 500us }
components:
  edge: { kind: load-balancer, to: api, ${words} }
  api:
    kind: service
    instances: 4
    cores: 2
    operations:
      view:
        - compute: exponential(2ms)
        - { call: ${more === '' ? 'advice' : 'front'}.get, timeout: 50ms, fallback: [ { compute: 1ms } ] }
  advice: { kind: service, instances: 2, cores: 2, operations: { get: [ { compute: exponential(2ms) } ] } }
  ${more}
scenarios:
  it: { lasts: 120s, faults: [ ${faults} ] }
`;

const shallow = 'health: { every: 2s, timeout: 1s, fall: 2, rise: 2 }';
const deep = 'health: { every: 2s, timeout: 1s, fall: 2, rise: 2, deep: true }';
const adviceDies = '{ at: 30s, crash: advice, for: 30s }';

describe('deep probes', () => {
  test('DEEP-1 what could be done without is needed by deep probes: it takes out all instances, shallow ones none', () => {
    expect(total(run(shop(shallow, adviceDies)))).toBe(0);
    const measured = run(shop(deep, adviceDies));
    // Noticed after one to two times `every`, of each instance at a moment of its own; then there is nobody, and back the same way.
    expect(errorShare(measured, 0, 30)).toBe(0);
    expect(errorShare(measured, 35, 60)).toBe(1);
    expect(errorShare(measured, 65, 120)).toBe(0);
    expect(lastFailure(measured)).toBeGreaterThanOrEqual(60);
    expect(lastFailure(measured)).toBeLessThan(65);
  });

  test('DEEP-2 panic does not believe that all are unwell at once', () => {
    expect(total(run(shop(`${deep}, panic: 50%`, adviceDies)))).toBe(0);
  });

  test('DEEP-3 where some of the instances of what is asked take requests, all is well', () => {
    expect(total(run(shop(deep, '{ at: 30s, crash: advice, instances: 1, for: 30s }')))).toBe(0);
  });

  test('DEEP-4 sees silence, errors and cut links between the instance and what it asks', () => {
    const middle = (faults: string) => errorShare(run(shop(deep, faults)), 40, 55);
    expect(middle('{ at: 30s, freeze: advice, for: 30s }')).toBe(1);
    expect(middle('{ at: 30s, crash: advice, connections: hanging, for: 30s }')).toBe(1);
    expect(middle('{ at: 30s, cut: api, from: advice, for: 30s }')).toBe(1);
    expect(middle('{ at: 30s, errors: advice, share: 100%, for: 30s }')).toBe(1);
    // A link that delays by less than the timeout does no harm.
    expect(middle('{ at: 30s, link: api, to: advice, delay: 200ms, for: 30s }')).toBe(0);
  });

  test('DEEP-5 a balancer in between is no better than what is behind it', () => {
    const front = 'front: { kind: load-balancer, to: advice }';
    expect(errorShare(run(shop(deep, adviceDies, front)), 40, 55)).toBe(1);
    expect(errorShare(run(shop(deep, '{ at: 30s, crash: front, for: 30s }', front)), 40, 55)).toBe(1);
    expect(total(run(shop(deep, '{ at: 30s, crash: advice, instances: 1, for: 30s }', front)))).toBe(0);
  });

  test('DEEP-6 those of callers without a balancer are deep as well', () => {
    const text = (words: string) => `
name: direct
traffic: { users: { call: front.get, rate: 100/s } }
components:
  front: { kind: service, cores: 4, operations: { get: [ { compute: 1ms }, { call: api.get } ] } }
  api: { kind: service, instances: 3, ${words}, operations: { get: [ { compute: 1ms }, { call: advice.get, timeout: 50ms, fallback: [] } ] } }
  advice: { kind: service, operations: { get: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 60s, faults: [ { at: 10s, crash: advice, for: 30s } ] }
`;
    expect(errorShare(run(text(deep)), 20, 35)).toBe(1);
    expect(total(run(text(shallow)))).toBe(0);
  });

  test('DEEP-7 same seed, same bytes; and where nothing fails, deep and shallow are the same', () => {
    const plan = planOf(shop(deep, adviceDies));
    expect(run(plan, 3)).toEqual(run(plan, 3));
    const quiet = '{ at: 100s, slow: api, by: 1.5x }';
    expect(run(shop(deep, quiet)).traffic).toEqual(run(shop(shallow, quiet)).traffic);
  });

  test('DEEP-8 of instances that ask nobody it is idle', () => {
    const text = (steps: string) => `
name: alone
traffic: { users: { call: edge.get, rate: 10/s } }
components:
  edge: { kind: load-balancer, to: api, health: { deep: true } }
  api: { kind: service, instances: 2, operations: { get: [ { compute: 1ms }${steps} ] } }
  other: { kind: service, operations: { get: [ { compute: 1ms } ] } }
`;
    const found = (steps: string) =>
      loadDesign(text(steps), { file: 'test.yaml', kinds: described }).diagnostics.map(
        ({ code, path }) => `${code} ${path}`,
      );
    expect(found('')).toContain('idle-knob components.edge.health.deep');
    expect(found(', { call: other.get }')).toEqual([]);
    // The estimate says that it leaves them out where they do something, and only there.
    const isNoted = (steps: string) =>
      estimate(sharedPlanOf(text(steps)), estimatedKinds).notes.some((note) => note.includes('deep probes'));
    expect(isNoted('')).toBe(false);
    expect(isNoted(', { call: other.get }')).toBe(true);
  });

  test('DEEP-9 of a database with a quorum as many replicas have to answer as what is asked for needs', () => {
    const text = (steps: string, faults: string) => `
name: replicated
data: { item: { count: 1k, size: 1KB } }
traffic:
  users: { call: edge.get, rate: 100/s, key: item }
  staff: { call: desk.change, rate: 1/s, key: item }
components:
  edge: { kind: load-balancer, to: api, ${deep} }
  api: { kind: service, instances: 2, operations: { get: [ { compute: 1ms }, ${steps} ] } }
  desk: { kind: service, operations: { change: [ { compute: 1ms }, { read: item, from: store }, { write: item, to: store } ] } }
  store: { kind: database, stores: item, quorum: { replicas: 3, reads: 1, writes: 2 } }
scenarios:
  it: { lasts: 60s, faults: [ ${faults} ] }
`;
    const reads = '{ read: item, from: store, timeout: 50ms, fallback: [] }';
    const writes = '{ write: item, to: store, timeout: 50ms, fallback: [] }';
    const middle = (steps: string, faults: string) => errorShare(run(text(steps, faults)), 20, 35);
    const two =
      '{ at: 10s, crash: store.replica-0, for: 30s }, { at: 10s, crash: store.replica-2, for: 30s }';
    expect(middle(writes, two)).toBe(1);
    expect(middle(`${reads}, ${writes}`, two)).toBe(1);
    expect(middle(reads, two)).toBe(0);
    expect(middle(writes, '{ at: 10s, crash: store.replica-0, for: 30s }')).toBe(0);
    expect(middle(writes, '{ at: 10s, freeze: store, instances: 2, for: 30s }')).toBe(1);
  });
});
