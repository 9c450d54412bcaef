import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { changesOf } from '../simulate/scenario-changes.ts';
import { described, design, deviation, errorShare, planOf, run, total } from './health.fixture.ts';

const deploy = (more: string): string =>
  `{ at: 10s, deploy: api, every: 5s, restart: 1s, drain: 1s, canary: { share: 20%, watch: 20s }${more} }`;

/** Ten instances, two of which are canaries: they run from 12 s and 17 s, and are judged at 37 s. */
const rollout = (more: string, rate = 2000): string =>
  design({ instances: 10, faults: deploy(more), lasts: 120, rate });

/** The problems of a scenario, as `code place`. */
function problemsOf(
  faults: string,
  of: { readonly instances?: number; readonly lasts?: number } = {},
): string[] {
  const text = design({ instances: 10, ...of, faults });
  const { diagnostics } = loadDesign(text, { file: 'test.yaml', kinds: described });
  return diagnostics.map(({ code, path }) => `${code} ${path?.replace(/^.*faults[^a-z]*/, '')}`);
}

describe('a canary', () => {
  test('CANARY-1 of a bad version harms its own share of requests, and is rolled back by what it showed', () => {
    const measured = run(rollout(', errors: 40%'));
    const [canary] = measured.canaries!;
    expect(canary!.rolledBack).toBe(true);
    // Four standard deviations: a correct count is further away one time in 16,000, and the seed is fixed.
    expect(Math.abs(canary!.failed / canary!.requests - 0.4)).toBeLessThan(
      4 * deviation(0.4, canary!.requests),
    );
    // Two of ten for twenty seconds at 2000/s.
    expect(Math.abs(canary!.requests / 8000 - 1)).toBeLessThan(0.1);
    const share = 0.4 * 0.2;
    expect(Math.abs(errorShare(measured, 18, 37) - share)).toBeLessThan(4 * deviation(share, 38_000));
    // One is back at 38 s, the other goes down at 43 s.
    expect(Math.abs(errorShare(measured, 39, 42) - 0.04)).toBeLessThan(4 * deviation(0.04, 5000));
    expect(errorShare(measured, 45, 120)).toBe(0);
  });

  test('CANARY-2 of a good version goes on to the others, and nothing fails', () => {
    const measured = run(rollout(''));
    expect(measured.canaries![0]).toMatchObject({ failed: 0, rolledBack: false });
    expect(total(measured)).toBe(0);
  });

  test('CANARY-3 of a version that is bad, but not beyond the bound, harms all in the end', () => {
    const measured = run(rollout(', errors: 5%').replace('watch: 20s', 'watch: 20s, abort-above: 20%'));
    expect(measured.canaries![0]!.rolledBack).toBe(false);
    expect(Math.abs(errorShare(measured, 18, 37) - 0.01)).toBeLessThan(4 * deviation(0.01, 38_000));
    expect(Math.abs(errorShare(measured, 80, 120) - 0.05)).toBeLessThan(4 * deviation(0.05, 80_000));
  });

  test('CANARY-4 what is seen decides, not what is written: few requests may look better than the version is', () => {
    // 2 % errors, seen on about ten requests: most runs see none of them.
    const verdicts = Array.from(
      { length: 12 },
      (_, i) => run(rollout(', errors: 2%', 3), i + 1).canaries![0]!,
    );
    expect(new Set(verdicts.map(({ rolledBack }) => rolledBack))).toEqual(new Set([true, false]));
    for (const { requests, failed, rolledBack } of verdicts)
      expect(rolledBack).toBe(failed / requests > 0.01);
  });

  test('CANARY-5 its change tells in how many runs it was rolled back, and ends with that', () => {
    const plan = planOf(rollout(', errors: 40%'));
    const told = (...rolledBack: boolean[]) =>
      changesOf(
        plan,
        plan.scenario!,
        () => null,
        rolledBack.map((each) => [{ requests: 100, failed: 40, rolledBack: each }]),
      );
    const what = 'another version of api, 40% errors, first on 2, judged at 37s';
    expect(told()).toEqual([{ at: 10, until: null, what }]);
    expect(told(true, true)).toEqual([{ at: 10, until: 44, what: `${what}, rolled back in 2 of 2 runs` }]);
    expect(told(true, false)).toEqual([{ at: 10, until: null, what: `${what}, rolled back in 1 of 2 runs` }]);
  });

  test('CANARY-6 what contradicts it or decides nothing is reported', () => {
    expect(problemsOf(deploy(', for: 60s'))).toEqual(['conflicting-keys for']);
    expect(problemsOf(`${deploy('')}, { at: 90s, deploy: api }`)).toEqual(['conflicting-keys canary']);
    expect(problemsOf(deploy('').replace('20%', '95%'))).toEqual(['idle-knob canary.share']);
    expect(problemsOf(deploy(''), { lasts: 30 })).toContain('idle-knob canary.watch');
    expect(problemsOf(deploy('').replace('watch: 20s', 'watch: 20s, abort-above: 100%'))).toEqual([
      'idle-knob canary.abort-above',
    ]);
    expect(problemsOf(deploy('').replace('share: 20%, ', ''))).toEqual(['missing-key canary.share']);
    expect(problemsOf(deploy('').replace('20%', '0%'))).toEqual(['out-of-range canary.share']);
  });
});
