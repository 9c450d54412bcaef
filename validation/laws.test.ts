import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedKinds, kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign, type Plan } from '../src/design/index.ts';
import { estimate } from '../src/estimate/index.ts';
import { type Report, reportToJson } from '../src/report/index.ts';
import { inlineRunner, type Measurement, type ReplicationRunner, simulate } from '../src/simulate/index.ts';
import { type RandomDesign, randomDesign } from './random-design.ts';

const descriptions = kinds.map((kind) => kind.describe);

/** Short, because the laws hold at every length; long enough for queues to fill and timeouts to fire. */
const length = { time: 10, replications: 2, warmup: 0 } as const;

/** Designs a property; every run of the tests takes new ones, and a failure prints its seed and design. */
const numRuns = 60;

function planOf(design: RandomDesign): Plan {
  const { plan, diagnostics } = loadDesign(JSON.stringify(design), {
    file: 'random.json',
    kinds: descriptions,
  });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

async function law(
  holds: (plan: Plan, seed: number) => Promise<void> | void,
  designs = numRuns,
): Promise<void> {
  const property = fc.asyncProperty(randomDesign, fc.nat({ max: 1e6 }), async (design, seed) =>
    holds(planOf(design), seed),
  );
  await fc.assert(property, { numRuns: designs });
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

function figuresIn(value: unknown): { value: number; low: number; high: number }[] {
  if (value === null || typeof value !== 'object') return [];
  if ('unit' in value && 'low' in value && 'high' in value && 'value' in value) {
    const figure = value as { value: number | null; low: number | null; high: number | null };
    return figure.value === null || figure.low === null || figure.high === null ? [] : [figure as never];
  }
  return Object.values(value).flatMap(figuresIn);
}

function checkNumbers(report: Report): void {
  expect(numbersIn(report).filter((number) => !Number.isFinite(number))).toEqual([]);
  for (const { value, low, high } of figuresIn(report)) {
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
}

/** A run that starts empty: what is at a station at the end is what came and did not leave. */
function checkStation(of: Measurement['stations'][number], seconds: number): void {
  const notBegun = of.arrivals - of.refusals - of.starts;
  const waited = of.waits.reduce((sum, count) => sum + count, 0);
  expect(notBegun).toBeGreaterThanOrEqual(of.waiting);
  expect(waited).toBe(of.starts);
  if (of.servers !== null) expect(of.busyArea).toBeLessThanOrEqual(of.servers * seconds * (1 + 1e-9));
  // Little’s law on one path: the area under the queue is the waits of those who began service and what
  // the others have waited so far.
  const rounding = 1e-9 * (1 + of.queueArea);
  expect(of.queueArea).toBeGreaterThanOrEqual(of.waitSum - rounding);
  expect(of.queueArea).toBeLessThanOrEqual(of.waitSum + notBegun * seconds + rounding);
}

describe('every random design', () => {
  it('loses no request: offered = served + failed + in flight', async () => {
    await law(async (plan, seed) => {
      const report = await simulate(plan, simulatedKinds, { seed, ...length });
      for (const [traffic, of] of Object.entries(report.operations)) {
        const failed = Object.values(of.failed).reduce((sum, count) => sum + count, 0);
        expect(of.offered, traffic).toBe(of.served + failed + of.inFlight);
      }
    });
  });

  it('keeps its flows balanced and obeys Little’s law at every station', async () => {
    await law(async (plan, seed) => {
      const measured: Measurement[] = [];
      const inline = inlineRunner(simulatedKinds);
      const recording: ReplicationRunner = {
        run: async (jobs) => {
          const runs = await inline.run(jobs);
          measured.push(...runs);
          return runs;
        },
      };
      await simulate(plan, simulatedKinds, { seed, ...length }, recording);
      for (const { seconds, stations } of measured) {
        for (const of of stations) checkStation(of, seconds);
      }
    });
  });

  it('gives the same bytes for the same seed', async () => {
    await law(async (plan, seed) => {
      const run = async () => reportToJson(await simulate(plan, simulatedKinds, { seed, ...length }));
      expect(await run()).toBe(await run());
    });
  });

  it('simulates to finite numbers inside their intervals', async () => {
    await law(async (plan, seed) => checkNumbers(await simulate(plan, simulatedKinds, { seed, ...length })));
  });

  it('is estimated in finite numbers inside their bounds, or unknown, and the same every time', async () => {
    await law((plan) => {
      const report = estimate(plan, estimatedKinds);
      checkNumbers(report);
      expect(reportToJson(estimate(plan, estimatedKinds))).toBe(reportToJson(report));
    }, 12);
  });
});
