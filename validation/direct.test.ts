import { describe, expect, it } from 'vitest';
import type { Case, DirectModel } from './case.ts';
import { mean, replicated } from './direct.ts';
import { runModel } from './run.ts';

const options = { seed: 1, quick: false };

function caseOf(model: DirectModel): Case {
  return { id: 'case', title: '', source: '', evidence: 'arithmetic', models: [model] };
}

/** Two figures: 10 with a spread of ±1, and 5 without. */
function model(tolerance: number): DirectModel {
  return replicated({
    name: 'model',
    runs: 4,
    expect: [
      { what: 'random', paper: 10, unit: '1', tolerance: { absolute: tolerance } },
      { what: 'constant', paper: 5, unit: '1', tolerance: { absolute: tolerance } },
    ],
    figures: (run) => [run % 2 === 0 ? 9 : 11, 5],
  });
}

describe('direct models with chance', () => {
  it('give each figure the interval of its mean over the runs', async () => {
    const of = model(4);
    const { rows } = await runModel(caseOf(of), of, options);
    // Student's t with 3 degrees of freedom, times the standard error √(4/3) / 2.
    const half = (3.182446305284263 * Math.sqrt(4 / 3)) / 2;
    expect(rows[0]?.ours).toEqual({ value: 10, low: 10 - half, high: 10 + half, verdict: 'hit' });
    expect(rows[1]?.ours).toEqual({ value: 5, low: 5, high: 5, verdict: 'hit' });
    expect(mean(4, (run) => run)).toMatchObject({ value: 1.5 });
  });

  it('are imprecise where the interval is wider than the tolerance allows', async () => {
    const of = model(3);
    const { rows } = await runModel(caseOf(of), of, options);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['imprecise', 'hit']);
  });
});
