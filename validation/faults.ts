/** What faults do, and whether a system comes back: through design files and their scenarios. */
import { kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign } from '../src/design/index.ts';
import { around, type Interval } from '../src/kernel/index.ts';
import type { Report } from '../src/report/index.ts';
import { simulate } from '../src/simulate/index.ts';
import type { Case, DirectModel } from './case.ts';
import { points, within } from './case.ts';

/** A design under its one scenario. */
async function under(design: string, replications: number): Promise<Report> {
  const { plan, diagnostics } = loadDesign(design, {
    file: 'faults.yaml',
    kinds: kinds.map(({ describe }) => describe),
  });
  if (plan === null) throw new RangeError(JSON.stringify(diagnostics));
  const scenario = plan.scenarios[0]!.name;
  return simulate(plan, simulatedKinds, { scenario, replications, warmup: 0 });
}

/** Seconds at the end of a scenario by which its final state is told. */
const LAST = 100;

/** Served of what was offered in the last seconds. */
function finalGoodput(report: Report): Interval {
  const { traffic, window } = report.scenario!;
  const { goodput, offered } = traffic['users']!;
  const from = goodput.value.length - Math.round(LAST / window);
  const shares = goodput.value.slice(from).map((served, w) => (served ?? 0) / offered.value[from + w]!);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return around(mean, shares);
}

function storm(load: number, goodput: number, attempts = 2, quick = false): DirectModel {
  const retry = attempts === 1 ? '' : `retry: { attempts: ${attempts}, backoff: none }`;
  return {
    name: `${load}/s, ${attempts === 1 ? 'one attempt' : 'two attempts'}`,
    ...(quick ? { quick: true } : {}),
    expect: [{ what: 'goodput in the end, of the load', paper: goodput, unit: '1', tolerance: points(1) }],
    measure: async () => [
      finalGoodput(
        await under(
          `
name: storm
network: { latency: 0s }
traffic: { users: { call: app.ask, rate: ${load}/s } }
components:
  app: { kind: service, operations: { ask: [ { call: store.query, timeout: 1s, ${retry} } ] } }
  store: { kind: service, cores: 30, operations: { query: [ { compute: exponential(100ms) } ] } }
scenarios:
  blip: { lasts: 900s, faults: [ { at: 100s, freeze: store, for: 10s } ] }
`,
          3,
        ),
      ),
    ],
  };
}

/** 100 requests a second, at even distances, of 1 ms; after 100 s everything stands still for 100 s. */
const omission = `
name: omission
network: { latency: 0s }
constants: { cap.machine.cores: 10000 }
traffic: { users: { call: s.work, rate: 100/s, arrivals: constant } }
components:
  s: { kind: service, cores: 10000, operations: { work: [ { compute: 1ms } ] } }
scenarios:
  pause: { lasts: 200.002s, faults: [ { at: 100.021s, freeze: s, for: 99.979s } ] }
`;

export const faults: readonly Case[] = [
  {
    id: 'metastable-retry-storm',
    title: 'A retry storm that outlives its cause',
    source:
      'Bronson, Aghayev, Charapko & Zhu, "Metastable Failures in Distributed Systems", HotOS 2021, §2.1',
    evidence: 'published figure',
    models: [
      storm(120, 1),
      storm(145, 1, 2, true),
      storm(155, 0, 2, true),
      storm(200, 0),
      storm(280, 0),
      storm(280, 1, 1),
    ],
  },
  {
    id: 'coordinated-omission',
    title: 'A pause, and who is asked about it',
    source: 'Tene, HdrHistogram, HistogramDataAccessTest: recorded with an expected interval of 10 ms',
    evidence: 'published figure',
    models: [
      {
        name: '100 s of 1 ms answers, then 100 s of none',
        quick: true,
        expect: [
          { what: 'mean', paper: 25.0005, unit: 's', tolerance: within(0.001) },
          { what: 'p50', paper: 0.001, unit: 's', tolerance: within(0.01) },
          { what: 'p95', paper: 90, unit: 's', tolerance: within(0.01) },
          { what: 'p99', paper: 98, unit: 's', tolerance: within(0.01) },
        ],
        measure: async () => {
          const { latency } = (await under(omission, 2)).operations['users']!;
          return [latency.mean.value!, latency.p50.value!, latency.p95.value!, latency.p99.value!];
        },
      },
    ],
  },
];
