import { describe, expect, it } from 'vitest';
import { CachedLoader, type CachedLoaderEvent, type CachedLoaderOptions } from './cached-loader.ts';

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

/** Lets everything that is ready happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** A value that is in the cache at time 0, after a fetch of this many milliseconds. */
async function filled(options: Partial<CachedLoaderOptions<string, string | null>>, loadMs = 0) {
  const all = bench(options);
  all.clock.ms = -loadMs;
  const got = all.loader.get('k');
  await settle();
  all.clock.ms = 0;
  all.fetches[0]!.answer('old');
  expect(await got).toBe('old');
  all.told.length = 0;
  return all;
}

describe('CachedLoader', () => {
  it('CL-1 fetches once for all who miss a key, and then not again for its lifetime', async () => {
    const { clock, fetches, loader, told } = bench();
    const got = [loader.get('k'), loader.get('k'), loader.get('other')];
    await settle();
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
    await settle();
    expect(fetches.length).toBe(3);
  });

  it('CL-2 hands an error to all who wait, and keeps nothing of it', async () => {
    const { fetches, loader } = bench();
    const got = [loader.get('k'), loader.get('k')];
    await settle();
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
    await settle();
    expect(fetches.length).toBe(2);
  });

  it('CL-3 beyond the soft lifetime it answers at once and fetches behind the scenes, once', async () => {
    const { clock, fetches, loader, told } = await filled({ softTtlMs: 60 });
    clock.ms = 60;
    expect(await loader.get('k')).toBe('old');
    expect(await loader.get('k')).toBe('old');
    await settle();
    expect(fetches.length).toBe(2);
    fetches[1]!.fail(new Error('origin'));
    await settle();
    expect(await loader.get('k')).toBe('old');
    await settle();
    fetches[2]!.answer('new');
    await settle();
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
    await settle();
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
    await settle();
    fetches[0]!.answer(null);
    expect(await got).toBeNull();
    clock.ms = 9;
    expect(await loader.get('k')).toBeNull();
    clock.ms = 10;
    void loader.get('k');
    await settle();
    expect(fetches.length).toBe(2);
    expect(told).toEqual(['miss absent', 'loaded negative', 'hit fresh', 'miss absent']);
  });

  it('CL-6 uses an old value when the origin fails, for so long and no longer', async () => {
    const { clock, fetches, loader, told } = await filled({ staleIfErrorMs: 50 });
    clock.ms = 149;
    const got = loader.get('k');
    await settle();
    fetches[1]!.fail(new Error('origin'));
    expect(await got).toBe('old');
    expect(told).toEqual(['miss expired', 'failed thrown', 'failed stale']);
    clock.ms = 150;
    const late = loader.get('k');
    await settle();
    fetches[2]!.fail(new Error('origin'));
    await expect(late).rejects.toThrow('origin');
  });

  it('CL-7 one caller that gives up leaves the others waiting, the last one stops the fetch', async () => {
    const { fetches, loader, told } = bench();
    const [first, second] = [new AbortController(), new AbortController()];
    const got = [first, second].map(({ signal }) => loader.get('k', { signal }));
    await settle();
    first.abort(new Error('first'));
    await expect(got[0]).rejects.toThrow('first');
    expect(fetches[0]!.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    await expect(got[1]).rejects.toThrow('second');
    expect(fetches[0]!.signal.aborted).toBe(true);
    expect(loader.inFlight).toBe(0);
    // Who comes now does not join what was stopped, and what it brings is not kept.
    const next = loader.get('k');
    await settle();
    fetches[0]!.answer('stopped');
    await settle();
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
    await settle();
    loader.invalidate('k');
    const after = loader.get('k');
    await settle();
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
    await settle();
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
    await settle();
    expect(fetches.length).toBe(1);
    clock.ms = 40;
    await loader.get('k');
    await settle();
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
  });
});
