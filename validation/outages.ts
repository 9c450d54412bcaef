/** Years of failures and repairs of a design, beside the Markov chains of parts that stand in for each other. */
import { estimatedKinds, kinds } from '../src/components/index.ts';
import { loadDesign } from '../src/design/index.ts';
import { availability } from '../src/estimate/index.ts';
import type { Interval } from '../src/kernel/index.ts';
import type { AvailabilityReport, Figure } from '../src/report/index.ts';
import type { Case, DirectModel } from './case.ts';

const HOUR = 3600;
const YEAR = 365 * 24 * HOUR;

/** Parts of which so many are needed. */
interface Parts {
  readonly needed: number;
  readonly parts: number;
  /** Mean hours up between two failures, and in repair. */
  readonly mtbf: number;
  readonly mttr: number;
  readonly crews?: number;
  readonly years: number;
}

type Lived = AvailabilityReport['traffic'][string];

function live(design: string, years: number): Lived {
  const { plan, diagnostics } = loadDesign(design, {
    kinds: kinds.map((kind) => kind.describe),
    file: 'parts.yaml',
  });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return availability(plan, estimatedKinds, { years }).traffic['users']!;
}

const fails = ({ mtbf, mttr, crews }: Parts): string =>
  `fails: { mtbf: ${mtbf}h, mttr: exponential(${mttr}h)${crews === undefined ? '' : `, crews: ${crews}`} }`;

/** Instances behind a balancer that knows at once who is gone. */
function instances(parts: Parts): string {
  // An instance does 100 requests a second, so that this many more ask for one more.
  return `
name: parts
constants: { availability.loadBalancer: 100% }
traffic: { users: { call: edge.get, rate: ${100 * parts.needed - 50}/s } }
components:
  edge: { kind: load-balancer, to: part, health: { every: 1ms, timeout: 1ms, fall: 1, rise: 1 } }
  part: { kind: service, instances: ${parts.parts}, ${fails(parts)}, operations: { get: [ { compute: 10ms } ] } }
`;
}

/** Disks that are all asked, and of which enough answer: no time is lost until that is known. */
function disks(parts: Parts): string {
  const names = Array.from({ length: parts.parts }, (_, i) => `disk-${i + 1}`);
  const calls = names.map((name) => `{ call: ${name}.get }`).join(', ');
  return `
name: parts
constants: { availability.instance: 100% }
traffic: { users: { call: array.get, rate: 1/s } }
components:
  array: { kind: service, operations: { get: [ { parallel: [ ${calls} ], wait for: ${parts.needed} } ] } }
${names.map((name) => `  ${name}: { kind: service, ${fails(parts)}, operations: { get: [ { compute: 1ms } ] } }`).join('\n')}
`;
}

const intervalOf = ({ value, low, high }: Figure): Interval => ({ value: value!, low: low!, high: high! });

function map({ value, low, high }: Interval, f: (x: number) => number): Interval {
  const [a, b] = [f(low), f(high)];
  return { value: f(value), low: Math.min(a, b), high: Math.max(a, b) };
}

/** The share of time in which too few are up, and that of the product formula beside it. */
function down(name: string, parts: Parts, availableShare: number): DirectModel {
  const paper = 1 - availableShare;
  return {
    name,
    ...(parts.crews === 1 && { quick: true }),
    expect: [
      { what: 'share of time down', paper, unit: '1', tolerance: { relative: 0.05 } },
      { what: 'the same, estimated', paper, unit: '1', tolerance: { relative: 1e-4 } },
    ],
    measure: () => {
      const lived = live(instances(parts), parts.years);
      return [map(intervalOf(lived.availability), (up) => 1 - up), 1 - lived.formula.availability!];
    },
  };
}

/**
 * Hours from all well to the first loss. Years go on after a loss, with one part short of what is needed: from there to
 * the next loss is shorter than from all well by the first failure, MTTF ÷ n.
 */
function untilLoss(name: string, parts: Parts, paper: number): DirectModel {
  return {
    name,
    expect: [{ what: 'mean time to data loss, hours', paper, unit: '1', tolerance: { relative: 0.03 } }],
    measure: () => {
      const { outages, downtime } = live(disks(parts), parts.years);
      const first = parts.mtbf / parts.parts;
      return [map(intervalOf(outages), (aYear) => (YEAR - downtime.value!) / aYear / HOUR + first)];
    },
  };
}

export const outages: readonly Case[] = [
  {
    id: 'repair-crews',
    title: 'Parts that stand in for each other, with a repair crew for each and with one for all',
    source: 'Feller, An Introduction to Probability Theory and Its Applications I (1968), §XVII.7',
    evidence: 'closed form',
    models: [
      down('1 of 2, two crews', { needed: 1, parts: 2, mtbf: 1000, mttr: 10, years: 100_000 }, 0.99990197),
      down(
        '1 of 2, one crew',
        { needed: 1, parts: 2, mtbf: 1000, mttr: 10, crews: 1, years: 100_000 },
        0.99980396,
      ),
      down('2 of 3, three crews', { needed: 2, parts: 3, mtbf: 500, mttr: 24, years: 4000 }, 0.99389882),
      down(
        '2 of 3, one crew',
        { needed: 2, parts: 3, mtbf: 500, mttr: 24, crews: 1, years: 4000 },
        0.98749443,
      ),
    ],
  },
  {
    id: 'time-to-data-loss',
    title: 'Disks that hold each other’s data: how long until too many are gone at the same time',
    source:
      'Patterson, Gibson & Katz, "A case for redundant arrays of inexpensive disks (RAID)", SIGMOD 1988 (model)',
    evidence: 'exact numerical solution',
    models: [
      untilLoss(
        'a mirrored pair, MTTF 100 h, MTTR 1 h',
        { needed: 1, parts: 2, mtbf: 100, mttr: 1, years: 20_000 },
        5150,
      ),
      untilLoss(
        'three disks, one of them parity',
        { needed: 2, parts: 3, mtbf: 100, mttr: 1, years: 10_000 },
        1750,
      ),
    ],
  },
];
