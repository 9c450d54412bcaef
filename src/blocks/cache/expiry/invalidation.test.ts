import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NamespaceVersions,
  type NamespaceVersionsState,
  NegativeCache,
  type NegativeCacheState,
  TagIndex,
  type TagIndexState,
} from './index.ts';

function copied<T>(state: T): T {
  return JSON.parse(JSON.stringify(state)) as T;
}

describe('NegativeCache', () => {
  it('NG-1 to NG-4 believes an absence for its time, unless the key was found', () => {
    const cache = new NegativeCache({ ttl: 10, maxKeys: 2 });
    expect(cache.isAbsent(1, 0)).toBe(false);
    cache.noteAbsent(1, 0);
    expect(cache.isAbsent(1, 9.9)).toBe(true);
    expect(cache.isAbsent(1, 10)).toBe(false);
    expect(cache.size).toBe(0);
    cache.noteAbsent(1, 20);
    expect(cache.notePresent(1)).toBe(true);
    expect(cache.notePresent(1)).toBe(false);
    expect(cache.isAbsent(1, 20)).toBe(false);
    for (const key of [1, 2, 3]) cache.noteAbsent(key, 20);
    expect([1, 2, 3].map((key) => cache.isAbsent(key, 20))).toEqual([false, true, true]);
    cache.noteAbsent(4, 3600);
    expect(cache.isAbsent(4, 30)).toBe(true);
    expect(cache.isAbsent(4, 40)).toBe(false);
    const again = NegativeCache.restore({ ttl: 10, maxKeys: 2 }, copied(cache.snapshot()));
    expect(again.snapshot()).toEqual(cache.snapshot());
  });

  it('names what is wrong', () => {
    expect(() => new NegativeCache({ ttl: Number.NaN, maxKeys: 1 })).toThrow(/ttl must be ≥ 0, got NaN/);
    expect(() => new NegativeCache({ ttl: 1, maxKeys: 2 ** 53 })).toThrow(/maxKeys/);
    const cache = new NegativeCache({ ttl: 1, maxKeys: 1 });
    expect(() => cache.noteAbsent(0.5, 0)).toThrow(/key must be a whole number/);
    expect(() => cache.noteAbsent(1, Number.POSITIVE_INFINITY)).toThrow(/now must be/);
    const bad = { version: 1, count: -1, rows: [] } as unknown as NegativeCacheState;
    expect(() => NegativeCache.restore({ ttl: 1, maxKeys: 1 }, bad)).toThrow(/contradicts itself/);
  });
});

describe('NamespaceVersions', () => {
  it('NV-1, NV-2, NV-3 never makes an old key again, whatever is bumped and forgotten', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'toString'), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 4 }), (steps, maxNamespaces) => {
        let versions = new NamespaceVersions({ maxNamespaces, firstVersion: 0 });
        const current = new Map<string, number>();
        const retired = new Set<number>();
        for (const [namespace, bump, save] of steps) {
          const before = current.get(namespace);
          if (bump && before !== undefined) retired.add(before);
          const version = bump ? versions.bump(namespace) : versions.version(namespace);
          expect(retired.has(version)).toBe(false);
          if (before !== undefined && version !== before) retired.add(before);
          for (const [other, held] of current) if (other !== namespace) expect(held).not.toBe(version);
          current.set(namespace, version);
          expect(versions.version(namespace)).toBe(version);
          expect(versions.size).toBeLessThanOrEqual(maxNamespaces);
          if (save) versions = NamespaceVersions.restore({ maxNamespaces }, copied(versions.snapshot()));
        }
      }),
    );
  });

  it('NV-4 makes different keys for different pairs', () => {
    const name = fc.string({ unit: fc.constantFrom('a', ':', '1'), maxLength: 4 });
    fc.assert(
      fc.property(name, name, name, name, (namespace, key, otherNamespace, otherKey) => {
        const versions = new NamespaceVersions({ maxNamespaces: 9 });
        const same = namespace === otherNamespace && key === otherKey;
        expect(versions.keyOf(namespace, key) === versions.keyOf(otherNamespace, otherKey)).toBe(same);
      }),
    );
  });

  it('names what is wrong', () => {
    expect(() => new NamespaceVersions({ maxNamespaces: 0 })).toThrow(/maxNamespaces/);
    expect(() => new NamespaceVersions({ maxNamespaces: 1, firstVersion: -1 })).toThrow(/firstVersion/);
    const good = { version: 1, nextVersion: 3, namespaces: [['a', 1]] };
    for (const bad of [
      { ...good, version: 0 },
      { ...good, nextVersion: 1 },
      {
        ...good,
        namespaces: [
          ['a', 1],
          ['b', 1],
        ],
      },
      {
        ...good,
        namespaces: [
          ['a', 1],
          ['b', 2],
        ]
          .slice(0, 1)
          .concat([['a', 2]]),
      },
      { ...good, namespaces: ['a'] },
      { ...good, namespaces: [[1, 1]] },
    ]) {
      const state = bad as unknown as NamespaceVersionsState;
      expect(() => NamespaceVersions.restore({ maxNamespaces: 3 }, state)).toThrow(RangeError);
    }
  });
});

describe('TagIndex', () => {
  it('TG-1 to TG-4 never loses a key that has a tag without handing it to the caller', () => {
    const tags = fc.array(fc.constantFrom('p', 'q', 'r', 's', 't'), { maxLength: 4 });
    const step = fc.record({
      op: fc.constantFrom('tag', 'tag', 'invalidate', 'forget', 'snapshot'),
      key: fc.nat({ max: 8 }),
      tags,
    });
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 12 }), (steps, maxPairs) => {
        let index = new TagIndex<number>({ maxPairs });
        const model = new Map<number, Set<string>>();
        for (const { op, key, tags } of steps) {
          if (op === 'tag') {
            model.set(key, new Set(tags));
            for (const lost of index.tag(key, tags)) expect(model.delete(lost)).toBe(true);
          } else if (op === 'invalidate') {
            const tag = tags[0] ?? 'p';
            const expected = [...model].filter(([, own]) => own.has(tag)).map(([key]) => key);
            expect(index.invalidate(tag).toSorted()).toEqual(expected.toSorted());
            for (const key of expected) model.delete(key);
          } else if (op === 'forget') {
            expect(index.forget(key)).toBe((model.get(key)?.size ?? 0) > 0);
            model.delete(key);
          } else index = TagIndex.restore({ maxPairs }, copied(index.snapshot()));
          const pairs = [...model.values()].reduce((sum, own) => sum + own.size, 0);
          expect(index.size).toBe(pairs);
          expect(index.size).toBeLessThanOrEqual(maxPairs);
        }
      }),
    );
  });

  it('names what is wrong', () => {
    expect(() => new TagIndex({ maxPairs: 0 })).toThrow(/maxPairs must be a whole number from 1/);
    for (const tags of [
      [['a', []]],
      [['a', [1, 1]]],
      [
        ['a', [1]],
        ['a', [2]],
      ],
      [['a', [1, 2, 3]]],
      [7],
    ]) {
      const state = { version: 1, tags } as unknown as TagIndexState<number>;
      expect(() => TagIndex.restore({ maxPairs: 2 }, state)).toThrow(/contradicts itself/);
    }
    const index = new TagIndex<string>({ maxPairs: 2 });
    index.tag('k', ['a']);
    index.clear();
    expect(index.invalidate('a')).toEqual([]);
  });
});
