import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  callOptions,
  findConstant,
  type KindDescription,
  loadDesignObject,
  settingsOf,
} from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { estimatedKinds, kinds } from './index.ts';

const descriptions: readonly KindDescription[] = kinds.map((kind) => kind.describe);

/** The rest of a design in which any example can stand as `it`. */
const around = {
  name: 'example',
  data: { link: { count: '1M', size: '500B' } },
  components: {
    api: { kind: 'service', instances: 2, operations: { work: [{ compute: '1ms' }] } },
    spare: { kind: 'service', operations: { work: [{ compute: '1ms' }] } },
  },
};

/** Settings with nothing said that need not be, by kind; copies must say how much fits, one way or another. */
const least = (kind: KindDescription): Record<string, unknown> => {
  const settings = example(kind);
  const required = settingsOf(kind)
    .filter(({ required }) => required)
    .map(({ name }) => name);
  const kept = [...required, ...(['cache', 'cdn'].includes(kind.name) ? ['memory'] : [])];
  return Object.fromEntries(kept.map((name) => [name, settings[name]]));
};

/** The settings of a kind's example, without what the language adds. */
const example = (kind: KindDescription): Record<string, unknown> => {
  const { kind: _, operations, ...settings } = parse(kind.example);
  return kind.operations.from === 'list' ? { ...settings, operations } : settings;
};

const settle = (kind: KindDescription, written: Record<string, unknown>) => {
  const used: string[] = [];
  const refused: string[] = [];
  const settings = kind.settle(kind.settings.parse(written), {
    constant: (name) => {
      used.push(name);
      return findConstant(name) === undefined ? Number.NaN : 3;
    },
    askedByUsers: false,
    refuse: ({ code }) => refused.push(code),
  });
  return { settings, used: new Set(used), refused };
};

const under = (path: string, value: unknown): Record<string, unknown> => {
  const [head = '', ...rest] = path.split('.');
  return { [head]: rest.length === 0 ? value : under(rest.join('.'), value) };
};

describe.each(descriptions.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test('KIND-1 the example loads without a word', () => {
    const it = parse(kind.example) as Record<string, unknown>;
    const own = it['operations'] ?? {};
    const [operation] = Array.isArray(own) ? own : Object.keys(own);
    const call = operation ?? (kind.operations.from === 'kind' ? kind.operations.names[0] : 'work');
    const design = {
      ...around,
      traffic: {
        users: { call: `it.${call}`, rate: '1/s', key: 'link' },
        others: { call: 'api.work', rate: '1/s' },
        more: { call: 'spare.work', rate: '1/s' },
      },
      components: { ...around.components, it },
    };
    const { plan, diagnostics } = loadDesignObject(design, { kinds: descriptions });
    expect(diagnostics.filter(({ path }) => path.startsWith('components'))).toEqual([]);
    expect(plan).not.toBeNull();
  });

  test('KIND-2 every setting says what it is and what it takes', () => {
    for (const { name, is, takes } of settingsOf(kind)) {
      expect(is, name).toMatch(/^[A-Z].*\.$/);
      expect(takes, name).not.toBe('');
    }
  });

  test('KIND-3 a default that is told is the default that is taken', () => {
    const plain = settle(kind, least(kind)).settings;
    for (const { name, default: value } of settingsOf(kind)) {
      // What a call may say is settled with the call, and tested there.
      if (value === null || Object.hasOwn(callOptions, name.split('.', 1)[0]!)) continue;
      expect(settle(kind, { ...least(kind), ...under(name, value) }).settings, name).toEqual(plain);
    }
  });

  test('KIND-4 the constants that are told are those that defaults are taken from', () => {
    const told = settingsOf(kind).flatMap(({ constant }) => (constant === null ? [] : [constant]));
    for (const name of told) expect(findConstant(name), name).toBeDefined();
    expect([...settle(kind, least(kind)).used].sort()).toEqual([...told].sort());
  });

  test('KIND-5 settled settings are plain JSON and leave out what the plan holds as an index', () => {
    const { settings, refused } = settle(kind, example(kind));
    expect(refused).toEqual([]);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    for (const setting of Object.keys(kind.references)) expect(settings).not.toHaveProperty(setting);
  });

  test('KIND-6 references name settings, roles name operations', () => {
    const names = Object.keys(kind.settings.shape);
    for (const setting of Object.keys(kind.references)) expect(names).toContain(setting);
    if (kind.operations.from === 'setting') expect(names).toContain(kind.operations.setting);
    const offered = kind.operations.from === 'kind' ? kind.operations.names : [];
    const { store, front } = kind.roles;
    for (const name of [...Object.values(store ?? {}), ...Object.values(front ?? {})])
      expect(offered).toContain(name);
    if (kind.roles.target)
      expect(kind.instances?.(settle(kind, example(kind)).settings)).toBeGreaterThanOrEqual(1);
  });
});

describe('idle settings', () => {
  const service = (settings: object) => ({
    kind: 'service',
    operations: { work: [{ compute: '1ms' }] },
    ...settings,
  });
  const waiting = { instances: 3, pauses: { every: '1s' }, operations: { work: [{ wait: '1ms' }] } };
  const edge = { kind: 'load-balancer', to: 'api' };
  const findings = (components: Record<string, object>, call = 'api.work') => {
    const design = {
      name: 'idle',
      data: {
        link: { count: '1k', size: '1kB', keep: '30min', growth: '1/day' },
        fixed: { count: '1k', size: '1kB' },
      },
      traffic: {
        users: { call, rate: '1/s' },
        keyed: { call: 'api.work', rate: '1/s', key: 'fixed' },
        more: { call: 'api.work', rate: '1/s', key: 'link' },
      },
      components,
    };
    const { plan, diagnostics } = loadDesignObject(design, { kinds: descriptions });
    expect(plan).not.toBeNull();
    return diagnostics.filter(({ code }) => code === 'idle-knob').map(({ path }) => path);
  };

  test.each([
    [
      'the cores of an event loop',
      { api: service({ model: 'event-loop', cores: 4 }) },
      ['components.api.cores'],
    ],
    [
      'an event loop on one core',
      { api: service({ model: 'event-loop', cores: 1 }) },
      ['components.api.model'],
    ],
    [
      'threads that compute nothing',
      { api: service({ model: 'threads', operations: { work: [{ wait: '1ms' }] } }) },
      ['components.api.model'],
    ],
    [
      'more choices than instances',
      { api: service({ instances: 3, balance: 'power-of-d', choices: 4 }) },
      ['components.api.choices'],
    ],
    ['as many choices', { api: service({ instances: 3, balance: 'power-of-d', choices: 3 }) }, []],
    [
      'cores without computing',
      { api: service({ cores: 4, operations: { work: [{ wait: '1ms' }] } }) },
      ['components.api.cores'],
    ],
    ['a choice of one instance', { api: service({ balance: 'random' }) }, ['components.api.balance']],
    ['a choice of several', { api: service({ balance: 'random', instances: 2 }) }, []],
    [
      'priorities when all are equal',
      { api: service({ discipline: 'priority' }) },
      ['components.api.discipline'],
    ],
    ['another discipline', { api: service({ discipline: 'lifo' }) }, []],
    [
      'a queue for nothing',
      { api: service({ queue: 5, operations: { work: [] } }) },
      ['components.api.queue'],
    ],
    ['a queue for workers', { api: service({ queue: 5, workers: 2, operations: { work: [] } }) }, []],
    ['instances that wait', { api: service(waiting) }, ['components.api.pauses']],
    ['memory of each', { api: service({ ...waiting, memory: '1MB', 'memory-per-request': '1kB' }) }, []],
    ['a link of each', { api: service({ ...waiting, bandwidth: '1Gbit/s' }) }, []],
    ['a proxy of each', { api: service({ ...waiting, sidecar: { cores: 1 } }) }, []],
  ])('of a service: %s', (_, components, expected) => {
    expect(findings(components)).toEqual(expected);
  });

  test('of a service behind a balancer: its own way to choose', () => {
    const design = {
      name: 'behind',
      traffic: { users: { call: 'edge.work', rate: '1/s' } },
      components: { edge, api: service({ instances: 2, balance: 'random' }) },
    };
    const { diagnostics } = loadDesignObject(design, { kinds: descriptions });
    expect(diagnostics.map(({ path }) => path)).toEqual(['components.api.balance']);
  });

  test.each([
    ['a choice of one instance', { algorithm: 'random' }, 1, ['components.edge.algorithm']],
    ['a choice of two', { algorithm: 'random' }, 2, []],
    ['cores without cost', { cores: 2 }, 2, ['components.edge.cores']],
    ['cores with cost', { cores: 2, cost: '1us' }, 2, []],
  ])('of a balancer: %s', (_, settings, instances, expected) => {
    expect(findings({ edge: { ...edge, ...settings }, api: service({ instances }) }, 'edge.work')).toEqual(
      expected,
    );
  });

  test.each([
    ['cores without cost', { cores: 2 }, ['cores']],
    ['cores with an API key to check', { cores: 2, auth: 'api-key' }, []],
    ['the cost of no check', { cost: '1us', 'auth-cost': '1ms' }, ['auth-cost']],
    ['the cost of resuming where nothing resumes', { tls: { 'resumed-cost': '1ms' } }, ['tls.resumed-cost']],
    ['a full handshake where all resume', { tls: { resumed: '100%', handshake: '1ms' } }, ['tls.handshake']],
    ['certificates where all resume', { tls: { resumed: '100%' }, mtls: true }, ['mtls']],
    ['certificates', { mtls: true }, []],
    ['clients that nobody tells apart', { limit: { rate: '1/s', per: 'client' } }, ['limit.per']],
    ['clients of a limit for all', { limit: { rate: '1/s', clients: 5 } }, ['limit.clients']],
    ['a choice of one instance', { algorithm: 'random' }, ['algorithm']],
  ])('of a gateway: %s', (_, settings, expected) => {
    expect(
      findings({ gate: { kind: 'gateway', to: 'api', ...settings }, api: service({}) }, 'gate.work'),
    ).toEqual(expected.map((setting) => `components.gate.${setting}`));
  });

  test.each([
    ['eviction where all fits', { holds: 'fixed', memory: '1GB', evict: 'lru' }, ['components.copies.evict']],
    ['eviction where not all fits', { holds: 'fixed', items: 10, evict: 'lru' }, []],
    ['eviction where the data grows', { holds: 'link', memory: '1GB', evict: 'lru' }, []],
    [
      'bytes of an item where items are counted, which memory and cost go by',
      { holds: 'fixed', items: 10, overhead: '9B' },
      [],
    ],
    [
      'an engine of which nothing is taken',
      { holds: 'fixed', items: 10, engine: 'redis', time: '1us', overhead: '9B' },
      ['components.copies.engine'],
    ],
    ['an engine that has an overhead', { holds: 'fixed', items: 10, engine: 'redis', time: '1us' }, []],
    [
      'a copy that outlives its item',
      { holds: 'link', items: 10, ttl: '1h ± 10%' },
      ['components.copies.ttl'],
    ],
  ])('of a cache: %s', (_, settings, expected) => {
    expect(findings({ api: service({}), copies: { kind: 'cache', ...settings } }, 'copies.get')).toEqual(
      expected,
    );
  });

  test.each([
    [
      'disks without disk time',
      { disks: 4, read: { disk: '0s' }, write: { disk: '0s' } },
      ['components.db.disks'],
    ],
    [
      'cores without CPU time',
      { cores: 4, read: { cpu: '0s' }, write: { cpu: '0s' } },
      ['components.db.cores'],
    ],
    ['both used', { cores: 4, disks: 4 }, []],
    [
      'an engine of which nothing is taken',
      { engine: 'mysql', read: { cpu: '1ms', disk: '0s' }, write: { cpu: '1ms', disk: '0s' } },
      ['components.db.engine'],
    ],
    ['an engine that says some of it', { engine: 'postgres', read: { cpu: '1ms', disk: '0s' } }, []],
  ])('of a database: %s', (_, settings, expected) => {
    expect(
      findings({ api: service({}), db: { kind: 'database', stores: 'fixed', ...settings } }, 'db.read'),
    ).toEqual(expected);
  });
});

describe('engines without measured constants', () => {
  const codesOf = (component: object) => {
    const call = (component as { kind: string }).kind === 'cache' ? 'it.get' : 'it.read';
    const design = {
      ...around,
      traffic: { users: { call, rate: '1/s', key: 'link' } },
      components: { it: component },
    };
    return loadDesignObject(design, { kinds: descriptions }).diagnostics.map(
      ({ code, path }) => `${code} ${path}`,
    );
  };
  test('must say what they take, instead of being given the figures of another', () => {
    expect(codesOf({ kind: 'cache', engine: 'memcached', holds: 'link', memory: '1GB' })).toEqual([
      'missing-key components.it.time',
      'missing-key components.it.overhead',
    ]);
    expect(codesOf({ kind: 'cache', engine: 'local', holds: 'link', items: 9, time: '1us' })).toEqual([]);
    expect(
      codesOf({ kind: 'database', engine: 'mysql', stores: 'link', read: { cpu: '1ms', disk: '0s' } }),
    ).toEqual(['missing-key components.it.write']);
    expect(
      codesOf({
        kind: 'database',
        engine: 'mysql',
        stores: 'link',
        read: { cpu: '1ms' },
        write: { disk: '0s' },
      }),
    ).toEqual(['missing-key components.it.read.disk', 'missing-key components.it.write.cpu']);
  });
});

test.each(descriptions.filter(({ availability }) => availability !== undefined))(
  '$name: its estimate takes the constant of its availability',
  ({ availability }) => {
    const available = (constants: Readonly<Record<string, string>>) => {
      const design = {
        name: 'all',
        constants,
        data: around.data,
        traffic: { users: { call: 'www.view', rate: '1/s', key: 'link' } },
        components: {
          www: { kind: 'dns', to: 'edge' },
          edge: { kind: 'cdn', to: 'front', holds: 'link', pops: 2, memory: '1MB' },
          front: { kind: 'load-balancer', to: 'api' },
          api: {
            kind: 'service',
            operations: { view: [{ read: 'link', from: 'store', through: 'copies' }, { call: 'gate.work' }] },
          },
          gate: { kind: 'gateway', to: 'behind' },
          behind: { kind: 'service', operations: { work: [{ compute: '1ms' }] } },
          copies: { kind: 'cache', holds: 'link', memory: '1MB' },
          store: { kind: 'database', stores: 'link' },
        },
      };
      const { plan, diagnostics } = loadDesignObject(design, { kinds: descriptions });
      expect(diagnostics).toEqual([]);
      const { sheet } = estimate(plan!, estimatedKinds);
      return sheet.find(({ name }) => name === 'traffic.users.availability')!.figure.value!;
    };
    expect(available({ [availability!]: '50%' })).toBeLessThan(0.51 * available({}));
  },
);
