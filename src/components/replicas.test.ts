import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { type Measurement, runReplication } from '../simulate/index.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Options {
  readonly lasts?: number;
  readonly faults?: string;
  readonly more?: string;
  readonly rates?: readonly [reads: number, writes: number];
  readonly items?: number;
}

/** Readers and writers of items at a store whose work takes no time, over a network of 0.2 ms, unless it says otherwise. */
const design = (
  store: string,
  { lasts = 40, faults = '', more = '', rates = [400, 100], items = 200 }: Options = {},
) => `
name: following
data: { item: { count: ${items}, size: 1KB } }
traffic:
  readers: { call: api.look, rate: ${rates[0]}/s, key: item }
  writers: { call: api.change, rate: ${rates[1]}/s, key: item }
network: { latency: 0.2ms }
components:
  api:
    kind: service
    operations: { look: [ { read: item, from: store } ], change: [ { write: item, to: store } ] }
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

const job = { replication: 0, warmup: 0, windows: 0, rates: new Float64Array(9) };

function run(store: string, options: Options = {}, seed = 1): Measurement {
  const { lasts = 40, faults } = options;
  const sound = planOf(design(store, options));
  const plan = faults === undefined ? sound : underScenario(sound, 'broken');
  return runReplication({ ...job, seed, seconds: lasts, plan }, simulatedKinds);
}

/** How many of a traffic failed, by reason. */
function failed(measured: Measurement, traffic: number, reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  measured.traffic[traffic]!.failed.forEach((count, r) => {
    if (count > 0) counts[reasons[r] ?? String(r)] = count;
  });
  return counts;
}

describe('replicas that follow a primary', () => {
  it('x', () => {
    const m = run('replicas: 2; lag: 50ms');
    console.log(
      m.replication![0]!.reads.stale / m.replication![0]!.reads.reads,
      1 - Math.exp(-0.5 * 0.0502),
      m.replication,
    );
    const b = run('replicas: 2; lag: 50ms; takeover: { promotion: 2s }', {
      faults: '{ at: 10s, crash: store.primary, for: 10s }',
    });
    console.log(
      b.replication,
      b.traffic.map((t) => [t.offered, t.served, t.inFlight, t.failed]),
    );
    const c = run('replicas: 2; lag: 50ms; confirmed-by: 1; takeover: { promotion: 2s }', {
      faults: '{ at: 10s, crash: store.primary, for: 10s }',
    });
    console.log(
      c.replication,
      c.traffic.map((t) => [t.offered, t.served, t.inFlight, t.failed]),
    );
    const d = run('replicas: 2; lag: 50ms; confirmed-by: 2; reads: any', {
      faults: '{ at: 10s, crash: store.replica-1, for: 10s }',
    });
    console.log(
      d.replication,
      d.traffic.map((t) => [t.offered, t.served, t.inFlight, t.failed]),
    );
  });
});
