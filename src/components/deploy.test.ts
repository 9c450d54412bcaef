import { describe, expect, test } from 'vitest';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { changesOf } from '../simulate/scenario-changes.ts';
import { design, deviation, direct, errorShare, planOf, run, total, workOf } from './health.fixture.ts';

describe('a deploy', () => {
  const share = (measured: Measurement, at: number): number => errorShare(measured, at, at + 4);

  test('of a bad version: errors rise step by step, and fall step by step after the rollback', () => {
    const faults = '{ at: 10s, deploy: api, errors: 40%, every: 10s, restart: 1s, for: 60s }';
    const measured = run(design({ faults, lasts: 130, rate: 2000 }));
    const step = (n: number, at: number) => {
      const expected = (0.4 * n) / 4;
      expect(Math.abs(share(measured, at) - expected)).toBeLessThan(4 * deviation(expected, 8000) + 1e-9);
    };
    for (const [i, n] of [1, 2, 3, 4].entries()) step(n, 13 + 10 * i);
    for (const [i, n] of [3, 2, 1, 0].entries()) step(n, 73 + 10 * i);
    // While one restarts, its quarter is refused.
    expect(errorShare(measured, 10, 11)).toBeCloseTo(0.25, 1);
  });

  test('takes each instance out for as long as it restarts', () => {
    const refused = (restart: string): number =>
      total(run(design({ faults: `{ at: 10s, deploy: api, every: 20s, restart: ${restart} }` })));
    // A quarter of 400 a second, four times; what died at work comes on top.
    for (const seconds of [2, 10]) {
      const expected = 4 * 100 * seconds;
      expect(Math.abs(refused(`${seconds}s`) / expected - 1)).toBeLessThan(4 / Math.sqrt(expected) + 0.01);
    }
  });

  test('is one change of its scenario, which ends with its last instance', () => {
    const told = (words: string) => {
      const plan = planOf(design({ faults: `{ at: 10s, deploy: api, every: 20s${words} }` }));
      return changesOf(plan, plan.scenario!, () => null);
    };
    expect(told('')).toEqual([{ at: 10, until: 75, what: 'another version of api' }]);
    expect(told(', errors: 5%')).toEqual([
      { at: 10, until: null, what: 'another version of api, 5% errors' },
    ]);
    expect(told(', slow: 2x, for: 30s')).toEqual([
      { at: 10, until: 65, what: 'another version of api, slower by 2x, rolled back from 40s' },
    ]);
  });

  test('that is rolled back early reaches few', () => {
    const measured = run(
      design({
        faults: '{ at: 10s, deploy: api, errors: 40%, every: 10s, restart: 1s, for: 15s }',
        rate: 2000,
      }),
    );
    expect(Math.abs(share(measured, 21) - 0.2)).toBeLessThan(4 * deviation(0.2, 8000));
    for (const at of [37, 47, 57]) expect(share(measured, at)).toBe(0);
  });

  test('over another one ends what that did, and its rollback brings it back', () => {
    const faults = (more: string) =>
      `{ at: 10s, deploy: api, errors: 40%, every: 5s, restart: 1s }, { at: 40s, deploy: api, errors: 10%, every: 5s, restart: 1s${more} }`;
    const mended = run(design({ faults: faults(''), lasts: 100, rate: 2000 }));
    const rolledBack = run(design({ faults: faults(', for: 40s'), lasts: 120, rate: 2000 }));
    for (const [measured, at, expected] of [
      [mended, 32, 0.4],
      [mended, 70, 0.1],
      [rolledBack, 70, 0.1],
      [rolledBack, 110, 0.4],
    ] as const)
      expect(Math.abs(share(measured, at) - expected)).toBeLessThan(4 * deviation(expected, 8000));
  });

  test('of a slow version makes work take longer where it runs', () => {
    const faults = '{ at: 10s, deploy: api, slow: 3x, every: 10s, restart: 1s, for: 60s }';
    const busy = workOf(run(design({ faults, lasts: 130 })));
    const mean = (from: number, to: number): number =>
      busy.slice(from, to).reduce((sum, each) => sum + each, 0) / (to - from);
    // 100 requests a second of 2 ms; 1 % on a few seconds of them is a standard deviation of 10 %/√s.
    expect(mean(45, 70) / mean(105, 130)).toBeGreaterThan(2.6);
    expect(mean(45, 70) / mean(105, 130)).toBeLessThan(3.4);
  });

  test('fails nothing where instances are drained before they go down', () => {
    const faults = (drain: string): string => `{ at: 10s, deploy: api, every: 10s, restart: 5s${drain} }`;
    expect(total(run(design({ faults: faults('') })))).toBeGreaterThan(1500);
    expect(total(run(design({ faults: faults(', drain: 1s') })))).toBe(0);
    expect(total(run(direct('balance: round-robin', faults(', drain: 1s'))))).toBe(0);
    // Rolled back while it still goes down: it gets nothing until both are over.
    expect(
      total(run(design({ faults: faults(', drain: 4s, for: 2s').replace('every: 10s', 'every: 20s') }))),
    ).toBe(0);
    // Ejection sees the errors of the version, too.
    const bad = '{ at: 10s, deploy: api, errors: 90%, every: 20s, drain: 1s, for: 30s }';
    const ejecting = run(design({ edge: 'eject: { for: 1000s, most: 75% }', faults: bad }));
    expect(total(ejecting)).toBeLessThan(0.2 * total(run(design({ faults: bad }))));
  });
});
