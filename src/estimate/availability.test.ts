import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../design/plan.ts';
import { estimate } from './index.ts';
import type { EstimatedKind } from './kind.ts';
import { box, call, compute, exponential, planOf } from './plan.fixture.ts';

/** Boxes that are up 99.9 % of the time, as one instance is in the classroom. */
const kinds: ReadonlyMap<string, EstimatedKind> = new Map([
  ['box', { model: (...args) => ({ ...box.model(...args), availability: 'availability.instance' }) }],
]);
const up = 0.999;
const work = { steps: [compute(exponential(0.01))] };
const parallel = (waitFor: number, ...branches: PlanStep[][]): PlanStep => ({
  step: 'parallel',
  branches,
  waitFor,
});

function availability(boxes: Parameters<typeof planOf>[0]) {
  const { sheet } = estimate(planOf(boxes, [{}]), kinds);
  return sheet.find(({ name }) => name === 'traffic.t0.availability')!;
}

describe('availability', () => {
  it('multiplies what every request needs, each component once', () => {
    const { figure, working } = availability([{ steps: [call(1), call(2), call(2)] }, work, work]);
    expect(figure.value).toBeCloseTo(up ** 3, 14);
    expect(working).toBe('b0 99.9% × b1 99.9% × b2 99.9%');
  });

  it('counts branches k of n', () => {
    const of = (needed: number) =>
      availability([{ steps: [parallel(needed, [call(1)], [call(2)], [call(3)])] }, work, work, work]);
    expect(of(1).figure.value).toBeCloseTo(up * (1 - (1 - up) ** 3), 14);
    expect(of(2).figure.value).toBeCloseTo(up * (3 * up ** 2 - 2 * up ** 3), 14);
    expect(of(3).figure.value).toBeCloseTo(up ** 4, 14);
    expect(of(1).working).toContain('b1 99.9%, none fail without it alone');
  });

  it('knows that what two branches share is down in both', () => {
    const { figure } = availability([
      { steps: [parallel(1, [call(1)], [call(2)])] },
      { steps: [call(3)] },
      { steps: [call(3)] },
      work,
    ]);
    expect(figure.value).toBeCloseTo(up ** 2 * (1 - (1 - up) ** 2), 14);
    const three = availability([
      { steps: [parallel(2, [call(1)], [call(2)], [call(1), call(2)])] },
      work,
      work,
    ]);
    expect(three.figure.value).toBeCloseTo(up ** 3, 14);
  });

  it('counts a call within `choose` with its probability, whichever case it is in', () => {
    const some: PlanStep = { step: 'choose', cases: [{ probability: 0.01, steps: [call(1)] }] };
    const { figure, working } = availability([{ steps: [some] }, work]);
    expect(figure.value).toBeCloseTo(up * (1 - 0.01 * (1 - up)), 14);
    expect(working).toContain('1% fail without it alone');
    const again = availability([{ steps: [{ step: 'repeat', times: 3, steps: [some] }] }, work]);
    expect(again.figure.value).toBeCloseTo(up * (up + (1 - up) * 0.99 ** 3), 14);
  });

  it('leaves steps that fail by themselves aside, unless all do', () => {
    const fail: PlanStep = { step: 'fail', reason: 'no' };
    const rarely: PlanStep = { step: 'choose', cases: [{ probability: 0.2, steps: [fail] }] };
    expect(availability([{ steps: [rarely, call(1)] }, work]).figure.value).toBeCloseTo(up ** 2, 14);
    expect(availability([{ steps: [fail] }]).figure.value).toBeNull();
  });
});
