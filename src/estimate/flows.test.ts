import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerBytes } from '../design/answers.ts';
import { callersFirst } from '../design/call-order.ts';
import type { PlanStep } from '../design/plan.ts';
import { atLeast, journeyVisits } from './flows.ts';
import { call, compute, constant, open, planOf } from './plan.fixture.ts';
import { recurringCallRates } from './recurring.ts';

/** Calls per second of operations 1, 2, … when operation 0 does `steps` at 10/s. */
function ratesOf(steps: readonly PlanStep[], missProbability = 0): number[] {
  const leaves = Array.from({ length: 4 }, () => ({ steps: [compute(constant(1))] }));
  const plan = planOf([{ steps }, ...leaves], [{ arrivals: open(10) }]);
  return [
    ...recurringCallRates(
      plan,
      () => missProbability,
      () => 10,
    ),
  ].slice(1);
}

describe('flows', () => {
  it('follow calls, repetitions and choices', () => {
    expect(ratesOf([call(1), call(1), { step: 'repeat', times: 3, steps: [call(2)] }])).toEqual([
      20, 30, 0, 0,
    ]);
    const [often, seldom] = ratesOf([
      {
        step: 'choose',
        cases: [
          { probability: 0.7, steps: [call(1)] },
          { probability: 0.1, steps: [call(2)] },
        ],
      },
    ]);
    expect(often).toBeCloseTo(7, 12);
    expect(seldom).toBeCloseTo(1, 12);
  });

  it('start every branch of a parallel step, whatever it waits for', () => {
    expect(ratesOf([{ step: 'parallel', branches: [[call(1)], [call(2)], [call(1)]], waitFor: 1 }])).toEqual([
      20, 10, 0, 0,
    ]);
  });

  it('weigh what is done on a miss by its chance', () => {
    expect(ratesOf([call(1, { onMiss: [call(2), call(3)] })], 0.25)).toEqual([10, 2.5, 2.5, 0]);
  });

  it('end where a step fails', () => {
    const half: PlanStep = {
      step: 'choose',
      cases: [{ probability: 0.5, steps: [{ step: 'fail', reason: 'no' }] }],
    };
    expect(ratesOf([half, call(1), half, call(2)])).toEqual([5, 2.5, 0, 0]);
    expect(ratesOf([{ step: 'repeat', times: 2, steps: [half, call(1)] }])).toEqual([7.5, 0, 0, 0]);
    expect(ratesOf([{ step: 'parallel', branches: [[half], [half]], waitFor: 1 }, call(1)])).toEqual([
      7.5, 0, 0, 0,
    ]);
  });

  it('O-Q11 visit the windows of the passport office as its linear system says', () => {
    const states = [
      {
        name: 'w1',
        steps: [call(1)],
        next: [
          { state: 1, probability: 0.3 },
          { state: 2, probability: 0.7 },
        ],
      },
      {
        name: 'w2',
        steps: [call(2)],
        next: [
          { state: 2, probability: 0.2 },
          { state: 3, probability: 0.8 },
        ],
      },
      {
        name: 'w3',
        steps: [call(3)],
        next: [
          { state: 1, probability: 0.1 },
          { state: 3, probability: 0.9 },
        ],
      },
      { name: 'w4', steps: [call(4)], next: [] },
    ];
    const visits = ratesOf([{ step: 'journey', states }]).map((rate) => rate / 10);
    [1, 0.377551, 0.7755102, 1].forEach((expected, i) => {
      expect(visits[i]).toBeCloseTo(expected, 6);
    });
  });

  it('a walk that breaks off gets as far as it gets', () => {
    const visits = journeyVisits([{ next: [{ state: 0, probability: 0.5 }] }], [0.5]);
    expect(visits[0]).toBeCloseTo(1 / (1 - 0.25), 12);
  });

  it('visit callers before those they call', () => {
    const plan = planOf(
      [{ steps: [call(2)] }, { steps: [call(0), call(2)] }, { steps: [] }],
      [{ operation: 1 }],
    );
    expect(callersFirst(plan)).toEqual([1, 0, 2]);
  });

  it('go down a long chain of calls without a deep recursion', () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, i) => ({ steps: i + 1 < length ? [call(i + 1)] : [] }));
    const plan = planOf(chain, [{ arrivals: open(10) }]);
    const rates = recurringCallRates(
      plan,
      () => 0,
      () => 10,
    );
    expect(rates.at(-1)).toBe(10);
    expect(answerBytes(plan, 0).read).toBe(0);
  });

  it('scale with the rates of traffic', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (rate, times) => {
          const plan = planOf(
            [{ steps: [{ step: 'repeat', times, steps: [call(1)] }] }, { steps: [] }],
            [{}, {}],
          );
          const rates = recurringCallRates(
            plan,
            () => 0,
            () => rate,
          );
          expect(rates[0]).toBeCloseTo(2 * rate, 6);
          expect(rates[1]! / rates[0]!).toBeCloseTo(times, 9);
        },
      ),
    );
  });

  it('at least k of n independent trials', () => {
    expect(atLeast(2, [0.5, 0.5, 0.5])).toBeCloseTo(0.5, 12);
    expect(atLeast(1, [0.9, 0.8])).toBeCloseTo(0.98, 12);
    expect(atLeast(0, [0.1])).toBeCloseTo(1, 12);
  });
});
