import { describe, expect, test } from 'vitest';
import { loadDesignObject } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { kindParts } from './index.ts';

const parts = kindParts();

const design = (kind: object, constants: object = {}) => ({
  name: 'machines',
  constants,
  data: { item: { count: 1000, size: '1KB' } },
  traffic: { users: { call: 'api.ask', rate: '50/s', key: 'item' } },
  components: {
    api: {
      kind: 'service',
      ...kind,
      operations: { ask: [{ compute: '2ms' }, { read: 'item', from: 'store' }] },
    },
    store: { kind: 'database', stores: 'item' },
  },
});
const load = (value: unknown) => loadDesignObject(value, { kinds: parts.described });
const found = (value: unknown) => load(value).diagnostics.map(({ code, path }) => `${code} ${path}`);

describe('the largest machine', () => {
  test('MCH-1 more cores than it has are warned of where they are written, for each kind that has cores', () => {
    expect(found(design({ cores: 896 }))).toEqual([]);
    expect(found(design({ cores: 897 }))).toEqual(['beyond-largest components.api.cores']);
    const larger = { 'cap.machine.cores': 1920 };
    expect(found(design({ cores: 897 }, larger))).toEqual([]);
    expect(found(design({ cores: 1921 }, larger))).toEqual(['beyond-largest components.api.cores']);
    const both = design({ cores: 8 });
    const store = { ...both.components.store, cores: 193 };
    const { diagnostics } = load({ ...both, components: { ...both.components, store } });
    expect(diagnostics.map(({ code, hint }) => `${code}: ${hint}`)).toEqual([
      'beyond-largest: keep parts of the data apart: more `shards`',
    ]);
  });

  test('MCH-2 it is dearer a core than a machine for general purposes, and these cost in proportion', () => {
    const cost = (cores: number, constants = {}) => {
      const { sheet } = estimate(load(design({ cores }, constants)).plan!, parts.estimated);
      return sheet.find(({ name }) => name === 'api.cost')!.figure.value!;
    };
    // 730 hours of an m6i.32xlarge, and of a u7i-12tb.224xlarge.
    expect(cost(128)).toBeCloseTo(730 * 6.144, 6);
    expect(cost(64)).toBeCloseTo(cost(128) / 2, 6);
    expect(cost(896) / (730 * 125.58182)).toBeCloseTo(1, 4);
    expect(cost(129) / cost(128)).toBeGreaterThan(2);
    expect(cost(129, { 'cap.machine.cores.general': 192 })).toBeCloseTo(730 * 129 * 0.048, 6);
  });

  test('MCH-3 constants of machines that the design does not use are idle', () => {
    expect(found(design({ cores: 8 }, { 'cost.core.large': '$1/h' }))).toEqual([
      'idle-knob constants["cost.core.large"]',
    ]);
    expect(found(design({ cores: 256 }, { 'cost.core.large': '$1/h' }))).toEqual([]);
    expect(found(design({ cores: 256 }, { 'cost.core': '$1/h' }))).toEqual([
      'idle-knob constants["cost.core"]',
    ]);
    const proxy = { cores: 256, sidecar: { cores: 1 } };
    expect(found(design(proxy, { 'cost.core': '$1/h' }))).toEqual([]);
  });
});
