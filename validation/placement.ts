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
import { createRandom } from '../src/kernel/index.ts';
import { type Case, points, within } from './case.ts';
import { direct, type Row } from './direct.ts';

/** Coefficient of variation of the shares of a thousand nodes, over so many rings. */
function ringVariation(virtualNodes: number, rings: number): number {
  const nodes = 1000;
  let squares = 0;
  for (let seed = 1; seed <= rings; seed++) {
    for (const share of new HashRing(nodes, { virtualNodes, seed }).shares())
      squares += (share * nodes - 1) ** 2;
  }
  return Math.sqrt(squares / (nodes * rings));
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
function bounded(virtualNodes: number): { readonly highest: number; readonly forwarded: number } {
  const keys = 10_000;
  let highest = 0;
  let elsewhere = 0;
  const rings = 10;
  for (let seed = 0; seed < rings; seed++) {
    const ring = new HashRing(100, { virtualNodes, seed });
    const limited = new BoundedLoadRing(100, { virtualNodes, seed, loadFactor: 1.25, assumedLoad: keys });
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

/** Share of trials in which n balls in n bins, each by the least full of d, leave `most` in the fullest. */
function fullest(n: number, choices: number, most: number, trials: number): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial++) {
    const bins = createBalancer(choices === 1 ? 'random' : 'power-of-d', n, choices === 1 ? {} : { choices });
    const random = createRandom(trial, 'balls');
    for (let ball = 0; ball < n; ball++) bins.started(bins.pick(random, 0, 0), 0);
    if (Math.max(...bins.inFlight) === most) count++;
  }
  return count / trials;
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
      direct('1,000 nodes', [
        ['coefficient of variation, 1 point', 0.999, () => ringVariation(1, 60), within(0.05)],
        ['coefficient of variation, 10 points', 0.3161, () => ringVariation(10, 20), within(0.05)],
        ['coefficient of variation, 100 points', 0.09995, () => ringVariation(100, 20), within(0.05)],
      ]),
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
      direct(
        'n = 256',
        [
          ['one choice, 4', 0.384, () => fullest(256, 1, 4, 20_000), points(1)],
          ['one choice, 5', 0.475, () => fullest(256, 1, 5, 20_000), points(1)],
          ['two choices, 3', 0.894, () => fullest(256, 2, 3, 20_000), points(2)],
        ],
        false,
      ),
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
    id: 'bounded-loads',
    title: 'Consistent hashing with bounded loads, c = 1.25',
    source:
      'Mirrokni, Thorup & Zadimoghaddam, SODA 2018 (the bound); own simulation of the source (forwarded)',
    evidence: 'published simulation',
    models: [
      direct('100 points a node', [
        ['highest load', 125, () => bounded(100).highest],
        ['forwarded', 0.004, () => bounded(100).forwarded, within(0.6)],
      ]),
      direct('1 point a node', [
        ['highest load', 125, () => bounded(1).highest],
        ['forwarded', 0.355, () => bounded(1).forwarded, within(0.3)],
      ]),
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
