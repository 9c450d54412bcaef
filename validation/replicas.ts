/** How often reads by quorum are stale, from the delays of messages: through design files. */
import { freshWithin } from '../src/blocks/index.ts';
import { kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign } from '../src/design/index.ts';
import type { Interval } from '../src/kernel/index.ts';
import { simulate } from '../src/simulate/index.ts';
import { type Case, type DirectModel, points } from './case.ts';
import { direct, type Row } from './direct.ts';

/**
 * Laws of the four delays of the paper: a write on its way to a replica (W), its acknowledgement (A), a read on its way
 * (R) and its answer (S).
 */
interface Delays {
  readonly write: string;
  readonly read: string;
  /** Of acknowledgements and answers. */
  readonly back: string;
}

/**
 * A write, and a read of the same item so long after it was confirmed. What a message takes on its way to a replica is the
 * replica's time for it, which nothing else waits for; on its way back, a delay of the link.
 */
function design(reads: number, writes: number, { write, read, back }: Delays, after: string): string {
  const ms = (law: string): string => `{ cpu: 0s, disk: "${law}" }`;
  return `
name: partial-quorums
data: { item: { count: 10M, size: 1KB } }
network: { latency: 0s }
traffic: { users: { call: app.change, rate: 1000/s, key: item } }
components:
  app:
    kind: service
    operations: { change: [ { write: item, to: store }, { wait: ${after} }, { read: item, from: store } ] }
  store:
    kind: database
    engine: delays
    stores: item
    connections: 1000000
    quorum: { replicas: 3, reads: ${reads}, writes: ${writes} }
    write: ${ms(write)}
    read: ${ms(read)}
scenarios:
  delayed: { lasts: 100s, faults: [ { at: 0s, link: store, to: app, direction: one-way, delay: "${back}", for: 100s } ] }
`;
}

/** Share of reads that give what was written before them. */
async function consistent(reads: number, writes: number, delays: Delays, after: string): Promise<Interval> {
  const { plan, diagnostics } = loadDesign(design(reads, writes, delays, after), {
    file: 'partial-quorums.yaml',
    kinds: kinds.map(({ describe }) => describe),
  });
  if (plan === null) throw new RangeError(JSON.stringify(diagnostics));
  const report = await simulate(plan, simulatedKinds, { scenario: 'delayed', replications: 5, warmup: 0 });
  const { value, low, high } = report.staleness!['store']!.stale;
  return { value: 1 - value!, low: 1 - high!, high: 1 - low! };
}

/** Points that a law without a word of its own is told by, each equally likely. */
const POINTS = 2000;

/**
 * The law of a share of Pareto delays and of exponential ones else, by its quantiles: those between which the law has equal
 * parts, in the middle of each. Times in ms.
 */
function mixture(share: number, scale: number, alpha: number, rate: number): string {
  const above = (x: number): number =>
    share * (x < scale ? 1 : (scale / x) ** alpha) + (1 - share) * Math.exp(-rate * x);
  const quantile = (q: number): number => {
    let [low, high] = [0, 1];
    while (above(high) > 1 - q) high *= 2;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (above(middle) > 1 - q) low = middle;
      else high = middle;
    }
    return high;
  };
  const each = Array.from({ length: POINTS }, (_, i) => `${quantile((i + 0.5) / POINTS).toPrecision(6)}ms`);
  return `empirical(${each.join(', ')})`;
}

const ssd = mixture(0.9122, 0.235, 10, 1.66);
const disk = mixture(0.38, 1.05, 1.51, 0.183);
const solid: Delays = { write: ssd, read: ssd, back: ssd };
const spinning: Delays = { write: disk, read: ssd, back: ssd };
const exponentials = (mean: string): Delays => ({
  write: `exponential(${mean})`,
  read: 'exponential(1ms)',
  back: 'exponential(1ms)',
});

type Asked = readonly [
  after: string,
  paper: number,
  tolerancePoints: number,
  explanation?: string,
  reads?: number,
  writes?: number,
];

/** Reads at several times after the write was confirmed. */
function model(name: string, delays: Delays, asked: readonly Asked[], quick?: true): DirectModel {
  return {
    name,
    ...(quick && { quick }),
    expect: asked.map(([after, paper, tolerance, explanation, reads = 1, writes = 1]) => ({
      what: `consistent ${after === '0s' ? 'at once' : `after ${after}`}, R = ${reads}, W = ${writes}`,
      paper,
      unit: '1',
      tolerance: points(tolerance),
      ...(explanation !== undefined && { explanation }),
    })),
    measure: async () => {
      const found: Interval[] = [];
      for (const [after, , , , reads = 1, writes = 1] of asked)
        found.push(await consistent(reads, writes, delays, after));
      return found;
    },
  };
}

const first =
  'The paper takes the first time of a sweep at which its simulation reached 99.9 %, which is a little early.';

export const replicas: readonly Case[] = [
  {
    id: 'stale-reads-exponential',
    title: 'Reads of 3 replicas with exponential delays, R = W = 1',
    source: 'Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, section 5.3',
    evidence: 'published simulation',
    models: [
      model('writes 0.25 ms', exponentials('0.25ms'), [
        ['0s', 0.94, 1],
        ['1ms', 0.999, 0.1],
      ]),
      model('writes 10 ms', exponentials('10ms'), [
        ['0s', 0.41, 1, 'The paper rounds down: its model gives 41.98 %.'],
        ['65ms', 0.999, 0.1],
      ]),
    ],
  },
  {
    id: 'stale-reads-disks',
    title: 'Reads of 3 replicas with delays measured at LinkedIn',
    source: 'Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, section 5.6 and table 4',
    evidence: 'published simulation',
    models: [
      model('LNKD-SSD', solid, [
        ['0s', 0.974, 0.3],
        ['5ms', 0.99999, 0.01],
        ['1.85ms', 0.999, 0.1, first],
        ['1.79ms', 0.999, 0.1, first, 1, 2],
      ]),
      model('LNKD-DISK', spinning, [
        ['0s', 0.439, 0.5],
        ['10ms', 0.925, 0.5],
        ['45.5ms', 0.999, 0.1, first],
        ['43.3ms', 0.999, 0.1, first, 1, 2],
        ['13.6ms', 0.999, 0.1, first, 2, 1],
      ]),
    ],
  },
  {
    id: 'stale-versions',
    title: 'Reads within k versions, where writes stay on W random replicas of 3',
    source: 'Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, section 3.1',
    evidence: 'published figure and closed form',
    models: [
      direct(
        '',
        (
          [
            [1, 1, 2, 5 / 9],
            [1, 1, 3, 19 / 27],
            [1, 1, 5, 1 - (2 / 3) ** 5],
            [1, 1, 10, 1 - (2 / 3) ** 10],
            [1, 2, 1, 2 / 3],
            [1, 2, 2, 8 / 9],
            [1, 2, 5, 1 - (1 / 3) ** 5],
          ] as const
        ).map(
          ([reads, writes, k, paper]): Row => [
            `R = ${reads}, W = ${writes}, k = ${k}`,
            paper,
            () => freshWithin({ replicas: 3, reads, writes }, k),
          ],
        ),
      ),
    ],
  },
];
