import { kindParts } from '../components/index.ts';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Report, Results, StressReport } from '../report/index.ts';
import { inlineRunner, simulate, trace } from '../simulate/index.ts';

/** A shop that says something in every section, with two places. */
export const shop = `
name: shop
summary: pages from a cache, orders into a queue
data:
  product: { count: 20k, size: 2KB, growth: 10/day, keep: 1y, popularity: zipf(0.9) }
regions: { east: { zones: [a, b] }, west: { zones: [c] } }
traffic:
  visitors: { call: edge.view, rate: 60/s, peak: 2x, key: product, timeout: 1s, from: east }
  buyers: { call: edge.buy, rate: 6/s, timeout: 2s, from: east }
components:
  edge: { kind: load-balancer, algorithm: round-robin, to: shop, region: east }
  shop:
    kind: service
    region: east
    instances: 4
    cores: 2
    operations:
      view:
        - compute: exponential(4ms)
        - read: product
          from: store
          through: hot
          timeout: 300ms
      buy:
        - compute: 3ms
        - publish: orders
  packer: { kind: service, region: west, instances: 2, operations: { pack: [ { compute: 5ms } ] } }
  orders: { kind: queue, region: east, consumer: packer.pack }
  hot: { kind: cache, zone: a, holds: product, items: 2k, ttl: 10min }
  store: { kind: database, zone: a, stores: product, connections: 50, cores: 4 }
goals:
  visitors: { p99: 60ms, success: 99.9% }
scenarios:
  store-slow:
    summary: the store takes ten times as long
    lasts: 30s
    faults: [ { at: 10s, slow: store, by: 10x, for: 10s } ]
decisions:
  - { chose: a queue before the packer, over: a call, because: nobody waits for packing, costs: an order may be packed late }
`;

/** Nothing but what a design must say. */
export const bare = `
name: bare
traffic: { users: { call: web.ask, rate: 10/s } }
components: { web: { kind: service, operations: { ask: [ { compute: 1ms } ] } } }
`;

/** What means something to HTML, Markdown, Mermaid and SVG, wherever a design takes text. */
export const HOSTILE = `</title><script>alert("x")</script><img src=x onerror=alert(1)> | *a* _b_ [c](javascript:d) \`e\` #f %%g`;
export const hostile = `
name: ${JSON.stringify(HOSTILE)}
summary: ${JSON.stringify(HOSTILE)}
traffic: { users: { call: web.ask, rate: 10/s } }
components: { web: { kind: service, operations: { ask: [ { compute: 1ms }, { choose: [ { probability: 50%, do: [ { fail: ${JSON.stringify(HOSTILE)} } ] } ] } ] } } }
goals: { users: { success: 99% } }
decisions: [ { chose: ${JSON.stringify(HOSTILE)}, over: ${JSON.stringify(HOSTILE)}, because: ${JSON.stringify(HOSTILE)}, costs: ${JSON.stringify(HOSTILE)} } ]
scenarios: { storm: { summary: ${JSON.stringify(HOSTILE)}, lasts: 20s, faults: [ { at: 5s, slow: web, by: 2x, for: 5s } ] } }
`;

/** The plan of a design, and the kinds. */
export function planned(text: string): Pick<Results, 'plan' | 'kinds'> {
  const kinds = kindParts();
  const { plan, diagnostics } = loadDesign(text, { kinds: kinds.described, file: 'design.yaml' });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { plan, kinds: kinds.described };
}

/** All results of a design, from runs as short as can be. */
export async function resultsFor(text: string): Promise<Results> {
  const { plan, kinds } = planned(text);
  const parts = kindParts();
  const runner = inlineRunner(parts.simulated, {});
  const run = { seed: 1, replications: 2, version: '1.0.0' };
  const scenarios: Report[] = [];
  for (const { name } of plan.scenarios) {
    scenarios.push(await simulate(plan, parts.simulated, { ...run, scenario: name }, runner));
  }
  return {
    plan,
    kinds,
    estimate: estimate(plan, parts.estimated, { version: '1.0.0', command: 'tenfold estimate design.yaml' }),
    simulation: await simulate(plan, parts.simulated, { ...run, time: 10, warmup: 1 }, runner),
    scenarios,
    trace: await trace(plan, parts.simulated, { seed: 1, version: '1.0.0' }),
    stress: stressOf(plan.name, plan.traffic[0]!.name),
    command: 'tenfold report design.yaml --html page.html',
    version: '1.0.0',
  };
}

/** A stress report by hand: runs that look for one take long. */
export function stressOf(design: string, traffic: string): StressReport {
  const times = (value: number | null, low: number | null, high: number | null) => ({
    value,
    low,
    high,
    unit: '1' as const,
  });
  return {
    schema: 'tenfold/stress@1',
    design,
    seed: 1,
    version: '1.0.0',
    command: 'tenfold stress design.yaml --seed 1',
    most: 100,
    headroom: times(3.1, 3, 3.2),
    estimated: { at: 3.3, what: `${traffic}.p99 ≤ 60ms` },
    ladder: [
      {
        what: 'goal',
        name: `${traffic}.p99 ≤ 60ms`,
        at: times(3.1, 3, 3.2),
        because: ['shop.cpu is full', `${traffic}.p99 > 60ms`],
        widened: [],
      },
      { what: 'station', name: 'shop.cpu', at: times(4.1, 4, 4.2), because: [], widened: [] },
      { what: 'station', name: 'store.cpu', at: times(null, null, 9), because: [], widened: ['shop.cpu'] },
    ],
    spare: [{ station: 'hot.node', load: 0.004, at: 250 }],
    points: [0.5, 1, 2, 3, 4, 8].map((load) => ({
      times: load,
      stable: load < 4.1,
      operations: {
        [traffic]: {
          throughput: { value: 100 * load, low: 98 * load, high: 102 * load, unit: '1/s' as const },
          success: { value: 1, low: 0.99, high: 1, unit: '1' as const },
          p99: {
            value: load < 4.1 ? 0.02 * load : null,
            low: load < 4.1 ? 0.018 * load : null,
            high: load < 4.1 ? 0.022 * load : null,
            unit: 's' as const,
          },
        },
      },
    })),
    usl: {
      lambda: 50,
      sigma: 0.02,
      kappa: 0.0001,
      r2: 0.99,
      error: 0.012,
      points: [
        { times: 0.5, inProgress: 1.3, throughput: 64 },
        { times: 1, inProgress: 2.7, throughput: 131 },
        { times: 2, inProgress: 6, throughput: 270 },
        { times: 2.8, inProgress: 9.6, throughput: 404 },
      ],
      peak: { throughput: 400, times: 3.4 },
    },
    runs: 20,
    notes: ['a note of the stress'],
  };
}
