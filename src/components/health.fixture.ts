import { loadDesign } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { compile } from '../simulate/program/compile.ts';
import { runReplication } from '../simulate/replication.ts';
import { kinds, simulatedKinds } from './index.ts';

interface Design {
  readonly edge?: string;
  readonly api?: string;
  readonly faults?: string;
  readonly lasts?: number;
  readonly rate?: number;
  readonly instances?: number;
  readonly steps?: string;
}

/** A balancer, the words about it in `edge`, before some instances that are far from busy. */
export const design = ({
  edge = '',
  api = '',
  faults = '',
  lasts = 120,
  rate = 400,
  instances = 4,
  steps = '[ { compute: exponential(2ms) } ]',
}: Design): string => `
name: healthy
traffic:
  users: { call: edge.get, rate: ${rate}/s }
components:
  edge: { kind: load-balancer, to: api${edge === '' ? '' : `, ${edge}`} }
  api: { kind: service, instances: ${instances}, cores: 2, operations: { get: ${steps} }${api === '' ? '' : `, ${api}`} }
scenarios:
  it: { lasts: ${lasts}s, faults: [ ${faults} ] }
`;

/** The same without a load balancer: callers choose the instance. */
export const direct = (words: string, faults: string, lasts = 120): string => `
name: direct
traffic:
  users: { call: front.get, rate: 400/s }
components:
  front: { kind: service, cores: 8, operations: { get: [ { compute: 100us }, { call: api.get } ] } }
  api: { kind: service, instances: 4, cores: 2, operations: { get: [ { compute: exponential(2ms) } ] }, ${words} }
scenarios:
  it: { lasts: ${lasts}s, faults: [ ${faults} ] }
`;

export const described = kinds.map(({ describe }) => describe);

export function planOf(text: string): Plan {
  const { plan, diagnostics } = loadDesign(text, { file: 'test.yaml', kinds: described });
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return underScenario(plan!, 'it');
}

/** A run watched in windows of a second. */
export function run(text: string | Plan, seed = 1): Measurement {
  const plan = typeof text === 'string' ? planOf(text) : text;
  const seconds = plan.scenario!.lasts;
  const job = { plan, seed, replication: 0, warmup: 5, seconds, windows: 0, series: seconds };
  return runReplication({ ...job, rates: new Float64Array(plan.operations.length) }, simulatedKinds);
}

/** Requests failed in each second, of any reason. */
export function failedOf({ series }: Measurement): number[] {
  const { failed } = series!.traffic[0]!;
  return Array.from(failed[0]!, (_, w) => failed.reduce((sum, reason) => sum + reason[w]!, 0));
}

/** Share of requests that failed in the seconds from `from` to `to`. */
export function errorShare(measured: Measurement, from: number, to: number): number {
  const failed = failedOf(measured).slice(from, to);
  const served = measured.series!.traffic[0]!.served.slice(from, to);
  const bad = failed.reduce((sum, each) => sum + each, 0);
  return bad / (bad + served.reduce((sum, each) => sum + each, 0));
}

/** Seconds, counted from the start, of the last window in which a request failed. */
export const lastFailure = (measured: Measurement): number =>
  failedOf(measured).findLastIndex((each) => each > 0);

/** A standard deviation of a share of so many. */
export const deviation = (share: number, of: number): number => Math.sqrt((share * (1 - share)) / of);

/** Failures of a whole run. */
export function total(measured: Measurement): number {
  return failedOf(measured).reduce((sum, each) => sum + each, 0);
}

/** Server-seconds that a request takes in `api`, in each second. */
export function workOf({ series }: Measurement): Float64Array {
  const { busy } = series!.stations[0]!;
  return busy.map((each, second) => each / series!.traffic[0]!.served[second]!);
}

/** Share of requests that go to instance 0, in each second: it is made slower, so that the work tells. */
export function shareOfFirst(text: string): Float64Array {
  const told = text
    .replace('exponential(2ms)', '2ms')
    .replace('faults: [', 'faults: [ { at: 0s, slow: api, by: 4x, instances: 1 },');
  return workOf(run(told)).map((each) => (each / 0.002 - 1) / 3);
}

export function reasonsOf(text: string): readonly string[] {
  return compile(planOf(text), simulatedKinds, new Float64Array(9)).reasons;
}
