import { describe, expect, test } from 'vitest';
import { tableLines } from './table.ts';
import { themeOf } from './theme.ts';

const name = (end: string) => `${'recommendations-for-people-like-you-'.repeat(2)}${end}`;
const columns = [{ head: '', align: 'left' }, { head: 'busy' }, { head: 'queue' }] as const;
const lines = (names: readonly string[], width: number, colour = false) =>
  tableLines(
    columns,
    names.map((each, i) => [each, `${i} %`, '1,234']),
    themeOf({ width, colour }),
    { indent: 2, narrow: 'drop' },
  );

describe('long names in tables of the terminal', () => {
  test('LNG-1 lose their middle where the table is too wide, and it stays a table', () => {
    const [head, first, second] = lines([name('one.cpu'), name('two.cpu')], 80);
    expect(head).toMatch(/busy +queue$/);
    expect(first).toMatch(/^ {2}recommendations\S*…\S*one\.cpu +0 % +1,234$/);
    expect(second).toMatch(/…\S*two\.cpu +1 % +1,234$/);
    expect(Math.max(...[first!, second!].map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('LNG-2 are whole where there is room', () => {
    expect(lines([name('one.cpu')], 120)[1]).toContain(name('one.cpu'));
  });

  test('LNG-3 that only their middle tells apart are whole in a list', () => {
    const middle = (letter: string) => `${'a'.repeat(35)}${letter}${'b'.repeat(35)}`;
    const text = lines([middle('x'), middle('y')], 80).join('\n');
    expect(text).toContain(middle('x'));
    expect(text).toContain(middle('y'));
  });
});
