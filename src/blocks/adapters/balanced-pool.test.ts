import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { BalancedPool, type BalancedPoolOptions, type PoolEvent } from './balanced-pool.ts';
import type { Clock } from './clock.ts';
import { RefusedError } from './errors.ts';

/** Time that is moved by hand. */
class HandClock implements Clock {
  time = 0;
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + delayMs, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  get waiting(): number {
    return this.timers.length;
  }

  /** Moves on, calling back on the way, and lets promises settle. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.time = next.at;
      next.callback();
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
    this.time = end;
  }
}

const names = ['a', 'b', 'c', 'd'];

function made(options: BalancedPoolOptions<string> = {}, targets: readonly string[] = names) {
  const clock = new HandClock();
  const pool = new BalancedPool(targets, { clock, random: createRandom(1), ...options });
  const events: PoolEvent<string>[] = [];
  const subscription = pool.listen((event) => events.push(event));
  return { clock, pool, events, subscription };
}

async function failing(pool: BalancedPool<string>, target: string): Promise<void> {
  const work = (name: string) => (name === target ? Promise.reject(new Error('down')) : name);
  for (let i = 0; i < 40; i++) await pool.run(work).catch(() => null);
}

describe('balanced pool', () => {
  it('BP-1 calls targets, passes on what comes back, and keeps the books', async () => {
    const { pool } = made({ algorithm: 'round-robin' });
    expect(await pool.run((name) => name)).toBe('a');
    expect(await pool.run(async (name) => name.toUpperCase())).toBe('B');
    const fault = new Error('mine');
    await expect(pool.run(() => Promise.reject(fault))).rejects.toBe(fault);
    const thrown = pool.run(() => {
      throw fault;
    });
    await expect(thrown).rejects.toBe(fault);
    let answer: (value: number) => void = () => expect.fail('not called');
    const waiting = pool.run(
      () =>
        new Promise<number>((resolve) => {
          answer = resolve;
        }),
    );
    expect(pool.inFlight).toEqual([1, 0, 0, 0]);
    answer(5);
    expect(await waiting).toBe(5);
    expect(pool.inFlight).toEqual([0, 0, 0, 0]);
  });

  it('BP-2 ejects a target that fails, tells so, and lets it return', async () => {
    const { clock, pool, events } = made({ algorithm: 'round-robin' });
    await failing(pool, 'b');
    expect(pool.state(1)).toBe('ejected');
    const states = () => events.filter((event) => event.type === 'state');
    expect(states()).toMatchObject([{ target: 'b', index: 1, from: 'up', to: 'ejected' }]);
    expect(events.filter((event) => event.type === 'picked' && event.target === 'b').length).toBe(5);
    await clock.pass(30_000);
    expect(pool.state(1)).toBe('up');
    expect(states()).toMatchObject([{}, { target: 'b', from: 'ejected', to: 'up' }]);
  });

  it('BP-3 refuses when no target is available', async () => {
    const { pool, events } = made();
    for (const index of names.keys()) pool.setDrained(index, true);
    const refused = await pool.run(() => expect.fail('called')).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused.message).toBe('no target is available');
    expect(events.at(-1)).toEqual({ guard: 'pool', type: 'refused', reason: 'no-target' });
    pool.setDrained(2, false);
    expect(await pool.run((name) => name)).toBe('c');
  });

  it('BP-4 sends the same key to the same target, and with sticky sessions any algorithm does', async () => {
    for (const options of [
      { algorithm: 'ring' },
      { algorithm: 'random', sticky: { maxSessions: 100, idleMs: 1000 } },
    ] satisfies BalancedPoolOptions<string>[]) {
      const { pool } = made(options);
      const met = new Set<string>();
      for (let user = 0; user < 50; user++) {
        const home = await pool.run((name) => name, { key: `user ${user}` });
        for (let i = 0; i < 5; i++)
          expect(await pool.run((name) => name, { key: `user ${user}` })).toBe(home);
        met.add(home);
      }
      expect([...met].sort()).toEqual(names);
    }
  });

  it('BP-5 gives a session another home when its target is gone, and keeps it there', async () => {
    const { pool, events } = made({ algorithm: 'random', sticky: { maxSessions: 9, idleMs: 1000 } });
    const home = await pool.run((name) => name, { key: 7 });
    pool.setDrained(names.indexOf(home), true);
    const next = await pool.run((name) => name, { key: 7 });
    expect(next).not.toBe(home);
    pool.setDrained(names.indexOf(home), false);
    expect(await pool.run((name) => name, { key: 7 })).toBe(next);
    const picks = events.filter((event) => event.type === 'picked');
    expect(picks.map(({ reason }) => reason)).toEqual(['algorithm', 'algorithm', 'sticky']);
  });

  it('BP-6 learns from latency', async () => {
    const { clock, pool } = made({ algorithm: 'peak-ewma' }, ['slow', 'fast']);
    const work = async (name: string) => {
      await clock.pass(name === 'slow' ? 100 : 1);
      return name;
    };
    const answers: string[] = [];
    for (let i = 0; i < 20; i++) answers.push(await pool.run(work));
    expect(answers.filter((name) => name === 'slow').length).toBe(1);
  });

  it('BP-7 takes no aborted call, and holds none against the target', async () => {
    const { pool, events } = made({ algorithm: 'round-robin', outliers: { consecutiveErrors: 1 } });
    const reason = new Error('no longer wanted');
    await expect(pool.run(() => expect.fail('called'), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const aborted = pool.run(
      (_name, call) =>
        new Promise((_resolve, reject) => {
          call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
        }),
      { signal: controller.signal },
    );
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(events.at(-1)).toMatchObject({ type: 'finished', outcome: 'aborted' });
    expect(pool.state(0)).toBe('up');
    await expect(pool.run(() => Promise.reject(new RefusedError('shed', 'further in')))).rejects.toThrow();
    expect(events.at(-1)).toMatchObject({ type: 'finished', outcome: 'not-asked' });
    expect(pool.state(1)).toBe('up');
    expect(pool.inFlight).toEqual([0, 0, 0, 0]);
  });

  it('BP-8 asks what counts as a failure', async () => {
    const { pool, events } = made({
      algorithm: 'round-robin',
      outliers: { consecutiveErrors: 1, maxEjectedShare: 0.5 },
      isFailure: (error) => (error as Error).message !== 'not found',
      isFailedResult: (value) => value === 503,
    });
    await expect(pool.run(() => Promise.reject(new Error('not found')))).rejects.toThrow('not found');
    expect(await pool.run(() => 503)).toBe(503);
    expect([pool.state(0), pool.state(1)]).toEqual(['up', 'ejected']);
    expect(events.filter((event) => event.type === 'finished').map(({ outcome }) => outcome)).toEqual([
      'ok',
      'failed',
    ]);
  });

  it('BP-9 probes until it is disposed of', async () => {
    const sick = new Set<string>();
    let probes = 0;
    const { clock, pool, events } = made({
      algorithm: 'round-robin',
      probes: {
        probe: (name) => {
          probes++;
          return !sick.has(name);
        },
        intervalMs: 1000,
        rise: 2,
        fall: 3,
      },
    });
    await clock.pass(1000);
    expect(probes).toBe(4);
    sick.add('c');
    await clock.pass(3000);
    expect(pool.state(2)).toBe('down');
    const met = new Set<string>();
    for (let i = 0; i < 12; i++) met.add(await pool.run((name) => name));
    expect([...met]).toEqual(['a', 'b', 'd']);
    sick.clear();
    await clock.pass(2000);
    expect(pool.state(2)).toBe('up');
    expect(events.filter((event) => event.type === 'state').length).toBe(2);
    pool.dispose();
    expect(clock.waiting).toBe(0);
    const before = probes;
    await clock.pass(10_000);
    expect(probes).toBe(before);
  });

  it('BP-10 takes a probe that hangs or throws as failed, and aborts it', async () => {
    const aborted: string[] = [];
    const { clock, pool } = made(
      {
        probes: {
          probe: (name, signal) => {
            if (name === 'b') throw new Error('refused');
            return new Promise(() => {
              signal.addEventListener('abort', () => aborted.push(name), { once: true });
            });
          },
          intervalMs: 1000,
          timeoutMs: 100,
          fall: 1,
        },
        panicBelow: 0.5,
      },
      ['a', 'b'],
    );
    await clock.pass(1100);
    expect([pool.state(0), pool.state(1)]).toEqual(['down', 'down']);
    expect(aborted[0]).toBe('a');
    // Nobody is well, so nobody is believed to be unwell.
    expect(['a', 'b']).toContain(await pool.run((name) => name));
    pool.dispose();
    expect(clock.waiting).toBe(0);
  });

  it('BP-11 ramps up a target that returns', async () => {
    const { clock, pool } = made(
      {
        algorithm: 'weighted-round-robin',
        outliers: { consecutiveErrors: 2 },
        slowStart: { windowMs: 100_000 },
      },
      ['a', 'b'],
    );
    await failing(pool, 'b');
    await clock.pass(30_000);
    const share = async () => {
      let met = 0;
      for (let i = 0; i < 110; i++) if ((await pool.run((name) => name)) === 'b') met++;
      return met / 110;
    };
    expect(await share()).toBeCloseTo(0.1 / 1.1, 2);
    await clock.pass(50_000);
    expect(await share()).toBeCloseTo(0.5 / 1.5, 1);
    await clock.pass(50_000);
    expect(await share()).toBeCloseTo(0.5, 2);
  });

  it('BP-12 stands listeners that throw, and stops telling those who left', async () => {
    const { pool, events, subscription } = made();
    pool.listen(() => {
      throw new Error('listener');
    });
    await pool.run((name) => name);
    const told = events.length;
    expect(told).toBeGreaterThan(0);
    subscription.dispose();
    await pool.run((name) => name);
    expect(events.length).toBe(told);
  });

  it('BP-13 keeps its books when what it asks about failures throws', async () => {
    const fault = () => {
      throw new Error('mine');
    };
    const { pool } = made({ isFailure: fault, isFailedResult: fault });
    await expect(pool.run(() => 1)).rejects.toThrow('mine');
    await expect(pool.run(() => Promise.reject(new Error('yours')))).rejects.toThrow('mine');
    expect(pool.inFlight).toEqual([0, 0, 0, 0]);
  });

  it('BP-14 says what is wrong with it', () => {
    expect(() => made({}, [])).toThrow(/targets must be a whole number ≥ 1/);
    expect(() => made({ slowStart: { windowMs: 1 } })).toThrow(/slowStart must be left out/);
    expect(() => made({ probes: { probe: () => true, intervalMs: 0 } })).toThrow('intervalMs must be > 0');
    expect(() => made({ sticky: { maxSessions: 0, idleMs: 1 } })).toThrow('maxSessions must be');
    expect(() => made({ algorithm: 'random', balance: { choices: 3 } })).toThrow(
      /random has no option choices/,
    );
  });
});
