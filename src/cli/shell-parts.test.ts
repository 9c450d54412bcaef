import { describe, expect, test } from 'vitest';
import { healthyReport, overloadedReport, UNKNOWN_TIME } from '../report/report.fixture.ts';
import { commandLine } from './command-line.ts';
import { exitStatus, statusOf } from './exit-status.ts';
import { recordedIo } from './io.fixture.ts';
import { renderOptions } from './io.ts';
import { readPrecision, readTime, readWholeNumber } from './options.ts';
import { progressLine, progressText } from './progress.ts';

describe('colours', () => {
  const colour = (env: Record<string, string>, terminal: boolean, allowed = true) => {
    const io = recordedIo({ env, terminal });
    return renderOptions(io, io.stdout, allowed).colour;
  };

  test('are for terminals', () => {
    expect(colour({}, true)).toBe(true);
    expect(colour({}, false)).toBe(false);
    expect(colour({ TERM: 'dumb' }, true)).toBe(false);
  });

  test('NO_COLOR and --no-color forbid them, FORCE_COLOR asks for them elsewhere', () => {
    expect(colour({ NO_COLOR: '1' }, true)).toBe(false);
    expect(colour({ NO_COLOR: '' }, true)).toBe(true);
    expect(colour({}, true, false)).toBe(false);
    expect(colour({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(colour({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(colour({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false);
  });
});

describe('width', () => {
  const width = (terminal: boolean, columns?: number, COLUMNS?: string) => {
    const env = COLUMNS === undefined ? {} : { COLUMNS };
    const io = recordedIo({ terminal, env, ...(columns === undefined ? {} : { columns }) });
    return renderOptions(io, io.stdout, true).width;
  };

  test('is that of the terminal, up to 120 columns, and 80 elsewhere', () => {
    expect([width(true, 97), width(true, 300), width(true), width(false, 97)]).toEqual([97, 120, 80, 80]);
  });

  test('is what COLUMNS says where there is no terminal, or one that does not know', () => {
    expect(width(false, undefined, '100')).toBe(100);
    expect(width(false, undefined, '300')).toBe(120);
    expect(width(true, undefined, '100')).toBe(100);
    expect(width(true, 97, '100')).toBe(97);
    for (const odd of ['', '0', '-5', 'wide', '10.5']) expect(width(false, undefined, odd)).toBe(80);
  });
});

describe('option values', () => {
  test('a time has a unit and is positive', () => {
    expect(readTime('60s')).toBe(60);
    expect(readTime('5min')).toBe(300);
    expect(() => readTime('60')).toThrow(/Expected a time such as/);
    expect(() => readTime('0s')).toThrow('more than 0');
    expect(() => readTime('1s..2s')).toThrow('not a range');
  });

  test('a precision is a share below 1', () => {
    expect(readPrecision('5%')).toBe(0.05);
    expect(readPrecision('0.01')).toBe(0.01);
    expect(() => readPrecision('500%')).toThrow('below 100%');
    expect(() => readPrecision('fine')).toThrow(/Expected/);
  });

  test('a whole number has bounds', () => {
    const read = readWholeNumber(1, 64);
    expect(read('8')).toBe(8);
    for (const text of ['0', '65', '1.5', '-1', '1e1', '']) {
      expect(() => read(text)).toThrow('whole number from 1 to 64');
    }
  });
});

describe('the command that is reported', () => {
  test('leaves out what was not said, and quotes for a shell', () => {
    expect(
      commandLine(
        ['simulate', 'shop.yaml'],
        [
          ['--seed', 1],
          ['--time', undefined],
        ],
      ),
    ).toBe('tenfold simulate shop.yaml --seed 1');
    expect(commandLine(['check', "my shop's.yaml"], [])).toBe(`tenfold check 'my shop'\\''s.yaml'`);
  });
});

describe('the exit status', () => {
  const [met] = healthyReport().goals;
  const goals = (...verdicts: (boolean | 'unknown')[]) =>
    verdicts.map((verdict) => ({ ...met!, met: verdict }));

  test('is 0 when all goals are met, or there are none', () => {
    expect(statusOf(healthyReport({ goals: goals(true, true) }))).toBe(exitStatus.ok);
    expect(statusOf(healthyReport({ goals: [] }))).toBe(exitStatus.ok);
  });

  test('is 1 when one is missed', () => {
    expect(statusOf(healthyReport({ goals: goals(true, false, 'unknown') }))).toBe(exitStatus.missed);
  });

  test('is 3 when a simulation cannot tell, but an estimate may leave a goal open', () => {
    expect(statusOf(healthyReport({ goals: goals(true, 'unknown') }))).toBe(exitStatus.undecided);
    expect(statusOf(healthyReport({ kind: 'estimate', goals: goals('unknown') }))).toBe(exitStatus.ok);
  });

  test('is 1 for a system that cannot hold its load, whatever is known of its goals', () => {
    const unknown = [{ goal: 'users.p99 ≤ 1s', met: 'unknown' as const, value: UNKNOWN_TIME, target: 1 }];
    expect(statusOf({ ...overloadedReport(), goals: unknown })).toBe(exitStatus.missed);
    expect(statusOf({ ...overloadedReport(), goals: [] })).toBe(exitStatus.ok);
  });
});

describe('the progress line', () => {
  test('appears on a terminal after half a second, at most ten times a second, and is erased', () => {
    let at = 0;
    const io = recordedIo({ terminal: true, columns: 20 });
    const line = progressLine(io.stderr, () => at);
    line.show('too early');
    expect(io.err()).toBe('');
    at = 600;
    line.show('one two three four five six');
    at = 650;
    line.show('too soon');
    line.clear();
    line.clear();
    expect(io.err().split('\r').slice(1)).toEqual(['\u001b[2Kone two three four ', '\u001b[2K']);
  });

  test('tells what has been reached', () => {
    const run = { design: 'shop', done: 3, of: 10 };
    const progress = { phase: 'measuring', replications: 10, events: 1e6, precision: 0.123 } as const;
    const settling = 'shop: looking for the end of the warm-up';
    expect(progressText({ ...run, progress: null })).toBe(settling);
    expect(progressText({ ...run, progress: { ...progress, phase: 'settling' } })).toBe(settling);
    expect(progressText({ ...run, progress })).toBe('shop: 3 of 10 replications, margins so far ± 12 %');
    expect(progressText({ ...run, progress: { ...progress, precision: Number.POSITIVE_INFINITY } })).toBe(
      'shop: 3 of 10 replications',
    );
  });

  test('appears nowhere else', () => {
    const io = recordedIo();
    const line = progressLine(io.stderr, () => 1e6);
    line.show('hidden');
    line.clear();
    expect(io.err()).toBe('');
  });
});
