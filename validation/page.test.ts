import { describe, expect, it } from 'vitest';
import type { Case } from './case.ts';
import { renderPage, tally } from './page.ts';
import type { Judged, Row } from './row.ts';
import { differenceText, figureText, numberText, toleranceText } from './text.ts';

const exact = (value: number): Judged => ({ value, low: value, high: value, verdict: 'hit' });
const row: Row = {
  caseId: 'mm1',
  model: 'ρ = 0.8',
  what: 'mean response',
  unit: 's',
  paper: 0.05,
  tolerance: { relative: 0.01 },
  estimate: exact(0.05),
  ours: { value: 0.0501234, low: 0.0499, high: 0.0503, verdict: 'hit' },
  verdict: 'hit',
  explanation: '',
};
const miss: Row = { ...row, model: 'ρ = 0.9', verdict: 'miss', explanation: 'the paper rounds' };
const mm1: Case = {
  id: 'mm1',
  title: 'M/M/1',
  source: 'Kleinrock 1975',
  evidence: 'closed form',
  models: [],
};
const absent: Case = { ...mm1, id: 'absent', title: 'Not run' };

describe('the page', () => {
  const page = renderPage([{ title: 'One server', cases: [mm1, absent] }], [row, miss], 1);

  it('says how to write it again', () => {
    expect(page.split('\n')[0]).toContain('npm run validate');
  });

  it('has a line for every figure, with the interval of ours', () => {
    expect(page).toContain(
      '| ρ = 0.8 | mean response | 0.05 s | 0.05 s | 0.05012 ± 0.00020 s | +0.25 % | 1 % | hit |',
    );
  });

  it('lists what is not a hit, with the reason', () => {
    expect(page).toContain('| [mm1](#mm1) | ρ = 0.9 | mean response | miss | the paper rounds |');
    expect(page).not.toContain('There is no miss');
  });

  it('counts how often the paper is inside our interval, apart where it is not exact', () => {
    expect(page).toContain('Of 1 simulated figures, 1 (100 %) have the paper');
    expect(page).toContain('\n1 more the paper is a limit');
  });

  it('leaves out cases that were not run', () => {
    expect(page).not.toContain('Not run');
  });

  it('counts the verdicts', () => {
    expect(tally([row, miss])).toEqual({ hit: 1, imprecise: 0, miss: 1, unknown: 0, skipped: 0 });
  });
});

describe('texts', () => {
  it('write a figure with two digits of its half-width', () => {
    expect(figureText({ value: 9.123456, low: 9.02, high: 9.22, verdict: 'hit' }, 's')).toBe('9.12 ± 0.10 s');
    expect(figureText(exact(1 / 3), '1')).toBe('0.333333');
    expect(figureText(null, '1')).toBe('');
  });

  it('write numbers in base units, counts in full', () => {
    expect(numberText(4214303232, 'count')).toBe('4214303232');
    expect(numberText(0.0888194986556, '1')).toBe('0.0888195');
    expect(numberText(null, 's')).toBe('–');
  });

  it('write tolerances as they are judged', () => {
    expect(toleranceText({ relative: 0.02 }, 's')).toBe('2 %');
    expect(toleranceText({ absolute: 0.003 }, '1')).toBe('± 0.003');
    expect(toleranceText('exact', '1')).toBe('exact');
  });

  it('write the difference with its sign, where it can be had', () => {
    expect(differenceText({ ...row, ours: exact(0.049) })).toBe('−2 %');
    expect(differenceText({ ...row, ours: exact(0.05) })).toBe('0 %');
    expect(differenceText({ ...row, paper: 0 })).toBe('');
    expect(differenceText({ ...row, ours: null })).toBe('');
  });
});
