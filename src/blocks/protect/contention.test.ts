import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { contend, contentionBackoffs } from './contention.fixture.ts';
import { type BackoffOptions, createBackoff } from './index.ts';

/** Means over independent runs. */
function means(clients: number, options: BackoffOptions, runs: number): { time: number; calls: number } {
  const backoff = createBackoff(options);
  const random = createRandom(clients, options.kind);
  let time = 0;
  let calls = 0;
  for (let run = 0; run < runs; run++) {
    const one = contend(clients, backoff, random);
    time += one.time / runs;
    calls += one.calls / runs;
  }
  return { time, calls };
}

describe('O-R01 optimistic updates of one row (Brooker 2015)', () => {
  it.each([
    [10, 'none', 380.2, 50.88],
    [10, 'exponential', 3466, 50.83],
    [10, 'equal', 728.2, 42.46],
    [10, 'full', 466.0, 39.03],
    [10, 'decorrelated', 435.3, 37.66],
    [50, 'none', 1140.6, 690.2],
    [50, 'exponential', 36450, 624.0],
    [50, 'equal', 4241, 347.2],
    [50, 'full', 2884, 332.6],
    [50, 'decorrelated', 2204, 374.4],
    [100, 'none', 2026.8, 2421.8],
    [100, 'exponential', 63525, 1855.3],
    [100, 'equal', 6619, 812.4],
    [100, 'full', 4902, 796.0],
    [100, 'decorrelated', 4603, 1002.0],
  ])('O-R01 %d clients, %s: done after %d ms, with %d calls', (clients, kind, time, calls) => {
    // 4000 runs have half-widths of 0.4 % and 0.1 %, so 400 runs have 1.3 % and 0.3 %: the tolerances are
    // beyond three times that.
    const ours = means(clients, contentionBackoffs[kind]!, 400);
    expect(Math.abs(ours.calls / calls - 1)).toBeLessThan(0.02);
    expect(Math.abs(ours.time / time - 1)).toBeLessThan(0.04);
  });

  it('O-R01 with 100 clients jitter more than halves the calls, and ends ten times as early', () => {
    const plain = means(100, contentionBackoffs['exponential']!, 20);
    for (const kind of ['equal', 'full', 'decorrelated']) {
      const jittered = means(100, contentionBackoffs[kind]!, 20);
      expect(jittered.calls).toBeLessThan(0.6 * plain.calls);
      expect(jittered.time).toBeLessThan(0.12 * plain.time);
    }
    expect(means(100, contentionBackoffs['full']!, 20).calls).toBeLessThan(0.5 * plain.calls);
  });
});
