import { describe, expect, it } from 'vitest';
import type { Case, Model } from './case.ts';
import { cases } from './index.ts';
import { planOf, runModel } from './run.ts';
import { allowance } from './verdict.ts';

/** Fixed, so that a run is repeatable; the interval says how far chance may carry a figure. */
const seed = 1;

const quick = cases.flatMap((of) =>
  of.models
    .filter((model) => model.quick !== undefined)
    .map((model) => [name(of, model), of, model] as const),
);

function name(of: Case, model: Model): string {
  return model.name === '' ? of.id : `${of.id}: ${model.name}`;
}

describe('the cases', () => {
  it('have different ids', () => {
    const ids = cases.map((of) => of.id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('have models of different names', () => {
    for (const of of cases)
      expect(new Set(of.models.map((model) => model.name)).size, of.id).toBe(of.models.length);
  });

  it('have designs without a fault, whether or not they run here', () => {
    for (const of of cases) {
      for (const model of of.models) if ('design' in model) planOf(of.id, model);
    }
  });
});

describe('the quick subset', () => {
  it.each(quick)('%s', async (_, of, model) => {
    const { rows, residuals, error } = await runModel(of, model, { seed, quick: true });
    expect(error).toBeNull();
    for (const row of rows) {
      const { what, paper, tolerance, estimate, ours } = row;
      if (estimate !== null && row.explanation === '')
        expect(estimate.verdict, `${what}, estimate`).toBe('hit');
      expect(ours?.value, what).not.toBeNull();
      // Two 95 % half-widths: chance alone goes further once in ten thousand figures.
      const chance = (ours?.high ?? 0) - (ours?.low ?? 0);
      const allowed = Math.max(allowance(paper, tolerance), chance);
      expect(
        Math.abs((ours?.value ?? Number.NaN) - paper),
        `${what}: paper ${paper}, ours ${ours?.value}`,
      ).toBeLessThanOrEqual(allowed);
    }
    for (const { station, residual } of residuals)
      expect(residual, `Little’s law at ${station}`).toBeLessThan(0.05);
  });
});
