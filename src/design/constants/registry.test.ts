import { describe, expect, test } from 'vitest';
import { parseQuantity } from '../../quantities/index.ts';
import { constants, profiles } from './index.ts';

describe('every constant', () => {
  test.each(constants)('$name is complete and readable', ({ name, summary, dimension, values }) => {
    expect(name).toMatch(/^[a-z][A-Za-z0-9]*([.-][a-z][A-Za-z0-9]*)+$/);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(values.length).toBeGreaterThan(0);
    const places = values.map(({ profile }) => profiles.indexOf(profile));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    for (const { profile, value, source, date } of values) {
      expect(profiles).toContain(profile);
      expect(parseQuantity(value, dimension)).toMatchObject({ ok: true });
      expect(source.length).toBeGreaterThan(4);
      expect(date).toMatch(/^\d{4}(-\d{2}(-\d{2})?)?$/);
    }
  });

  test('has a name of its own', () => {
    const names = constants.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('names other constants only where they exist', () => {
    const names = new Set(constants.map(({ name }) => name));
    const roots = [...new Set(constants.map(({ name }) => name.split('.')[0]))].join('|');
    const reference = new RegExp(`\\b(?:${roots})(?:\\.[a-z][A-Za-z0-9-]*)+`, 'g');
    for (const { name, note, values } of constants) {
      const text = [note, ...values.map(({ source }) => source)].join(' ');
      for (const [found] of text.matchAll(reference)) {
        expect(names.has(found), `${name} speaks of ${found}`).toBe(true);
      }
    }
  });

  test('is plain data that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(constants))).toEqual(constants);
  });
});
