/** The ladder of `stress` beside a sweep over all loads, on ready systems. */
import { kindParts } from '../src/components/index.ts';
import { loadDesign, type Plan } from '../src/design/index.ts';
import { stress } from '../src/explain/index.ts';
import type { Rung } from '../src/report/index.ts';
import { inlineRunner } from '../src/simulate/index.ts';
import { type Case, type DirectExpectation, type DirectModel, within } from './case.ts';
import { judgedSystems, readSystem } from './ready-systems.ts';
import { type Bracket, sweep } from './sweep.ts';

/** How near the two loads must be. */
const FACTOR = within(0.1);

/** Ready systems without goals: of these, stations alone. */
const loaded = ['retry-storm'];

/** By system: why the sweep names another goal. */
const otherGoal: Readonly<Record<string, string>> = {
  'scaling-ladder':
    'Both goals fall where the queue before the database begins to grow without end. The run of the sweep counts who still waits at its end as unserved, and has no p99 to judge; the ladder sees p99 first.',
};

const goalRows: readonly DirectExpectation[] = [
  { what: 'first goal: load of the ladder ÷ of the sweep', paper: 1, unit: '1', tolerance: FACTOR },
  { what: 'the sweep misses the same goal there', paper: 1, unit: 'count', tolerance: 'exact' },
];
const stationRows: readonly DirectExpectation[] = [
  { what: 'first full station: load of the ladder ÷ of the sweep', paper: 1, unit: '1', tolerance: FACTOR },
  { what: 'its component is the one whose queue grows first', paper: 1, unit: 'count', tolerance: 'exact' },
];

function ladder(system: string, withGoals: boolean): DirectModel {
  return {
    name: system,
    expect: [...(withGoals ? explained(goalRows, otherGoal[system]) : []), ...stationRows],
    measure: async () => {
      const plan = planOf(system);
      const { simulated, estimated, described } = kindParts([]);
      const options = { described, estimated, simulated };
      const { ladder: rungs } = await stress(plan, options, {}, inlineRunner(simulated));
      const found = await sweep(plan);
      const goals = rungs.filter(({ what }) => what === 'goal');
      const stations = rungs.filter(({ what }) => what === 'station');
      const components = found.growsFirst.map(componentOf);
      return [
        ...(withGoals
          ? [
              ratio(goals[0], found.goal),
              named(goals, ({ name }) => found.goal?.what.includes(name) ?? false),
            ]
          : []),
        ratio(stations[0], found.station),
        named(stations, ({ name }) => components.includes(componentOf(name))),
      ];
    },
  };
}

function explained(
  [load, goal]: readonly DirectExpectation[],
  explanation: string | undefined,
): DirectExpectation[] {
  return [load!, explanation === undefined ? goal! : { ...goal!, explanation }];
}

/** Loads at which something gives way, one over the other. */
function ratio(rung: Rung | undefined, bracket: Bracket | null): number {
  if (rung === undefined || bracket === null) return Number.NaN;
  return (rung.at.value ?? Number.NaN) / ((bracket.low + bracket.high) / 2);
}

/** 1 where the first rung passes a test, or another whose load the ladder does not tell apart from its; else 0. */
function named(rungs: readonly Rung[], passes: (rung: Rung) => boolean): number {
  const high = rungs[0]?.at.high ?? 0;
  return rungs.some((rung) => (rung.at.low ?? 0) < high && passes(rung)) ? 1 : 0;
}

const componentOf = (station: string): string => station.slice(0, station.indexOf('.'));

function planOf(system: string): Plan {
  const { text, file } = readSystem(system);
  const { plan } = loadDesign(text, { file, kinds: kindParts([]).described });
  if (plan === null) throw new RangeError(`the design of ${system} has errors`);
  return plan;
}

export const ladders: readonly Case[] = [
  {
    id: 'ladder-sweep',
    title: 'What breaks first: the ladder beside a sweep of all loads',
    source: 'the sweep of validation/sweep.ts, in steps of 4 %, with seeds of its own',
    evidence: 'brute force',
    models: [
      ...judgedSystems.map((system) => ladder(system, true)),
      ...loaded.map((system) => ladder(system, false)),
    ],
  },
];
