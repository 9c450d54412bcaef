import { describe, expect, it } from 'vitest';
import { CachedLoader, type CachedLoaderEvent, type CachedLoaderOptions } from './cached-loader.ts';
import { ManualClock, outcome, settled } from './manual-clock.fixture.ts';

interface Fetch {
  readonly key: string;
  readonly signal: AbortSignal;
  answer(value: string | null): void;
  fail(error: Error): void;
}

/** A loader whose fetches are answered by hand, on a clock that is moved by hand. */
function bench(options: Partial<CachedLoaderOptions<string, string | null>> = {}) {
  const clock = { ms: 0, now: () => clock.ms, after: () => () => undefined };
  const fetches: Fetch[] = [];
  const loader = new CachedLoader<string, string | null>({
    load: (key, signal) =>
      new Promise((resolve, reject) => {
        fetches.push({ key, signal, answer: resolve, fail: reject });
      }),
    capacity: 100,
    ttlMs: 100,
    clock,
    random: { next: () => 0.5 },
    ...options,
  });
  const told: string[] = [];
  loader.listen((event: CachedLoaderEvent<string>) => told.push(`${event.type} ${event.reason}`));
  return { clock, fetches, loader, told };
}

/** A value that is in the cache at time 0, after a fetch of this many milliseconds. */
async function filled(options: Partial<CachedLoaderOptions<string, string | null>>, loadMs = 0) {
  const all = bench(options);
  all.clock.ms = -loadMs;
  const got = all.loader.get('k');
  await settled();
  all.clock.ms = 0;
  all.fetches[0]!.answer('old');
  expect(await got).toBe('old');
  all.told.length = 0;
  return all;
}

/** The same on a clock that knows its timers, with a value of time 0. */
async function timed(options: Partial<CachedLoaderOptions<string, string | null>>) {
  const clock = new ManualClock();
  const all = bench({ clock, ...options });
  const got = all.loader.get('k');
  await settled();
  all.fetches[0]!.answer('old');
  await got;
  await settled();
  all.told.length = 0;
  return { ...all, clock };
}

describe('CachedLoader', () => {
  it('CL-1 fetches once for all who miss a key, and then not again for its lifetime', async () => {
    const { clock, fetches, loader, told } = bench();
    const got = [loader.get('k'), loader.get('k'), loader.get('other')];
    await settled();
    expect(fetches.map(({ key }) => key)).toEqual(['k', 'other']);
    expect(loader.inFlight).toBe(2);
    fetches[0]!.answer('v');
    fetches[1]!.answer('w');
    expect(await Promise.all(got)).toEqual(['v', 'v', 'w']);
    expect(loader.inFlight).toBe(0);
    clock.ms = 99;
    expect(await loader.get('k')).toBe('v');
    expect(told).toEqual([
      'miss absent',
      'miss joined',
      'miss absent',
      'loaded stored',
      'loaded stored',
      'hit fresh',
    ]);
    clock.ms = 100;
    void loader.get('k');
    await settled();
    expect(fetches.length).toBe(3);
  });

  it('CL-2 hands an error to all who wait, and keeps nothing of it', async () => {
    const { fetches, loader } = bench();
    const got = [loader.get('k'), loader.get('k')];
    await settled();
    const error = new Error('origin');
    fetches[0]!.fail(error);
    for (const each of got) await expect(each).rejects.toBe(error);
    const thrown = new CachedLoader<string, string>({
      load: () => {
        throw error;
      },
      capacity: 1,
      ttlMs: 1,
    });
    await expect(thrown.get('k')).rejects.toBe(error);
    void loader.get('k');
    await settled();
    expect(fetches.length).toBe(2);
  });

  it('CL-3 beyond the soft lifetime it answers at once and fetches behind the scenes, once', async () => {
    const { clock, fetches, loader, told } = await filled({ softTtlMs: 60 });
    clock.ms = 60;
    expect(await loader.get('k')).toBe('old');
    expect(await loader.get('k')).toBe('old');
    await settled();
    expect(fetches.length).toBe(2);
    fetches[1]!.fail(new Error('origin'));
    await settled();
    expect(await loader.get('k')).toBe('old');
    await settled();
    fetches[2]!.answer('new');
    await settled();
    expect(await loader.get('k')).toBe('new');
    expect(told).toEqual([
      'hit refresh',
      'hit refresh',
      'failed thrown',
      'hit refresh',
      'loaded stored',
      'hit fresh',
    ]);
  });

  it('CL-4 fetches early by chance, the earlier the longer a fetch takes', async () => {
    // −ln(1 − 0.5) · 20 ms = 13.9 ms before its time is over.
    const { clock, fetches, loader, told } = await filled({ earlyRefreshBeta: 1 }, 20);
    clock.ms = 86;
    await loader.get('k');
    clock.ms = 87;
    expect(await loader.get('k')).toBe('old');
    await settled();
    expect(told).toEqual(['hit fresh', 'hit early']);
    expect(fetches.length).toBe(2);
  });

  it('CL-5 keeps that there is nothing for a lifetime of its own', async () => {
    const { clock, fetches, loader, told } = bench({
      isNegative: (value) => value === null,
      negativeTtlMs: 10,
      softTtlMs: 5,
    });
    const got = loader.get('k');
    await settled();
    fetches[0]!.answer(null);
    expect(await got).toBeNull();
    clock.ms = 9;
    expect(await loader.get('k')).toBeNull();
    clock.ms = 10;
    void loader.get('k');
    await settled();
    expect(fetches.length).toBe(2);
    expect(told).toEqual(['miss absent', 'loaded negative', 'hit fresh', 'miss absent']);
  });

  it('CL-6 uses an old value when the origin fails, for so long and no longer', async () => {
    const { clock, fetches, loader, told } = await filled({ staleIfErrorMs: 50 });
    clock.ms = 149;
    const got = loader.get('k');
    await settled();
    fetches[1]!.fail(new Error('origin'));
    expect(await got).toBe('old');
    expect(told).toEqual(['miss expired', 'failed thrown', 'failed stale']);
    clock.ms = 150;
    const late = loader.get('k');
    await settled();
    fetches[2]!.fail(new Error('origin'));
    await expect(late).rejects.toThrow('origin');
  });

  it('CL-7 one caller that gives up leaves the others waiting, the last one stops the fetch', async () => {
    const { fetches, loader, told } = bench();
    const [first, second] = [new AbortController(), new AbortController()];
    const got = [first, second].map(({ signal }) => loader.get('k', { signal }));
    await settled();
    first.abort(new Error('first'));
    await expect(got[0]).rejects.toThrow('first');
    expect(fetches[0]!.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    await expect(got[1]).rejects.toThrow('second');
    expect(fetches[0]!.signal.aborted).toBe(true);
    expect(loader.inFlight).toBe(1);
    // Who comes now does not join what was stopped, and what it brings is not kept.
    const next = loader.get('k');
    await settled();
    fetches[0]!.answer('stopped');
    await settled();
    fetches[1]!.answer('v');
    expect(await next).toBe('v');
    expect(told).toEqual(['miss absent', 'miss joined', 'miss absent', 'loaded dropped', 'loaded stored']);
    await expect(loader.get('k', { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
  });

  it('CL-8 a fetch that was under way at an invalidation or a set is not kept', async () => {
    const { fetches, loader } = bench();
    const got = loader.get('k');
    await settled();
    loader.invalidate('k');
    const after = loader.get('k');
    await settled();
    fetches[0]!.answer('read before');
    expect(await got).toBe('read before');
    loader.set('k', 'written');
    fetches[1]!.answer('read late');
    expect(await after).toBe('read late');
    expect(await loader.get('k')).toBe('written');
    loader.clear();
    expect(loader.size).toBe(0);
  });

  it('CL-9 refuses fetches beyond its maximum, but not those who join', async () => {
    const { fetches, loader, told } = bench({ maxInFlight: 1 });
    const got = [loader.get('k'), loader.get('k')];
    await settled();
    await expect(loader.get('other')).rejects.toMatchObject({ name: 'RefusedError', reason: 'overloaded' });
    fetches[0]!.answer('v');
    expect(await Promise.all(got)).toEqual(['v', 'v']);
    expect(told).toContain('refused overloaded');
  });

  it('CL-10 shortens lifetimes by up to a share', async () => {
    const { clock, fetches, loader } = await filled({ jitterShare: 0.4, softTtlMs: 50 });
    // 100 ms less half of 40 %, and the soft one in proportion.
    clock.ms = 39;
    await loader.get('k');
    await settled();
    expect(fetches.length).toBe(1);
    clock.ms = 40;
    await loader.get('k');
    await settled();
    expect(fetches.length).toBe(2);
  });

  it('CL-11 names what is wrong with its options', () => {
    const load = async () => '';
    const make = (options: object) => () => new CachedLoader({ load, capacity: 1, ttlMs: 10, ...options });
    expect(make({ ttlMs: -1 })).toThrow(/ttl must be ≥ 0, got -1/);
    expect(make({ softTtlMs: 11 })).toThrow(/softTtl must be from 0 to ttl = 10, got 11/);
    expect(make({ negativeTtlMs: Number.NaN })).toThrow(RangeError);
    expect(make({ earlyRefreshBeta: -1 })).toThrow(/beta/);
    expect(make({ jitterShare: 2 })).toThrow(/share/);
    expect(make({ maxInFlight: 0 })).toThrow(/maxInFlight must be ≥ 1, got 0/);
    expect(make({ capacity: Number.NaN })).toThrow(/capacity/);
    expect(make({ loadTimeoutMs: 0 })).toThrow(/loadTimeoutMs must be > 0, got 0/);
    expect(make({ load: undefined })).toThrow(new TypeError('load must be a function, got undefined'));
  });

  it('CL-12 a fetch behind the scenes that hangs is given up by who waits last, and replaced', async () => {
    const { clock, fetches, loader } = await timed({ softTtlMs: 50 });
    await clock.advance(60);
    expect(await loader.get('k')).toBe('old');
    await clock.advance(50);
    const given = new AbortController();
    const got = loader.get('k', { signal: given.signal });
    given.abort(new Error('given up'));
    await expect(got).rejects.toThrow('given up');
    expect(fetches[1]!.signal.aborted).toBe(true);
    const next = loader.get('k');
    await settled();
    fetches[2]!.answer('new');
    expect(await next).toBe('new');
    expect(clock.pending).toBe(0);
  });

  it('CL-13 a fetch behind the scenes is aborted after a lifetime, or joined by nobody who comes later', async () => {
    const { clock, fetches, loader, told } = await timed({ softTtlMs: 50 });
    await clock.advance(60);
    await loader.get('k');
    await clock.advance(100);
    expect(fetches[1]!.signal.reason).toMatchObject({ name: 'TimeoutError', timeoutMs: 100 });
    const got = loader.get('k');
    await settled();
    fetches[2]!.answer('new');
    expect(await got).toBe('new');
    expect(told).toEqual(['hit refresh', 'failed timeout', 'miss absent', 'loaded stored']);
    await clock.advance(60);
    await loader.get('k');
    await clock.advance(50);
    const patient = loader.get('k');
    await clock.advance(50);
    const later = loader.get('k');
    await settled();
    expect(fetches.length).toBe(5);
    expect(fetches[3]!.signal.aborted).toBe(false);
    fetches[3]!.answer('slow');
    fetches[4]!.answer('anew');
    expect(await Promise.all([patient, later])).toEqual(['slow', 'anew']);
    expect(await loader.get('k')).toBe('anew');
    expect(clock.pending).toBe(0);
  });

  it('CL-14 aborts a fetch after its timeout, heeded or not, and uses an old value where it may', async () => {
    const { clock, fetches, loader, told } = await timed({ loadTimeoutMs: 30, staleIfErrorMs: 50 });
    await clock.advance(100);
    const old = loader.get('k');
    await clock.advance(30);
    expect(await old).toBe('old');
    await clock.advance(20);
    const late = outcome(loader.get('k'));
    await clock.advance(30);
    expect(await late).toMatchObject({ error: { name: 'TimeoutError', timeoutMs: 30 } });
    expect(fetches.map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
    for (const fetch of fetches) fetch.fail(new Error('heeded'));
    await settled();
    expect(told).toEqual(['miss expired', 'failed timeout', 'failed stale', 'miss absent', 'failed timeout']);
    expect([loader.inFlight, clock.pending]).toEqual([0, 0]);
  });

  it('CL-15 counts fetches until they end, though they were invalidated or abandoned', async () => {
    for (const leave of ['invalidate', 'abandon'] as const) {
      const { fetches, loader } = bench({ maxInFlight: 1 });
      const given = new AbortController();
      const first = outcome(loader.get('k', { signal: given.signal }));
      await settled();
      if (leave === 'invalidate') loader.invalidate('k');
      else given.abort(new Error('given up'));
      for (let again = 0; again < 20; again++) {
        await expect(loader.get('k')).rejects.toMatchObject({ reason: 'overloaded' });
        loader.invalidate('k');
      }
      expect([fetches.length, loader.inFlight]).toEqual([1, 1]);
      fetches[0]!.answer('v');
      await first;
      await settled();
      expect(loader.inFlight).toBe(0);
      void loader.get('k');
      await settled();
      expect(fetches.length).toBe(2);
    }
  });

  it('CL-16 what is invalidated while nobody waits for it is aborted', async () => {
    const { clock, fetches, loader } = await timed({ softTtlMs: 50 });
    await clock.advance(60);
    await loader.get('k');
    await settled();
    loader.clear();
    expect(fetches[1]!.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
