import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { type Measurement, runReplication } from '../simulate/index.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

export interface Options {
  /** Seconds of the run, and of the scenario where there are faults. */
  readonly lasts?: number;
  readonly faults?: string;
  readonly more?: string;
  readonly rates?: readonly [reads: number, writes: number];
  readonly items?: number;
  readonly popularity?: string;
  /** What a writer does. */
  readonly change?: string;
}

/**
 * Readers and writers of items at a store whose work takes no time, over a network of 0.2 ms, unless it says otherwise.
 *
 * @param store its settings, such as `replicas: 2; lag: 200ms`
 */
export const design = (
  store: string,
  {
    lasts = 40,
    faults = '',
    more = '',
    rates = [400, 100],
    items = 200,
    popularity = 'uniform',
    change = '{ write: item, to: store }',
  }: Options = {},
) => `
name: following
data: { item: { count: ${items}, size: 1KB, popularity: ${popularity} } }
traffic:
  readers: { call: api.look, rate: ${rates[0]}/s, key: item }
  writers: { call: api.change, rate: ${rates[1]}/s, key: item }
network: { latency: 0.2ms }
components:
  api:
    kind: service
    operations: { look: [ { read: item, from: store } ], change: [ ${change} ] }
  store:
    kind: database
    stores: item
    read: { cpu: 0s, disk: 0s }
    write: { cpu: 0s, disk: 0s }
${store
  .split('; ')
  .map((line) => `    ${line}`)
  .join('\n')}
${faults === '' ? '' : `scenarios: { broken: { lasts: ${lasts}s, faults: [ ${faults} ] } }`}
${more}`;

export const job = { replication: 0, warmup: 0, windows: 0, rates: new Float64Array(9) };

/** One replication of it, under its faults where it has some. */
export function run(
  store: string,
  options: Options = {},
  seed = 1,
  seconds = options.lasts ?? 40,
): Measurement {
  const sound = planOf(design(store, options));
  const plan = options.faults === undefined ? sound : underScenario(sound, 'broken');
  return runReplication({ ...job, seed, seconds, plan }, simulatedKinds);
}

export const READERS = 0;
export const WRITERS = 1;

export const failures = (measured: Measurement, traffic: number): number =>
  measured.traffic[traffic]!.failed.reduce((sum, count) => sum + count, 0);

export const crash = (part: string, more = 'for: 10s'): string =>
  `{ at: 10s, crash: store.${part}, ${more} }`;

/** What is said of a design, by code and setting of the store. */
export const problems = (text: string): string[] =>
  loadDesign(text, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) }).diagnostics.map(
    ({ code, path }) => `${code} ${path.replace('components.store.', '')}`,
  );
