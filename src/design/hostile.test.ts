import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { type Diagnostic, formatDiagnostics, loadDesign, loadDesignObject } from './index.ts';

const options = { kinds: kinds.map((kind) => kind.describe), file: 'hostile.yaml' };

const valid = `name: shop
data:
  item: { count: 1M, size: 2kB, popularity: zipf(1.0) }
traffic:
  shoppers: { call: edge.view, rate: 100/s, key: item, timeout: 1s }
  staff: { call: web.audit, users: 50, think: exponential(10s) }
components:
  edge: { kind: load-balancer, to: web }
  web:
    kind: service
    instances: 2
    operations:
      view:
        - compute: lognormal(p50: 2ms, p99: 9ms)
        - { read: item, from: items, through: copies, timeout: 100ms }
      audit:
        - parallel: [ { call: items.read }, [ { wait: 1ms }, { compute: 1ms } ] ]
          wait for: 1
        - choose: [ { probability: 30%, do: [ { fail: bad luck } ] } ]
        - journey: { look: { do: [ { wait: 1s } ], next: { look: 80% } } }
  copies: { kind: cache, holds: item, memory: 1GB, ttl: 1h ± 10% }
  items: { kind: database, stores: [ item ] }
goals:
  shoppers: { p99: 50ms, success: 99.95% }
`;

/** A text is answered by a plan or by errors with a place in it, never by an exception. */
function expectAnswer(text: string): readonly Diagnostic[] {
  const { plan, diagnostics } = loadDesign(text, options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(plan === null).toBe(errors.length > 0);
  expect(diagnostics.length).toBeLessThanOrEqual(1_001);
  const lines = text.split('\n').length;
  for (const { line, column, message, code } of diagnostics) {
    if (code === 'too-many-problems') continue;
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toMatch(/\[object|undefined/);
  }
  expect(formatDiagnostics(diagnostics, text).length).toBeLessThan(100_000);
  return diagnostics;
}

const codesOf = (text: string) => [...new Set(expectAnswer(text).map(({ code }) => code))];

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join('');

function laughs(levels: number, width: number): string {
  const level = (i: number) =>
    `l${i}: &l${i} [${Array(width)
      .fill(i === 0 ? 'ha' : `*l${i - 1}`)
      .join(', ')}]\n`;
  return many(levels, level);
}

/** Each alias is shallow by itself and holds the one before: written out they are as deep as they are many. */
const stairs = many(200, (i) => `s${i}: &s${i} ${i === 0 ? '1' : `[[[*s${i - 1}]]]`}\n`);

describe('a hostile text ends in a clear error, quickly', () => {
  test.each<[string, string, string]>([
    ['ten megabytes', 'a: b\n'.repeat(2_000_000), 'file-too-large'],
    ['100,000 brackets', '['.repeat(100_000), 'too-deep'],
    ['100,000 braces', '{a: '.repeat(100_000), 'too-deep'],
    ['100,000 dashes in one line', '- '.repeat(100_000), 'too-deep'],
    ['100,000 question marks in one line', '? '.repeat(100_000), 'too-deep'],
    ['1,000 indents', many(1_000, (i) => `${' '.repeat(i)}a:\n`), 'too-deep'],
    ['a billion laughs', laughs(10, 10), 'too-many-values'],
    ['laughs of one level', `a: &a 1\nb: [${'*a,'.repeat(60_000)}]`, 'too-many-values'],
    ['depth hidden in aliases', stairs, 'too-deep'],
    ['100,000 keys', many(100_000, (i) => `k${i}: 1\n`), 'too-many-values'],
    ['100,000 times the same key', 'k: 1\n'.repeat(100_000), 'too-many-values'],
    ['half a million quotes', '"'.repeat(500_000), 'too-many-values'],
    ['half a million commas', `[${','.repeat(500_000)}`, 'too-many-values'],
    ['100,000 documents', '---\n'.repeat(100_000), 'too-many-values'],
    ['a megabyte of blanks', ' '.repeat(999_000), 'empty-file'],
    ['nothing', '', 'empty-file'],
    ['a byte order mark alone', '\uFEFF', 'empty-file'],
    ['a comment', '# nothing yet\n', 'empty-file'],
    ['binary', '\u0000\u0001\u0002PNG', 'not-text'],
    ['what was not UTF-8', 'name: caf\ufffd', 'not-text'],
    ['an alias to itself', 'a: &a [*a]', 'yaml-syntax'],
    ['an alias to nothing', 'a: *b', 'yaml-syntax'],
    ['a tag', 'a: !!js/function "boom"', 'yaml-syntax'],
    ['tabs', 'name:\n\tx: 1', 'yaml-syntax'],
    ['a scalar', '12', 'wrong-type'],
    ['a list', '- name: shop', 'wrong-type'],
  ])('%s', (_, text, code) => {
    expect(codesOf(text)).toContain(code);
  });

  test.each<[string, string, string]>([
    ['count: 1M', 'count: 1e300', 'out-of-range'],
    ['count: 1M', 'count: .inf', 'not-a-quantity'],
    ['count: 1M', 'count: .nan', 'not-a-quantity'],
    ['count: 1M', 'count: -5', 'out-of-range'],
    ['users: 50', 'users: 1e12', 'out-of-range'],
    ['instances: 2', 'instances: 1000000000', 'out-of-range'],
    ['instances: 2', 'instances: 0', 'out-of-range'],
    ['timeout: 100ms', 'timeout: 1e300s', 'out-of-range'],
    ['timeout: 100ms', 'timeout: -1ms', 'out-of-range'],
    ['memory: 1GB', 'memory: 0B', 'out-of-range'],
    ['wait for: 1', 'wait for: 5', 'parallel-wait-too-large'],
    ['rate: 100/s', 'rate: 0/s', 'out-of-range'],
  ])('%s written as %s', (from, to, code) => {
    expect(valid).toContain(from);
    expect(codesOf(valid.replace(from, to))).toContain(code);
  });

  test('5,000 faults: the first thousand and a count of the rest', () => {
    const text = `name: x\ncomponents:\n${many(5_000, (i) => `  c${i}: { kind: cach }\n`)}`;
    const diagnostics = expectAnswer(text);
    expect(diagnostics).toHaveLength(1_001);
    expect(diagnostics.at(-1)).toMatchObject({ code: 'too-many-problems', line: null });
    expect(formatDiagnostics(diagnostics, text)).toMatch(/… and \d+ more problems$/);
  });

  test('names that mean something to JavaScript do no harm', () => {
    const polluted = `${valid}__proto__: { polluted: yes }\nconstants: { toString: 1, hasOwnProperty: 2 }\n`;
    expect(codesOf(polluted)).toEqual(['forbidden-key', 'unknown-constant']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const renamed = valid
      .replaceAll('web', 'toString')
      .replaceAll('item', 'valueOf')
      .replaceAll('shoppers', 'hasOwnProperty');
    expect(expectAnswer(renamed)).toEqual([]);
  });
});

describe('a hostile object ends in a clear error', () => {
  const design = { name: 'x', traffic: { a: { call: 'b.c', rate: '1/s' } } };
  test('one that contains itself', () => {
    const round: Record<string, unknown> = { ...design };
    round['components'] = round;
    expect(loadDesignObject(round, options).diagnostics[0]).toMatchObject({
      code: 'too-deep',
      path: 'components',
    });
  });
  test('functions, symbols and big integers', () => {
    const odd = { ...design, name: () => 'x', summary: Symbol('x'), profile: 10n };
    const { diagnostics } = loadDesignObject(odd, options);
    expect(diagnostics.filter(({ code }) => code === 'wrong-type')).toHaveLength(3);
  });
  test('a prototype in JSON', () => {
    const { diagnostics } = loadDesignObject(JSON.parse('{"__proto__": {"name": "x"}}'), options);
    expect(diagnostics.map(({ code }) => code)).toContain('forbidden-key');
  });
  test('anything at all', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
        const { plan, diagnostics } = loadDesignObject(value, options);
        expect(plan === null).toBe(diagnostics.length > 0 || value === undefined);
      }),
    );
  });
});

describe('mutations of a valid design', () => {
  test('the design itself is valid', () => {
    expect(expectAnswer(valid)).toEqual([]);
  });

  const lines = valid.split('\n');
  const words = [...new Set(valid.match(/[\w.%±]+|[^\s\w]/g) ?? [])];

  test('any line left out, doubled, moved or indented', () => {
    const change = fc.record({
      at: fc.nat(lines.length - 1),
      to: fc.nat(lines.length - 1),
      how: fc.constantFrom('drop', 'double', 'move', 'indent', 'outdent'),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = [...lines];
        for (const { at, to, how } of changes) {
          const line = text[at] ?? '';
          if (how === 'drop') text.splice(at, 1);
          else if (how === 'double') text.splice(at, 0, line);
          else if (how === 'move') text.splice(to, 0, ...text.splice(at, 1));
          else text[at] = how === 'indent' ? `  ${line}` : line.replace(/^ {2}/, '');
        }
        expectAnswer(text.join('\n'));
      }),
      { numRuns: 100 },
    );
  });

  test('any word replaced by another of the design, or by anything', () => {
    const other = fc.oneof(
      fc.constantFrom(...words),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(words.length - 1), other), { minLength: 1, maxLength: 3 }),
        (swaps) => {
          let text = valid;
          for (const [index, word] of swaps) text = text.replace(words[index] ?? '', () => word);
          expectAnswer(text);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('any stretch cut out or overwritten', () => {
    const cut = fc.tuple(fc.nat(valid.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 10 }));
    fc.assert(
      fc.property(cut, ([at, length, text]) => {
        expectAnswer(valid.slice(0, at) + text + valid.slice(at + length));
      }),
      { numRuns: 100 },
    );
  });
});
