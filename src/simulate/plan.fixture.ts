import type { Plan, PlanCall, PlanStep, PlanTraffic } from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';

/** Small plans for tests of the simulator, made without the language. */

export const constant = (value: number): Distribution => ({ law: 'constant', value });
export const exponential = (mean: number): Distribution => ({ law: 'exponential', mean });
export const exact = (value: number) => ({ value, low: value, high: value });
export const compute = (time: Distribution): PlanStep => ({ step: 'compute', time });
export const wait = (time: Distribution): PlanStep => ({ step: 'wait', time });

export const call = (operation: number, timeout: number | null = null): PlanCall => ({
  step: 'call',
  operation,
  timeout,
  key: { from: 'request' },
  onMiss: [],
});

export interface ServiceFixture {
  readonly steps: readonly PlanStep[];
  readonly instances?: number;
  readonly cores?: number;
  readonly workers?: number | null;
  readonly queue?: number | null;
  readonly discipline?: 'fifo' | 'lifo' | 'processor-sharing' | 'priority';
}

/** One service per entry with one operation each: operation i belongs to service i, named `s<i>.work`. */
export function planOf(
  services: readonly ServiceFixture[],
  traffic: readonly Partial<PlanTraffic>[],
  latency = constant(0),
): Plan {
  return {
    name: 'fixture',
    summary: '',
    profile: 'classroom',
    data: [],
    components: services.map((service, index) => ({
      index,
      name: `s${index}`,
      kind: 'service',
      settings: {
        instances: service.instances ?? 1,
        cores: service.cores ?? 1,
        model: 'threads',
        workers: service.workers ?? null,
        queue: service.queue ?? null,
        discipline: service.discipline ?? 'fifo',
        balance: 'round-robin',
      },
      components: {},
      data: {},
      operations: [index],
    })),
    operations: services.map((service, index) => ({
      index,
      component: index,
      name: 'work',
      steps: service.steps,
      forwards: null,
    })),
    traffic: traffic.map((t, index) => ({
      index,
      name: `t${index}`,
      operation: 0,
      arrivals: open(1),
      key: null,
      timeout: null,
      priority: 0,
      hottest: 0,
      ...t,
    })),
    network: { latency, bandwidth: null },
    goals: [],
    scenarios: [],
    scenario: null,
    decisions: [],
    constants: [],
  };
}

export function open(
  rate: number,
  process: 'poisson' | 'constant' | Distribution = 'constant',
  more: { readonly batch?: Distribution; readonly shape?: readonly { at: number; times: number }[] } = {},
): PlanTraffic['arrivals'] {
  return {
    type: 'open',
    rate: exact(rate),
    peak: 1,
    process,
    batch: more.batch ?? constant(1),
    shape: more.shape ?? [],
  };
}

export const closed = (users: number, think: Distribution): PlanTraffic['arrivals'] => ({
  type: 'closed',
  users,
  think,
});
