import { expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { loadDesign } from '../../index.ts';
import { type Measurement, simulate } from '../../simulate/index.ts';
import { figuresOf } from './moved-figures.ts';
import type { Look } from './screening.ts';
import { sensitivity } from './sensitivity.ts';

const { simulated } = kindParts();

/** Many requests beside a few, which make replications long. */
const design = loadDesign({
  name: 'rare',
  network: { latency: '0s' },
  traffic: {
    users: { call: 'api.look', rate: '5k/s' },
    authors: { call: 'api.write', rate: '5/s' },
  },
  components: {
    api: {
      kind: 'service',
      cores: 64,
      operations: { look: [{ compute: '1ms' }], write: [{ compute: 'exponential(2ms)' }] },
    },
  },
});

test('SEN-1 where a rare traffic makes replications long, what moves the others is told by brief ones', async () => {
  const plan = design.plan!;
  const looks = new Map<string, Look[]>();
  const run = async (of: typeof plan, look: Look) => {
    let runs: readonly Measurement[] = [];
    const { share, replications, seed: shift } = look;
    const options = { seed: 1 + shift, warmup: 0.1, time: 16 * share, replications };
    const report = await simulate(of, simulated, {
      ...options,
      onMeasured: (all) => {
        runs = all;
      },
    });
    const moved = JSON.stringify(of) === JSON.stringify(plan) ? 'none' : JSON.stringify(of.operations);
    looks.set(moved, [...(looks.get(moved) ?? []), look]);
    return { report, runs };
  };
  const whole = { share: 1, replications: 8, seed: 0 };
  const base = await run(plan, whole);
  const chosen = design.inputs.filter(({ name }) => /compute/.test(name));
  const found = await sensitivity({
    design: { ...design, plan, inputs: chosen, replan: null },
    figures: figuresOf(plan, new Set([0, 1]), base.report),
    base,
    simulate: run,
    heard: () => undefined,
  });
  const [users, authors] = found.tornados;
  expect(users!.bars.map(({ input }) => input)).toEqual(['api.look[0].compute']);
  expect(authors!.bars.map(({ input }) => input)).toEqual(['api.write[0].compute']);
  users!.bars[0]!.ends.forEach(({ change, times }) => {
    expect(change!.low).toBeLessThanOrEqual(0.001 * (times! - 1));
    expect(change!.high).toBeGreaterThanOrEqual(0.001 * (times! - 1));
  });
  // Runs of the design as it is apart: whole ones for the rare traffic alone, its two ends.
  const others = [...looks].filter(([moved]) => moved !== 'none').flatMap(([, all]) => all);
  expect(others.filter(({ share }) => share === 1)).toHaveLength(2);
});
