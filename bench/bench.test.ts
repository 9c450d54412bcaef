import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { PlanCall, PlanStep } from '../src/design/plan.ts';
import { incrementLaws, measureHolds } from './event-set.ts';
import { measureMemory } from './memory.ts';
import { type Findings, renderFindings, renderPage } from './page.ts';
import { findPython, planOf, run } from './run.ts';
import { compare, measureRounds } from './side-by-side.ts';
import { agrees, median, pairedRatio } from './statistics.ts';
import { measureWorkers } from './workers.ts';
import { theoryOf, workloadNamed, workloads } from './workloads.ts';

// Toy sizes: these tests keep the benchmarks working and their answers right, and assert no time.
const TOY = 20_000;
const built = existsSync(fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)));

/** A call and those that follow where it misses. */
function withMisses(step: PlanStep): PlanCall[] {
  return step.step === 'call' ? [step, ...step.onMiss.flatMap(withMisses)] : [];
}

describe('side by side', () => {
  test.each(workloads)('$name: all contenders do the same work', { timeout: 60_000 }, async (workload) => {
    const found = await measureRounds(
      [workload],
      ['tenfold', 'bare', 'plain'],
      3,
      async (of, contender, seed) => run(of, contender, TOY, seed),
    );
    expect(found[0]!.disagreements).toEqual([]);
    expect(Object.keys(found[0]!.ratios)).toEqual([workload.plain === undefined ? 'bare' : 'plain']);
    for (const { value } of Object.values(found[0]!.ratios)) expect(value).toBeGreaterThan(0);
  });

  test('the protected path has a timeout, retries and a breaker on every call, the plain one none', () => {
    const { design, plain } = workloadNamed('path-protected');
    const callsOf = (file: string) =>
      planOf(file).operations.flatMap(({ steps }) => steps.flatMap((step) => withMisses(step)));
    const protections = (file: string) =>
      callsOf(file).map(({ timeout, retry, breaker }) => [timeout !== null, !!retry, !!breaker]);
    expect(protections(design)).toEqual(Array(4).fill([true, true, true]));
    expect(protections(plain!.design)).toEqual(Array(3).fill([false, false, false]));
  });

  test.skipIf(findPython() === null)('SimPy does the same work', { timeout: 60_000 }, () => {
    const means = [1, 2, 3, 4, 5].map((seed) => run(workloadNamed('network'), 'simpy', 4_000, seed).mean);
    const theory = theoryOf(workloadNamed('network'))!;
    expect(agrees(means, theory.mean, theory.slack)).toBe(true);
  });

  test('the designs say what the bare loops do', () => {
    for (const workload of workloads) {
      const { arrivals, timeout } = planOf(workload.design).traffic[0]!;
      if (arrivals.type !== 'open') throw new Error('the arrivals are open');
      const { work } = workload;
      expect(arrivals.rate.value).toBeCloseTo(
        'network' in work ? work.network.arrivalRate : work.path.requestsPerMs * 1000,
        9,
      );
      expect(timeout).toBe('path' in work && work.path.timeout === 'request' ? 0.05 : null);
    }
  });

  test('a wrong answer is told', () => {
    const runs = [5.1, 5.11, 5.12].map((mean) => ({ requests: 1000, seconds: 1, mean }));
    const { disagreements } = compare(workloadNamed('one-server'), { tenfold: runs, bare: runs });
    expect(disagreements).toHaveLength(2);
    expect(disagreements[0]).toMatch(/one-server: mean response of tenfold is 5\.11 s, by theory 5/);
  });
});

describe('event set', () => {
  test.each(incrementLaws)('keeps order and number under %s increments', (law) => {
    for (const pending of [16, 1_000]) {
      for (const structure of ['calendar', 'heap'] as const) {
        expect(measureHolds(structure, pending, law, 5_000).nanoseconds).toBeGreaterThan(0);
      }
    }
  });
});

describe.skipIf(!built)('the built command line', { timeout: 60_000 }, () => {
  test('gives the same bytes with one worker and with two', async () => {
    expect((await measureWorkers(1, 2_000)).sameBytes).toBe(true);
  });

  test('says how much memory it held', async () => {
    const { runs } = await measureMemory('one-server', 2_000);
    expect(runs.map(({ requests }) => requests)).toEqual([2_000, 8_000, 32_000]);
    expect(Math.min(...runs.map(({ megabytes }) => megabytes))).toBeGreaterThan(10);
  });
});

describe('statistics', () => {
  test('the median is the middle value, or the mean of the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('ratios are those of the same round', () => {
    expect(pairedRatio([2, 8, 9], [1, 2, 3])).toEqual({ value: 3, low: 2, high: 4 });
  });

  test('means agree with what they scatter around, and with nothing else', () => {
    expect(agrees([9, 10, 11], 10, 0)).toBe(true);
    expect(agrees([9.9, 10, 10.1], 12, 0)).toBe(false);
    expect(agrees([9.9, 10, 10.1], 12, 0.2)).toBe(true);
  });
});

describe('the page', () => {
  const oneServer = workloadNamed('one-server');
  const runsAt = (rate: number) =>
    [4.99, 5, 5.01].map((mean) => ({ requests: 1e6, seconds: 1e6 / rate, mean }));
  const findings: Findings = {
    machine: 'a machine',
    rounds: 3,
    sideBySide: [compare(oneServer, { tenfold: runsAt(9e6), bare: runsAt(2e7), simpy: runsAt(3e5) })],
    simpy: true,
    holds: null,
    workers: {
      gain: 1.8,
      machine: 1.9,
      runs: 6,
      sameBytes: true,
    },
    memory: [
      {
        workload: oneServer.title,
        runs: [
          { requests: 1e6, megabytes: 60 },
          { requests: 4e6, megabytes: 66 },
        ],
      },
    ],
  };

  test('shows rates, ratios and goals met or missed', () => {
    const text = renderFindings(findings);
    expect(text).toContain('9.00M');
    expect(text).toContain('18.00M');
    expect(text).toMatch(/0\.45 \[0\.45–0\.45\] \|\s+≥ 0\.4 met/);
    expect(text).toMatch(/30\.0 \[30\.0–30\.0\] \| ≥ 40 \*\*missed\*\*/);
    expect(text).toContain('goal ≥ 1.7: met');
    expect(text).toContain('1.10 flat');
    expect(text).toContain('agreed with theory');
  });

  test('says how it is written again, and on what it was measured', () => {
    const page = renderPage(findings);
    expect(page.split('\n')[0]).toContain('npm run bench -- --write');
    expect(page).toContain('Measured on a machine.');
  });
});
