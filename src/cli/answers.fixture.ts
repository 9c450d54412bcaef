import type { AdviceReport, CompareReport, Figure, TuningReport } from '../report/index.ts';

/** Answers by hand, with names as hostile as one likes: runs that look for them take long. */

const figure = (value: number | null, unit: Figure['unit'], half = 0): Figure => ({
  value,
  low: value === null ? null : value - half,
  high: value === null ? null : value + half,
  unit,
});
const times = (low: number | null, high: number | null): Figure => ({
  value: low === null || high === null ? null : (low + high) / 2,
  low,
  high,
  unit: '1',
});

/** Moves of all sorts: at a price, for nothing, at a price nobody knows, against failures. */
export function adviceOf(design: string, component: string): AdviceReport {
  const move = { chose: `${component}: cores 8`, over: 'cores 2', because: `${component} gives way first` };
  const said = { ...move, sacrifices: 'a larger machine, and there is a largest', edits: [], steps: [] };
  const load = {
    ...said,
    helps: 'load',
    downtime: null,
    keeps: [],
    loses: [],
    next: `${component}.cpu is full`,
  } as const;
  return {
    schema: 'tenfold/advice@1',
    design,
    seed: 1,
    version: '1.0.0',
    command: 'tenfold advise design.yaml --seed 1',
    scenario: null,
    most: 100,
    headroom: times(1.4, 1.8),
    because: [`${component}.cpu is full`, 'users.p99 > 60ms'],
    cost: 400,
    unpriced: ['mails'],
    broken: [],
    advice: [
      {
        ...load,
        rank: 1,
        name: `${component}.queue`,
        headroom: times(2, 2.2),
        gain: times(0.2, 0.8),
        cost: 0,
        gainPerHundred: null,
      },
      {
        ...load,
        rank: 2,
        name: `${component}.cores`,
        headroom: times(7.3, 8.7),
        gain: times(5.5, 7.3),
        cost: 390,
        gainPerHundred: times(1.4, 1.9),
      },
      {
        ...load,
        rank: 3,
        name: `${component}-cdn`,
        headroom: times(60, null),
        gain: times(58.2, null),
        cost: null,
        gainPerHundred: null,
        next: null,
      },
      {
        ...said,
        rank: 4,
        name: `${component} (a second)`,
        helps: 'availability',
        headroom: null,
        gain: null,
        cost: 140,
        gainPerHundred: null,
        downtime: { before: figure(3e5, 's', 5e3), after: figure(200, 's', 40), spared: [component] },
        keeps: [],
        loses: [],
        next: null,
      },
    ],
    rejected: [
      { ...said, name: `${component} calls.retry`, why: 'what it changes is less than the runs can tell' },
    ],
    runs: 30,
    notes: ['a note of the advice'],
  };
}

/** A frontier of three settings, one goal that is nearly missed, and one that is missed far. */
export function tuningOf(design: string, component: string): TuningReport {
  const setting = (cores: number, cost: number, p99: number, keepsAll: boolean) => ({
    values: [cores, 'round-robin'],
    cost,
    p99: { users: figure(p99, 's', p99 / 20), others: figure(2 * p99, 's', p99 / 10) },
    goals: [
      {
        goal: 'users.p99 ≤ 60ms',
        scenario: null,
        met: keepsAll,
        value: figure(p99, 's', p99 / 20),
        target: 0.06,
        slack: figure(1 - p99 / 0.06, '1', p99 / 1.2),
      },
      {
        goal: 'users.success ≥ 99.9%',
        scenario: component,
        met: 'unknown' as const,
        value: figure(0.9, '1', 0.01),
        target: 0.999,
        slack: figure(-99, '1', 10),
      },
      {
        goal: 'others.success ≥ 99%',
        scenario: null,
        met: 'unknown' as const,
        value: figure(null, '1'),
        target: 0.99,
        slack: figure(null, '1'),
      },
    ],
    keepsAll,
  });
  const best = setting(3, 395, 0.032, true);
  return {
    schema: 'tenfold/tuning@1',
    design,
    seed: 1,
    version: '1.0.0',
    command: 'tenfold tune design.yaml --seed 1',
    load: 2,
    scenarios: [],
    knobs: [
      {
        name: `${component}.cores`,
        from: '1',
        to: '8',
        values: 8,
        now: '2',
        chosen: '3',
        costs: true,
        path: [],
      },
      {
        name: `${component}.algorithm`,
        from: 'round-robin',
        to: 'least-connections',
        values: 2,
        now: null,
        chosen: 'round-robin',
        costs: false,
        path: [],
      },
    ],
    now: setting(2, 360, 0.059, false),
    best,
    check: { seed: 7, held: true, goals: best.goals },
    frontier: [setting(2, 360, 0.059, false), best, setting(8, 930, 0.0259, true)],
    conflict: [{ goal: 'users.p99 ≤ 60ms', scenario: component, without: 100 }],
    unpriced: [],
    settings: 5,
    runs: 7,
    notes: ['a note of the tuning'],
  };
}

/** Figures of every effect: from nothing, to nothing, over orders of magnitude, with an interval beyond nothing. */
export function compareOf(first: string, second: string): CompareReport {
  const row = (
    name: string,
    before: number | null,
    change: number | null,
    effect: CompareReport['comparisons'][number]['rows'][number]['effect'],
    half = 0,
  ) => ({
    group: 'traffic' as const,
    name,
    before: figure(before, 's'),
    after: figure(before === null || change === null ? null : before + change, 's'),
    difference: figure(change, 's', half),
    effect,
  });
  const rows = [
    row('users.p99', 0.1, 0.9, 'worse', 0.05),
    row('users.p50', 0.1, -0.099, 'better', 0.01),
    row('users.mean', 0.1, -0.1, 'better'),
    row('web.cpu.waiting', 0, 0.1, 'worse'),
    row('web.cpu.busy', 0.2, 0.01, 'more', 0.001),
    row('web.cpu.alike', 0.2, 0.001, 'alike', 0.002),
    row('fresh.p99', null, null, 'new'),
    row('hidden.p99', 0.1, null, 'unknown'),
  ];
  const cost = {
    group: 'cost' as const,
    name: 'cost.total',
    before: figure(400, '$'),
    after: figure(569, '$'),
    difference: figure(169, '$'),
    effect: 'worse' as const,
  };
  const goals = [
    { goal: 'users.p99 ≤ 60ms', before: true, after: false },
    { goal: 'users.success ≥ 99%', before: null, after: 'unknown' as const },
  ];
  const keyMoves = [
    {
      component: second,
      called: 'shards',
      before: 2,
      after: 3,
      by: { before: 'hash', after: 'hash' },
      share: figure(0.66, '1', 0.01),
      bytes: figure(4e9, 'B'),
    },
  ];
  return {
    schema: 'tenfold/compare@1',
    designs: [first, second, 'third.yaml'],
    scenario: null,
    seed: 1,
    pairs: 10,
    version: '1.0.0',
    command: 'tenfold compare a.yaml b.yaml --seed 1',
    comparisons: [
      {
        design: second,
        goals,
        rows: [...rows, cost],
        singlePoints: { added: [second], removed: ['web'] },
        keyMoves,
      },
      { design: 'third.yaml', goals: [], rows: [], singlePoints: { added: [], removed: [] }, keyMoves: [] },
    ],
    notes: ['a note of the comparison'],
  };
}
