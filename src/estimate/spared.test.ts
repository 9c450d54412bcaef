import { describe, expect, it } from 'vitest';
import type { PlanGoal, PlanStep } from '../design/plan.ts';
import { estimate } from './index.ts';
import type { EstimatedKind } from './kind.ts';
import { box, call, compute, constant, kinds, open, planOf } from './plan.fixture.ts';

const slow = { steps: [compute(constant(0.012))] };
const quick = { steps: [compute(constant(0.001))] };
const first = (...branches: PlanStep[][]): PlanStep => ({ step: 'parallel', branches, waitFor: 1 });
const goals: PlanGoal[] = (['p50', 'p99', 'throughput'] as const).map((metric) => ({
  traffic: 0,
  metric,
  target: metric === 'throughput' ? 99 : 0.1,
  comparator: metric === 'throughput' ? '>=' : '<=',
  text: metric,
}));
const of = (boxes: Parameters<typeof planOf>[0], withKinds = kinds) =>
  estimate({ ...planOf(boxes, [{ arrivals: open(100) }]), goals }, withKinds);

describe('an overload', () => {
  it('of a branch that nobody waits for takes nothing from who does without it', () => {
    const { operations, goals, notes, stable } = of([
      { steps: [compute(constant(0.001)), first([call(1, { timeout: 0.05 })], [call(2)])] },
      slow,
      quick,
    ]);
    const { throughput, success, latency } = operations['t0']!;
    expect(stable).toBe(false);
    expect([throughput.value, success.value]).toEqual([100, 1]);
    // Twice 1 ms of work at 10 % busy, each with the wait of M/D/1; the second sees the same requests.
    expect(latency.mean.value).toBeCloseTo(0.002 + (2 * 0.001 * 0.1) / (2 * 0.9), 5);
    expect(goals.map(({ met }) => met)).toEqual([true, true, true]);
    expect(notes.join()).toContain('t0: does without b1.cpu');
  });

  it('of what one case of a choice needs is felt by that case', () => {
    const some: PlanStep = { step: 'choose', cases: [{ probability: 0.9, steps: [call(1)] }] };
    const { operations, goals, notes } = of([{ steps: [some] }, slow]);
    const { throughput, latency } = operations['t0']!;
    expect(throughput.value).toBeCloseTo(10 + 1000 / 12, 9);
    expect(latency.mean.value).toBeNull();
    expect(goals.map(({ met }) => met)).toEqual([false, false, false]);
    expect(notes.join()).toContain('10% of its requests do without b1.cpu');
  });

  it('of what few need leaves percentiles below them unknown, not endless', () => {
    const heavy = { steps: [compute(constant(0.12))] };
    const some: PlanStep = { step: 'choose', cases: [{ probability: 0.1, steps: [call(1)] }] };
    const { goals } = of([{ steps: [some] }, heavy]);
    expect(goals.map(({ met }) => met)).toEqual(['unknown', false, false]);
  });

  it('blocks all of a component whose workers wait for it', () => {
    const held: EstimatedKind = {
      model: (component, plan) => ({
        ...box.model(component, plan),
        stations: [
          { name: 'cpu', servers: 1, places: null, discipline: 'fifo' },
          { name: 'workers', servers: component.index === 0 ? 8 : null, places: null, discipline: 'fifo' },
        ],
        activities: () => [{ does: 'hold', station: 1, during: [{ does: 'steps', compute: 0 }] }],
      }),
    };
    const some: PlanStep = { step: 'choose', cases: [{ probability: 0.9, steps: [call(1)] }] };
    const { operations } = of([{ steps: [some] }, slow], new Map([['box', held]]));
    expect(operations['t0']!.throughput.value).toBeCloseTo(100 * (1000 / 12 / 90), 9);
  });
});
