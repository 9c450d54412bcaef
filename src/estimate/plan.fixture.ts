import type { Plan, PlanCall, PlanData, PlanStep, PlanTraffic } from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';
import type { EstimatedKind } from './kind.ts';

/** Small plans for tests of the estimator, made without the language, of one kind that is known to nobody. */

export const constant = (value: number): Distribution => ({ law: 'constant', value });
export const exponential = (mean: number): Distribution => ({ law: 'exponential', mean });
export const exact = (value: number) => ({ value, low: value, high: value });
export const compute = (time: Distribution): PlanStep => ({ step: 'compute', time });
export const call = (operation: number, more: Partial<PlanCall> = {}): PlanCall => ({
  step: 'call',
  operation,
  timeout: null,
  key: { from: 'request' },
  onMiss: [],
  ...more,
});

/** A box with a CPU of so many servers, and nothing else. */
export const box: EstimatedKind = {
  model({ settings }) {
    return {
      instances: 1,
      spread: 'random',
      stations: [{ name: 'cpu', servers: Number(settings['servers']), places: null, discipline: 'fifo' }],
      activities: () => [{ does: 'steps', compute: 0 }],
    };
  },
};

export const kinds: ReadonlyMap<string, EstimatedKind> = new Map([['box', box]]);

/** One box per entry with one operation each: operation i belongs to box i, named `b<i>.work`. */
export function planOf(
  boxes: readonly { readonly steps: readonly PlanStep[]; readonly servers?: number }[],
  traffic: readonly Partial<PlanTraffic>[],
  data: readonly Partial<PlanData>[] = [],
): Plan {
  return {
    name: 'fixture',
    summary: '',
    profile: 'classroom',
    data: data.map((each, i) => ({
      name: `d${i}`,
      count: exact(1000),
      size: exact(100),
      growth: exact(0),
      keep: null,
      popularity: { law: 'uniform' },
      ...each,
    })),
    components: boxes.map(({ servers = 1 }, index) => ({
      index,
      name: `b${index}`,
      kind: 'box',
      settings: { servers },
      components: {},
      data: {},
      operations: [index],
    })),
    operations: boxes.map(({ steps }, index) => ({
      index,
      component: index,
      name: 'work',
      steps,
      forwards: null,
    })),
    traffic: traffic.map((each, index) => ({
      index,
      name: `t${index}`,
      operation: 0,
      arrivals: open(1),
      key: null,
      timeout: null,
      priority: 0,
      hottest: 0,
      ...each,
    })),
    network: { latency: constant(0), bandwidth: null },
    goals: [],
    scenarios: [],
    scenario: null,
    decisions: [],
    constants: [],
  };
}

export function open(rate: number, peak = 1): PlanTraffic['arrivals'] {
  return { type: 'open', rate: exact(rate), peak, process: 'poisson', batch: constant(1), shape: [] };
}
