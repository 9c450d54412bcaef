import { describe, expect, test } from 'vitest';
import { createBackoff, createBalancer, createCache, createRateLimiter } from '../blocks/index.ts';
import { kinds } from '../components/index.ts';
import { loadDesign } from './load.ts';
import { type OwnBlocks, requireOwnBlocks } from './own-blocks.ts';

const blocks: OwnBlocks = {
  evict: { 'second-chance': (options) => createCache('clock', options) },
  balance: { coldest: (targets) => createBalancer('random', targets) },
  backoff: { fibonacci: () => createBackoff({ kind: 'none' }) },
};

const load = (text: string, own?: OwnBlocks) =>
  loadDesign(text, {
    file: 'own.yaml',
    kinds: kinds.map((kind) => kind.describe),
    ...(own && { blocks: own }),
  });

const design = (evict: string, algorithm: string, backoff: string) => `name: own
data: { page: { count: 2000, size: 1KB } }
traffic: { users: { call: edge.show, rate: 10/s, key: page } }
components:
  edge: { kind: load-balancer, to: web, algorithm: ${algorithm} }
  web:
    kind: service
    instances: 2
    operations:
      show:
        - compute: 1ms
        - parallel:
            - - read: page
                from: pages
                through: copies
                retry: { attempts: 2, backoff: ${backoff} }
            - wait: 1ms
  copies: { kind: cache, holds: page, items: 100, evict: ${evict} }
  pages: { kind: database, stores: [ page ] }
`;

describe('names of blocks in a design', () => {
  test('are those of the built-in ones and of the own ones', () => {
    const { plan, diagnostics } = load(design('second-chance', 'coldest', 'fibonacci'), blocks);
    expect(diagnostics).toEqual([]);
    expect(plan!.components.find(({ name }) => name === 'copies')!.settings['evict']).toBe('second-chance');
    expect(load(design('lru', 'random', 'none'), blocks).diagnostics).toEqual([]);
  });

  test('that are neither are all reported, each with its place and the nearest of both', () => {
    const { plan, diagnostics } = load(design('second-chanse', 'coldst', 'fibonaci'), blocks);
    expect(plan).toBeNull();
    expect(diagnostics.map(({ code, line, column, hint }) => [code, line, column, hint])).toEqual([
      ['unknown-value', 5, 52, 'did you mean coldest?'],
      ['unknown-value', 16, 48, 'did you mean fibonacci?'],
      ['unknown-value', 18, 58, 'did you mean second-chance?'],
    ]);
    expect(diagnostics[0]).toMatchObject({
      message: '`algorithm` has no choice `coldst`',
      found: 'coldst',
      expected: expect.stringMatching(/^one of random, .*, maglev, coldest$/),
    });
  });

  test('are not those of own blocks that nobody handed in, nor of another theme', () => {
    const { diagnostics } = load(design('coldest', 'lru', 'fibonacci'));
    expect(diagnostics.map(({ path }) => path)).toEqual([
      'components.edge.algorithm',
      'components.web.operations.show[1].parallel[0][0].retry.backoff',
      'components.copies.evict',
    ]);
  });

  test('are looked for in a limit too', () => {
    const limited = design('lru', 'random', 'none }\n                limit: { rate: 1/s, algorithm: leaky');
    expect(load(limited).diagnostics).toMatchObject([{ code: 'unknown-value', found: 'leaky' }]);
    const own: OwnBlocks = {
      limit: { leaky: () => createRateLimiter('leaky-bucket', { rate: 1, capacity: 1 }) },
    };
    expect(load(limited, own).diagnostics).toEqual([]);
  });

  test('must be words', () => {
    const { diagnostics } = load(design('[ lru ]', '3', 'none'), blocks);
    expect(diagnostics.map(({ code, path }) => [code, path])).toEqual([
      ['wrong-type', 'components.edge.algorithm'],
      ['wrong-type', 'components.copies.evict'],
    ]);
  });
});

describe('blocks that cannot stand beside the built-in ones', () => {
  const create = () => createCache('lru', { capacity: 1 });

  test.each<[string, unknown, string]>([
    ['a list', [], 'blocks must be a map of themes'],
    [
      'an unknown theme',
      { eviction: { x: create } },
      'of the themes evict, balance, backoff, limit, got eviction',
    ],
    ['a theme that is no map', { evict: create }, 'blocks.evict must be a map of functions by name'],
    [
      'a built-in name',
      { evict: { lru: create } },
      'blocks.evict.lru must have another name: lru is a built-in one',
    ],
    [
      'a name that cannot be written',
      { evict: { 'my own': create } },
      'must be called by a letter, then letters, digits, - and _, got "my own"',
    ],
    ['a block instead of its maker', { evict: { x: create() } }, 'blocks.evict.x must be a function'],
  ])('%s', (_, own, message) => {
    expect(() => requireOwnBlocks(own)).toThrow(message);
    expect(() => load(design('lru', 'random', 'none'), own as OwnBlocks)).toThrow(message);
  });
});
