/** Where keys go: rings and other locators, and balls in bins. */
import {
  BoundedLoadRing,
  createBalancer,
  createLocator,
  fillMaglevTable,
  HashRing,
  hashInteger,
  jumpHash,
  kafkaHash,
  kafkaPartition,
  type LocatorName,
} from '../src/blocks/index.ts';
import { createRandom, wilson } from '../src/kernel/index.ts';
import { type Case, type DirectModel, points, within } from './case.ts';
import { direct, type Row } from './direct.ts';

/** Shares of a thousand nodes over so many rings, times a thousand: 1 is the mean; in ascending order. */
function ringShares(virtualNodes: number, rings: number): Float64Array {
  const nodes = 1000;
  const shares = new Float64Array(nodes * rings);
  for (let ring = 0; ring < rings; ring++)
    shares.set(new HashRing(nodes, { virtualNodes, seed: ring + 1 }).shares(), ring * nodes);
  return shares.map((share) => share * nodes).sort();
}

/** Spread of the shares: the coefficient of variation, and the interval that 99 % of the nodes lie in. */
function ring(
  virtualNodes: number,
  rings: number,
  variation: number,
  low: number,
  high: number,
): DirectModel {
  // Two digits are printed; the least share of a ring with a point a node is a few thousandths.
  const rounded = { absolute: low < 0.01 ? 0.001 : 0.01 };
  return {
    name: `1,000 nodes of ${virtualNodes}`,
    ...(virtualNodes <= 10 ? { quick: true } : {}),
    expect: [
      { what: 'coefficient of variation', paper: variation, unit: '1', tolerance: within(0.05) },
      { what: 'share that 0.5 % are below', paper: low, unit: '1', tolerance: rounded },
      { what: 'share that 0.5 % are above', paper: high, unit: '1', tolerance: within(0.03) },
    ],
    measure: () => {
      const shares = ringShares(virtualNodes, rings);
      const squares = shares.reduce((sum, share) => sum + (share - 1) ** 2, 0);
      const quantile = (p: number): number => shares[Math.floor(p * shares.length)]!;
      return [Math.sqrt(squares / shares.length), quantile(0.005), quantile(0.995)];
    },
  };
}

/** Share of 200,000 keys that another node of `nodes + 1` has than of `nodes`. */
function moved(name: LocatorName, nodes: number): number {
  const options = name === 'ring' ? { virtualNodes: 20_000 } : {};
  const before = createLocator(name, nodes, options);
  const after = createLocator(name, nodes + 1, options);
  const keys = 200_000;
  let count = 0;
  for (let key = 0; key < keys; key++) {
    const hash = hashInteger(key);
    if (before.locate(hash) !== after.locate(hash)) count++;
  }
  return count / keys;
}

/** Ten thousand keys on a hundred nodes: the highest load, and the share of keys that the ring has elsewhere. */
function bounded(
  virtualNodes: number,
  loadFactor = 1.25,
): { readonly highest: number; readonly forwarded: number } {
  const keys = 10_000;
  let highest = 0;
  let elsewhere = 0;
  const rings = 10;
  for (let seed = 0; seed < rings; seed++) {
    const ring = new HashRing(100, { virtualNodes, seed });
    const limited = new BoundedLoadRing(100, { virtualNodes, seed, loadFactor, assumedLoad: keys });
    for (let key = 0; key < keys; key++) {
      const hash = hashInteger(key);
      const node = limited.locate(hash);
      limited.started(node);
      if (node !== ring.locate(hash)) elsewhere++;
    }
    highest = Math.max(highest, ...limited.load);
  }
  return { highest, forwarded: elsewhere / (keys * rings) };
}

const distinct =
  'The figures of two choices are of bins drawn with replacement; ours are always two different ones, which is ' +
  'a little better.';

/**
 * n balls into n bins, each into the least full of d: in which share of trials the fullest has so many.
 *
 * @param shares of the fullest, by its load
 */
function balls(
  n: number,
  choices: 1 | 2,
  trials: number,
  shares: Readonly<Record<number, number>>,
): DirectModel {
  const loads = Object.keys(shares).map(Number);
  return {
    name: `n = ${n}, ${choices === 1 ? 'one choice' : 'two choices'}`,
    expect: loads.map((load) => ({
      what: `trials with ${load} in the fullest`,
      paper: shares[load]!,
      unit: '1',
      tolerance: points(1),
      ...(choices === 2 ? { explanation: distinct } : {}),
    })),
    measure: () => {
      const trialsWith = new Map<number, number>();
      for (let trial = 0; trial < trials; trial++) {
        const bins =
          choices === 1 ? createBalancer('random', n) : createBalancer('power-of-d', n, { choices });
        const random = createRandom(trial, 'balls');
        for (let ball = 0; ball < n; ball++) bins.started(bins.pick(random, 0, 0), 0);
        const most = Math.max(...bins.inFlight);
        trialsWith.set(most, (trialsWith.get(most) ?? 0) + 1);
      }
      return loads.map((load) => wilson(trialsWith.get(load) ?? 0, trials));
    },
  };
}

/** Shares of all keys that the nodes which stay get when the last of `nodes` goes. */
function gained(nodes: number): Float64Array {
  const before = createLocator('rendezvous', nodes);
  const after = createLocator('rendezvous', nodes - 1);
  const keys = 2_000_000;
  const gains = new Float64Array(nodes - 1);
  for (let key = 0; key < keys; key++) {
    const hash = hashInteger(key);
    if (before.locate(hash) !== nodes - 1) continue;
    const to = after.locate(hash);
    gains[to] = gains[to]! + 1 / keys;
  }
  return gains;
}

/** The table of the paper's nodes that are up, as digits: each entry its node, counted from 1. */
function maglev(up: readonly number[]): number {
  // Each permutation by its first entry and the step to the next.
  const nodes = {
    offsets: Int32Array.of(3, 0, 3),
    skips: Int32Array.of(4, 2, 1),
    weights: new Float64Array(3).fill(1),
    up: Uint8Array.from(up),
    at: new Int32Array(3),
    credit: new Float64Array(3),
  };
  const table = new Int32Array(7);
  fillMaglevTable(table, nodes);
  return Number([...table].map((node) => node + 1).join(''));
}

const kafkaKeys: readonly (readonly [string, number, number])[] = [
  ['21', -973932308, 0],
  ['foobar', -790332482, 6],
  ['a-little-bit-long-string', -985981536, 2],
  ['a-little-bit-longer-string', -1486304829, 9],
  ['abc', 479470107, 7],
];

export const placement: readonly Case[] = [
  {
    id: 'ring-imbalance',
    title: 'Shares of a hash ring by points a node',
    source: 'Lamping & Veach 2014, table 1; Beta(V, (N − 1)V)',
    evidence: 'published figure and closed form',
    models: [
      ring(1, 60, 0.999, 0.005, 5.29),
      ring(10, 100, 0.3161, 0.37, 2),
      ring(100, 20, 0.09995, 0.76, 1.28),
      ring(1000, 6, 0.03161, 0.92, 1.08),
    ],
  },
  {
    id: 'jump-hash',
    title: 'Jump consistent hash',
    source: 'Lamping & Veach 2014; vectors of dgryski/go-jump',
    evidence: 'published figure',
    models: [
      direct(
        '',
        (
          [
            [1, 1, 0],
            [42, 57, 43],
            [0xdead10cc, 1, 0],
            [0xdead10cc, 666, 361],
            [256, 1024, 520],
          ] as const
        ).map(([key, buckets, bucket]) => [
          `key ${key}, ${buckets} buckets`,
          bucket,
          () => jumpHash(key, buckets),
        ]),
      ),
    ],
  },
  {
    id: 'maglev-table',
    title: 'Maglev: the lookup table of the paper, nodes counted from 1',
    source: 'Eisenbud et al., NSDI 2016, table 1',
    evidence: 'published figure',
    models: [
      direct('', [
        ['three nodes', 2121331, () => maglev([1, 1, 1])],
        ['the second gone', 1111333, () => maglev([1, 0, 1])],
      ]),
    ],
  },
  {
    id: 'balls-into-bins',
    title: 'The fullest of n bins after n balls, by one and by two choices',
    source: 'Azar, Broder, Karlin & Upfal 1999; Mitzenmacher, Richa & Sitaraman 2001',
    evidence: 'exact numerical solution',
    models: [
      balls(256, 1, 50_000, { 3: 0.0044, 4: 0.384, 5: 0.475, 6: 0.117, 7: 0.0175 }),
      balls(256, 2, 50_000, { 2: 0.104, 3: 0.894, 4: 0.003 }),
      balls(4096, 1, 40_000, { 5: 0.0865, 6: 0.625, 7: 0.2475, 8: 0.0363 }),
      balls(4096, 2, 6000, { 3: 0.974, 4: 0.026 }),
    ],
  },
  {
    id: 'resize-moves',
    title: 'What moves when a node is added',
    source: 'Karger et al. 1997; Thaler & Ravishankar 1998; Lamping & Veach 2014',
    evidence: 'closed form',
    models: (['modulo', 'ring', 'rendezvous', 'jump'] as const).map((name) =>
      direct(
        name,
        [3, 4, 10].map((n): Row => {
          const paper = name === 'modulo' ? n / (n + 1) : 1 / (n + 1);
          return [`${n} to ${n + 1}`, paper, () => moved(name, n), points(1)];
        }),
      ),
    ),
  },
  {
    id: 'rendezvous-loss',
    title:
      'Rendezvous hashing: the keys of a lost node go to all others alike, 1 / (n (n − 1)) of all to each',
    source: 'Thaler & Ravishankar, IEEE/ACM ToN 6(1) 1998',
    evidence: 'closed form',
    models: [
      direct(
        '10 nodes',
        [
          ['gained by the one that gains least', 1 / 90, () => Math.min(...gained(10)), within(0.03)],
          ['gained by the one that gains most', 1 / 90, () => Math.max(...gained(10)), within(0.03)],
        ],
        false,
      ),
    ],
  },
  {
    id: 'bounded-loads',
    title: 'Consistent hashing with bounded loads, 100 nodes and 10,000 keys',
    source:
      'Mirrokni, Thorup & Zadimoghaddam, SODA 2018 (the bound); own simulation of the source (forwarded)',
    evidence: 'published simulation',
    models: [
      direct('c = 1.25, 100 points a node', [
        ['highest load', 125, () => bounded(100).highest],
        ['forwarded', 0.004, () => bounded(100).forwarded, within(0.6)],
      ]),
      direct('c = 1.25, 1 point a node', [
        ['highest load', 125, () => bounded(1).highest],
        ['forwarded', 0.355, () => bounded(1).forwarded, within(0.3)],
      ]),
      direct('c = 2, 100 points a node', [['keys forwarded', 0, () => bounded(100, 2).forwarded]]),
    ],
  },
  {
    id: 'kafka-partitioner',
    title: 'Kafka’s default partitioner, 10 partitions',
    source: 'Apache Kafka, UtilsTest.testMurmur2',
    evidence: 'published figure',
    models: [
      direct(
        '',
        kafkaKeys.flatMap(([key, hash, partition]): Row[] => [
          [`hash of ${key}`, hash, () => kafkaHash(key)],
          [`partition of ${key}`, partition, () => kafkaPartition(key, 10)],
        ]),
      ),
    ],
  },
];
