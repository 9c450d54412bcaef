import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { loadDesignObject, underLoad } from '../../design/index.ts';
import { stress } from '../../index.ts';
import { simulate } from '../../simulate/index.ts';
import { causeOf, killedText } from './causes.ts';
import { mail } from './mail.fixture.ts';

/** Clicks that one core can count 200 of a second: those who wait are the consumers, and what is full is that core. */
const clicks = {
  name: 'clicks',
  data: { click: { count: 1000, size: '200B' } },
  traffic: { users: { call: 'api.click', rate: '100/s', key: 'click' } },
  components: {
    api: { kind: 'service', operations: { click: [{ compute: '100us' }, { publish: 'log' }] } },
    log: { kind: 'stream', partitions: 8, consumer: 'counter.consume', concurrency: 8 },
    counter: { kind: 'service', operations: { consume: [{ compute: '5ms' }] } },
  },
  goals: { users: { p99: '20ms' }, log: { 'age p99': '2s' } },
} as const;

/** The causes behind the first goal at one load, and at half that of the design. */
async function causesAt(design: object, times: number, seconds = 10): Promise<readonly string[]> {
  const { plan } = loadDesignObject(design, { kinds: kindParts().described });
  const at = (load: number) =>
    simulate(underLoad(plan!, load), kindParts().simulated, {
      seed: 1,
      replications: 2,
      time: seconds,
      warmup: seconds,
    });
  return causeOf(plan!, plan!.goals[0]!, await at(times), await at(0.5)).links;
}

/** Requests wait for what is slow behind, hold memory meanwhile, and there is too little of it. */
const forgetful = {
  name: 'forgetful',
  traffic: { users: { call: 'api.ask', rate: '60/s', timeout: '5s' } },
  components: {
    api: {
      kind: 'service',
      instances: 2,
      memory: '1GB',
      'memory-per-request': '20MB',
      'when-full': 'kill',
      restart: '2s',
      operations: { ask: [{ compute: '1ms' }, { call: 'slow.ask' }] },
    },
    slow: {
      kind: 'service',
      instances: 4,
      cores: 2,
      operations: { ask: [{ compute: 'exponential(80ms)' }] },
    },
  },
  goals: { users: { success: '99%' } },
} as const;

describe('why a goal is missed', () => {
  test('work that takes longer than the goal allows is no queue that grows', async () => {
    const slow = {
      name: 'slow',
      traffic: { users: { call: 'web.get', rate: '10/s' } },
      components: { web: { kind: 'service', operations: { get: [{ compute: '5ms' }] } } },
      goals: { users: { p99: '1ms' } },
    };
    const [first, ...more] = await causesAt(slow, 1, 400);
    expect(first).toMatch(/^it takes [\d.]+ ms even where little waits$/);
    expect(more).toEqual(['users.p99 > 1ms']);
  });

  test('late messages: the station of those who work on them, then the consumers that wait for it', async () => {
    const { ladder } = await stress(clicks, { most: 3, precision: 0.3 });
    const late = ladder.find(({ name }) => name.startsWith('log.age'))!;
    expect(late.because).toEqual(['counter.cpu is full', 'log.consumers fills up', 'log.age p99 > 2s']);
  });

  test('who publishes does not wait for consumers, though they are full', async () => {
    expect(await causesAt(mail({}), 5)).toEqual(['api.cpu is full', 'buyers.success < 99.9%']);
  });

  test('unless the queue holds up who publishes when it is full, and not where it drops messages', async () => {
    for (const policy of ['reject', 'block']) {
      const links = await causesAt(mail({ capacity: 100, 'when-full': policy }), 3);
      expect(links.slice(0, 2)).toEqual(['mailer.cpu is full', 'mails.consumers fills up']);
      expect(links.at(-1)).toBe('buyers.success < 99.9%');
    }
    const links = await causesAt(mail({ capacity: 100, 'when-full': 'drop-oldest' }), 3);
    expect(links.join()).not.toContain('mail');
  });

  test('a station that is not busy queues for nobody, though its waits have grown', async () => {
    const pool = {
      name: 'pool',
      data: { doc: { count: 1000, size: '2KB' } },
      traffic: { readers: { call: 'app.get', rate: '300/s', key: 'doc', timeout: '1s' } },
      components: {
        app: {
          kind: 'service',
          cores: 4,
          operations: { get: [{ compute: 'exponential(4ms)' }, { read: 'doc', from: 'db' }] },
        },
        db: { kind: 'database', stores: 'doc', connections: 2, cores: 4, read: { cpu: '4ms', disk: '1ms' } },
      },
      goals: { readers: { success: '99.9%' } },
    };
    // At twice the load: the connections are asked for 1.5 times what they can do, the cores of the service for 0.6.
    const links = await causesAt(pool, 2);
    expect(links[0]).toBe('db.connections is full');
    expect(links.join()).not.toContain('app.cpu');
  });

  test('requests that die with an instance that ran out of memory: what they stay for, the kills, the goal', async () => {
    const { plan } = loadDesignObject(forgetful, { kinds: kindParts().described });
    const at = (times: number) =>
      simulate(underLoad(plan!, times), kindParts().simulated, {
        seed: 1,
        replications: 2,
        time: 60,
        warmup: 5,
      });
    const [broken, sound] = [await at(3), await at(0.5)];
    expect(broken.kills!['api']!.times).toBeGreaterThan(0);
    const { root, links } = causeOf(plan!, plan!.goals[0]!, broken, sound);
    expect(links.at(-2)).toMatch(
      /^api runs out of memory, and is killed \d+(\.\d+)? times (an hour|a minute)$/,
    );
    expect(links.at(-1)).toBe('users.success < 99%');
    expect(['slow.cpu', 'api.memory']).toContain(root);
    // What was killed no more often than before is no cause.
    expect(causeOf(plan!, plan!.goals[0]!, broken, broken).links.join()).not.toContain('memory,');
  });

  test('kills are counted by the hour or by the minute, as it reads', () => {
    expect(killedText({ component: 'api', perSecond: 1 / 3600 })).toBe(
      'api runs out of memory, and is killed once an hour',
    );
    expect(killedText({ component: 'api', perSecond: 0.2 })).toBe(
      'api runs out of memory, and is killed 12 times a minute',
    );
  });
});
