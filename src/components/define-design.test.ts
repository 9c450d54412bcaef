import { expect, test } from 'vitest';
import { createBackoff, createBalancer, createCache } from '../blocks/index.ts';
import { type ComponentInput, defineBlocks, loadDesign, loadDesignObject } from '../design/index.ts';
import { type BuiltInKind, defineDesign, kinds } from './index.ts';

const descriptions = kinds.map(({ describe }) => describe);

const design = defineDesign({
  name: 'shop',
  data: { item: { count: '1M', size: '2kB', popularity: 'zipf(1.0)' } },
  traffic: {
    shoppers: { call: 'edge.view', rate: '100/s', key: 'item' },
    staff: { call: 'web.view', users: 5, think: '10s', key: 'item' },
  },
  components: {
    edge: { kind: 'load-balancer', to: 'web' },
    web: {
      kind: 'service',
      instances: 2,
      operations: {
        view: [
          { compute: 'exponential(2ms)' },
          { read: 'item', from: 'items', through: 'copies', timeout: '50ms' },
          { parallel: [{ wait: '1ms' }, [{ wait: '2ms' }]], 'wait for': 1 },
        ],
      },
    },
    copies: { kind: 'cache', holds: 'item', items: 1000 },
    items: { kind: 'database', stores: ['item'], read: { disk: '0s' } },
  },
  goals: { shoppers: { p99: '50ms', 'p99.9': '80ms' } },
});

test('a design in TypeScript loads into the same plan as the same design in YAML', () => {
  const loaded = loadDesignObject(design, { kinds: descriptions });
  expect(loaded.diagnostics).toEqual([]);
  // JSON is YAML.
  const text = JSON.stringify(design, null, 1);
  const fromText = loadDesign(text, { file: 'shop.yaml', kinds: descriptions });
  expect(fromText.diagnostics).toEqual([]);
  expect(loaded.plan).toEqual(fromText.plan);
});

type Component = ComponentInput<BuiltInKind>;

test('the compiler refuses what the schema refuses', () => {
  // @ts-expect-error no kind has this name
  const kind: Component = { kind: 'serbice', operations: {} };
  // @ts-expect-error a service has no such setting
  const setting: Component = { kind: 'service', core: 4, operations: {} };
  // @ts-expect-error a service needs operations
  const missing: Component = { kind: 'service' };
  // @ts-expect-error a balancer brings its operations along
  const foreign: Component = { kind: 'load-balancer', to: 'b', operations: {} };
  // @ts-expect-error this is no algorithm
  const word: Component = { kind: 'load-balancer', to: 'b', algorithm: 'fair' };
  for (const wrong of [kind, setting, missing, foreign, word]) {
    const broken = { ...design, components: { ...design.components, wrong } };
    const { plan, diagnostics } = loadDesignObject(broken, { kinds: descriptions });
    expect(plan).toBeNull();
    expect(diagnostics.map(({ path }) => path).join()).toContain('components.wrong');
  }
});

test('a step with an unknown verb is refused by compiler and checker', () => {
  const misspelt = defineDesign({
    name: 'x',
    traffic: { users: { call: 'a.b', rate: '1/s' } },
    // @ts-expect-error no step has this verb
    components: { a: { kind: 'service', operations: { b: [{ compoot: '1ms' }] } } },
  });
  expect(loadDesignObject(misspelt, { kinds: descriptions }).diagnostics[0]).toMatchObject({
    code: 'unknown-step',
    path: 'components.a.operations.b[0]',
    line: null,
  });
});

const blocks = defineBlocks({
  evict: { 'second-chance': (options) => createCache('clock', options) },
  balance: { coldest: (targets) => createBalancer('least-connections', targets) },
  backoff: { fibonacci: ({ base }) => createBackoff({ kind: 'constant', delay: base }) },
});

const own = defineDesign<never, typeof blocks>({
  name: 'own',
  data: { item: { count: '1M', size: '2kB', popularity: 'zipf(1.0)' } },
  traffic: {
    users: { call: 'edge.view', rate: '100/s', key: 'item' },
    staff: { call: 'web.view', rate: '1/s', key: 'item' },
  },
  components: {
    edge: { kind: 'load-balancer', to: 'web', algorithm: 'coldest' },
    web: {
      kind: 'service',
      instances: 2,
      balance: 'round-robin',
      operations: {
        view: [
          { compute: '1ms' },
          {
            parallel: [[{ wait: '1ms' }], { read: 'item', from: 'items', through: 'copies', timeout: '1s' }],
          },
          { read: 'item', from: 'items', retry: { attempts: 2, backoff: 'fibonacci' } },
        ],
      },
    },
    copies: { kind: 'cache', holds: 'item', items: 1000, evict: 'second-chance' },
    items: { kind: 'database', stores: ['item'], read: { disk: '0s' } },
  },
});

test('blocks of your own are named where the built-in ones are', () => {
  const { plan, diagnostics } = loadDesignObject(own, { kinds: descriptions, blocks });
  expect(diagnostics).toEqual([]);
  expect(plan!.components.map(({ settings }) => settings['algorithm'] ?? settings['evict'])).toContain(
    'coldest',
  );
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('a word that is no name of theirs is refused by compiler and checker', () => {
  const { components } = own;
  const misspelt = defineDesign<never, typeof blocks>({
    ...own,
    components: {
      ...components,
      // @ts-expect-error none of the blocks has this name
      edge: { kind: 'load-balancer', to: 'web', algorithm: 'coldst' },
      // @ts-expect-error it balances, and evicts nothing
      copies: { kind: 'cache', holds: 'item', items: 1000, evict: 'coldest' },
    },
  });
  const { diagnostics } = loadDesignObject(misspelt, { kinds: descriptions, blocks });
  expect(diagnostics.map(({ code, path, hint }) => [code, path, hint])).toEqual([
    ['unknown-value', 'components.edge.algorithm', 'did you mean coldest?'],
    ['unknown-value', 'components.copies.evict', null],
  ]);
});
