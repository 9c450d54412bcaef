import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../source.ts';
import { type Edit, edited, editedText, SharedPlace } from './index.ts';

const read = (text: string): unknown => readSource(text, 'test').value;

/** Makes edits in text, holds them against the same edits of the values, and gives the text. */
function both(text: string, edits: readonly Edit[]): string {
  const written = editedText(text, edits);
  expect(read(written)).toEqual(edited(read(text), edits));
  return written;
}

/** Lines that are new or changed. */
function touched(before: string, after: string): string[] {
  const left = new Map<string, number>();
  for (const line of before.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  return after.split('\n').filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

const SYSTEMS = new URL('../../../systems/', import.meta.url).pathname;
const files = readdirSync(SYSTEMS, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);

describe('edits of a design', () => {
  test.each(files)('E1 of %s change the lines that they are about, and no other', (file) => {
    const text = readFileSync(join(SYSTEMS, file), 'utf8');
    const design = read(text) as {
      components: Record<string, { operations?: Record<string, Record<string, unknown>[]> }>;
      decisions?: unknown[];
    };
    for (const [name, component] of Object.entries(design.components)) {
      const after = both(text, [{ path: ['components', name, 'zone'], value: 'a' }]);
      expect(touched(text, after).length).toBe(1);
      expect(after).toContain('zone: a');
      for (const [operation, steps] of Object.entries(component.operations ?? {})) {
        const path = ['components', name, 'operations', operation];
        for (const i of steps.keys()) {
          const option = both(text, [{ path: [...path, i, 'retry'], value: { attempts: 2, budget: '10%' } }]);
          expect(touched(text, option).length).toBe(1);
          const verb = Object.keys(steps[i]!)[0]!;
          expect(touched(text, both(text, [{ path: [...path, i, verb], value: 'other' }])).length).toBe(1);
        }
        expect(
          touched(text, both(text, [{ path: [...path, steps.length], value: { wait: '1ms' } }])).length,
        ).toBe(1);
      }
    }
    const added = both(text, [{ path: ['components', 'spare'], value: { kind: 'cache', items: 10 } }]);
    expect(touched(text, added)).toEqual(['  spare: { kind: cache, items: 10 }']);
    const decision = { chose: 'a: b', over: '# none', because: 'x', costs: "it's $5" };
    const path = ['decisions', ...(design.decisions === undefined ? [] : [design.decisions.length])];
    const decided = both(text, [{ path, value: path.length > 1 ? decision : [decision] }]);
    const lines = touched(text, decided).filter((line) => line !== '');
    expect(lines.length).toBe(design.decisions === undefined ? 5 : 4);
  });

  test('E2 comments, laws, ends of lines and what comes after stay', () => {
    const text =
      'a: { b: lognormal(p50: 1ms, p99: 2ms), c: 1 } # why\r\nd:\r\n  - e: 2   # two\r\n\r\n# end\r\n';
    expect(both(text, [{ path: ['a', 'c'], value: 3 }])).toBe(text.replace('c: 1', 'c: 3'));
    expect(both(text, [{ path: ['a', 'x'], value: [1] }])).toBe(text.replace('c: 1', 'c: 1, x: [ 1 ]'));
    expect(both(text, [{ path: ['d', 0, 'f'], value: 'y' }])).toBe(
      text.replace('# two\r\n', '# two\r\n    f: y\r\n'),
    );
    expect(both(text, [{ path: ['d', 1], value: { g: 1, h: 'exponential(5ms)' } }])).toBe(
      text.replace('# two\r\n', '# two\r\n  - g: 1\r\n    h: exponential(5ms)\r\n'),
    );
    expect(both('a: {}', [{ path: ['a', 'b'], value: 1 }])).toBe('a: { b: 1 }');
    expect(both('a: >-\n  long\n  text\nb: 1\n', [{ path: ['a'], value: 'short' }])).toBe('a: short\nb: 1\n');
    expect(both('a: 1', [{ path: ['b'], value: { c: null, d: true } }])).toBe(
      'a: 1\nb: { c: null, d: true }',
    );
  });

  test('E3 JSON stays JSON', () => {
    const text = '{\n  "a": { "b": 1 },\n  "c": []\n}\n';
    const after = both(text, [
      { path: ['a', 'd'], value: { e: 'f' } },
      { path: ['c', 0], value: 'g' },
      { path: ['a', 'b'], value: 2 },
    ]);
    expect(JSON.parse(after)).toEqual({ a: { b: 2, d: { e: 'f' } }, c: ['g'] });
  });

  test('E4 what several places share is not changed behind their back', () => {
    const text = 'a: &x { b: 1 }\nc: *x\nd: { <<: *x, e: 2 }\n';
    expect(() => editedText(text, [{ path: ['c', 'b'], value: 2 }])).toThrow(SharedPlace);
    expect(() => editedText(text, [{ path: ['d', 'b'], value: 2 }])).toThrow(SharedPlace);
    expect(() => editedText(text, [{ path: ['a', 'b'], value: 2 }])).toThrow(SharedPlace);
  });

  test('E6 without a value a key goes, with its line where it has one', () => {
    const gone = (text: string, ...path: string[]) => both(text, [{ path }]);
    expect(gone('a: 1 # one\nb:\n  c: 2\n  d: [ 3,\n    4 ]\n# five\ne: 5\n', 'b', 'd')).toBe(
      'a: 1 # one\nb:\n  c: 2\n# five\ne: 5\n',
    );
    expect(gone('a: 1 # one\nb: 2', 'a')).toBe('b: 2');
    expect(gone('a: 1\nb: 2', 'b')).toBe('a: 1\n');
    expect(gone('{ a: 1, b: { c: 2 }, d: 3 }', 'b')).toBe('{ a: 1, d: 3 }');
    expect(gone('{ a: 1, b: 2 }', 'a')).toBe('{ b: 2 }');
    expect(gone('{\n  "a": 1,\n  "b": 2\n}', 'b')).toBe('{\n  "a": 1\n}');
    for (const [text, path] of [
      ['a: { b: 1 }', ['a', 'b']],
      ['a: [ 1 ]', ['a', 0]],
      ['a: 1', ['b']],
    ] as const) {
      expect(() => editedText(text, [{ path }])).toThrow(RangeError);
      expect(() => edited(read(text), [{ path }])).toThrow(RangeError);
    }
  });

  test('E5 a path that leads nowhere is an error', () => {
    for (const path of [['b', 'c'], ['a', 0], [], ['a', 'b', 'c']]) {
      if (path.length > 0) expect(() => edited({ a: { b: 1 } }, [{ path, value: 1 }])).toThrow(RangeError);
      expect(() => editedText('a: { b: 1 }', [{ path, value: 1 }])).toThrow(RangeError);
    }
  });
});
