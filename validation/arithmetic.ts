/** Laws that need no run: scaling and availability, as the estimator knows them. */
import { amdahl, downtime, gustafson, kOfN, parallel, series } from '../src/estimate/index.ts';
import type { Case, DirectExpectation, DirectModel, Tolerance } from './case.ts';

/** A table of figures: what it is, the paper's, ours. */
type Line = readonly [what: string, paper: number, ours: () => number];

function table(
  name: string,
  unit: DirectExpectation['unit'],
  tolerance: Tolerance,
  lines: readonly Line[],
): DirectModel {
  return {
    name,
    quick: true,
    expect: lines.map(([what, paper]) => ({ what, paper, unit, tolerance })),
    measure: () => lines.map(([, , ours]) => ours()),
  };
}

const minute = 60;
const month = 30 * 86_400;

function nines(availability: number, minutesYear: number, minutesMonth: number): Line[] {
  return [
    [`${availability * 100} % a year`, minutesYear * minute, () => downtime(availability)],
    [`${availability * 100} % a month`, minutesMonth * minute, () => downtime(availability, month)],
  ];
}

const majority = (nodes: number, up: number): number =>
  1 - kOfN(Math.floor(nodes / 2) + 1, Array(nodes).fill(up));
const webAndStore = [0.9995, 0.9999];

export const arithmetic: readonly Case[] = [
  {
    id: 'nines',
    title: 'Downtime by number of nines',
    source: 'Beyer et al., Site Reliability Engineering (2016), appendix A; a month of 30 days',
    evidence: 'published figure and closed form',
    models: [
      table('downtime', 's', 'exact', [
        ...nines(0.99, 5256, 432),
        ...nines(0.999, 525.6, 43.2),
        ...nines(0.9995, 262.8, 21.6),
        ...nines(0.9999, 52.56, 4.32),
        ...nines(0.99999, 5.256, 0.432),
      ]),
    ],
  },
  {
    id: 'composite-availability',
    title: 'Availability of parts in a chain and side by side',
    source: 'Microsoft Azure documentation, composite service levels (99.94 %, 99.95 %)',
    evidence: 'published figure and closed form',
    models: [
      table('web 99.95 %, database 99.99 %', '1', { absolute: 1e-9 }, [
        ['in a chain', 0.99940005, () => series(webAndStore)],
        ['database or queue (99.9 %)', 0.9999999, () => parallel([0.9999, 0.999])],
        ['web, then database or queue', 0.99949990005, () => series([0.9995, parallel([0.9999, 0.999])])],
        [
          'two copies of the chain',
          1 - (1 - 0.99940005) ** 2,
          () => parallel([series(webAndStore), series(webAndStore)]),
        ],
      ]),
    ],
  },
  {
    id: 'quorum-availability',
    title: 'A majority of the nodes is up',
    source: 'Barbara & Garcia-Molina, ACM TOCS 5(1) 1987 (model); binomial (figures)',
    evidence: 'closed form',
    models: [
      table('share of time without a majority', '1', { relative: 1e-4 }, [
        ['3 nodes of 99 %', 2.98e-4, () => majority(3, 0.99)],
        ['5 nodes of 99 %', 9.8506e-6, () => majority(5, 0.99)],
        ['3 nodes of 90 %', 0.028, () => majority(3, 0.9)],
        ['5 nodes of 90 %', 0.00856, () => majority(5, 0.9)],
        ['7 nodes of 90 %', 0.002728, () => majority(7, 0.9)],
      ]),
    ],
  },
  {
    id: 'speed-up-formulas',
    title: 'Speed-up on n processors, by formula',
    source: 'Amdahl, AFIPS 1967; Gustafson, CACM 31(5) 1988',
    evidence: 'closed form',
    models: [
      table('Amdahl', '1', 'exact', [
        ['95 % parallel, n = 10', 6.89655172414, () => amdahl(0.95, 10)],
        ['95 % parallel, n = 100', 16.8067226891, () => amdahl(0.95, 100)],
        ['90 % parallel, n = 10', 5.26315789474, () => amdahl(0.9, 10)],
        ['99 % parallel, n = 64', 39.263803681, () => amdahl(0.99, 64)],
      ]),
      table('Gustafson', '1', 'exact', [['5 % serial, n = 64', 60.85, () => gustafson(0.05, 64)]]),
    ],
  },
];
