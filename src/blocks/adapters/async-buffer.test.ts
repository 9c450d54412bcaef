import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedBuffer, backPressures } from '../deliver/index.ts';
import { AsyncBuffer, type AsyncBufferEvent, type AsyncBufferOptions } from './index.ts';
import { ManualClock, outcome, settled, watchedController } from './manual-clock.fixture.ts';

function setUp(options: Omit<AsyncBufferOptions, 'clock'>) {
  const clock = new ManualClock();
  const buffer = new AsyncBuffer<string>({ ...options, clock });
  const events: AsyncBufferEvent<string>[] = [];
  buffer.listen((event) => events.push(event));
  return { clock, buffer, events };
}

const refusal = (reason: string) => ({ error: { name: 'RefusedError', reason } });

describe.each(backPressures)('a buffer in a service, that when full does: %s', (whenFull) => {
  it('AB-1 does what its core does, and every value ends once', async () => {
    const actions = fc.array(fc.constantFrom('put', 'put', 'put', 'try', 'take', 'abort', 'all', 'tryTake'), {
      maxLength: 60,
    });
    const sizes = fc.record({
      capacity: fc.integer({ min: 1, max: 4 }),
      waitingCapacity: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, actions, async (size, script) => {
        const buffer = new AsyncBuffer<number>({ ...size, whenFull, clock: new ManualClock() });
        const core = new BoundedBuffer({ ...size, whenFull });
        const taken: number[] = [];
        const lost: number[] = [];
        const aborts = new Map<number, AbortController>();
        buffer.listen((event) => {
          if (event.type === 'dropped') lost.push(event.value);
        });
        let value = 0;
        let takersWaiting = 0;
        const fromCore: number[] = [];
        const poll = (): void => {
          const message = core.poll();
          if (message >= 0) fromCore.push(message);
        };
        for (const action of script) {
          if (action === 'put' || action === 'try') {
            const own = value++;
            const expected = core.offer(own);
            if (action === 'try') {
              if (expected === 'blocked') core.withdraw(own);
              const isRefused = expected === 'blocked' || expected === 'rejected';
              expect(buffer.tryPut(own)).toBe(isRefused ? 'buffer-full' : expected);
              if (isRefused) lost.push(own);
            } else {
              const controller = new AbortController();
              aborts.set(own, controller);
              buffer.put(own, { signal: controller.signal }).then(
                (came) => expect(came).toBe(expected === 'blocked' ? 'accepted' : expected),
                () => lost.push(own),
              );
            }
            if (takersWaiting > 0) {
              takersWaiting--;
              poll();
            }
          } else if (action === 'take') {
            if (core.size === 0) takersWaiting++;
            else poll();
            buffer.take().then(
              (message) => taken.push(message),
              () => undefined,
            );
          } else if (action === 'abort') {
            const waiting = core.snapshot().waiting[0];
            if (waiting === undefined) continue;
            core.withdraw(waiting);
            aborts.get(waiting)!.abort();
          } else if (action === 'all') {
            taken.push(...buffer.takeAll());
            while (core.size > 0) poll();
          } else {
            const message = buffer.tryTake();
            if (message !== undefined) taken.push(message);
            poll();
          }
          expect([buffer.size, buffer.waiting]).toEqual([core.size, core.waitingCount]);
          await settled();
          expect(taken).toEqual(fromCore);
        }
        buffer.close();
        taken.push(...buffer.takeAll());
        await settled();
        expect([...taken, ...lost].sort((a, b) => a - b)).toEqual(Array.from({ length: value }, (_, i) => i));
      }),
    );
  });

  it('AB-2 begins nothing whose deadline is over, or whose caller went away', async () => {
    const { clock, buffer } = setUp({ capacity: 2, whenFull });
    await buffer.put('in');
    for (const deadlineMs of [clock.now(), clock.now() - 1000]) {
      expect(await outcome(buffer.put('late', { deadlineMs }))).toMatchObject(refusal('deadline'));
      expect(await outcome(buffer.take({ deadlineMs }))).toMatchObject(refusal('deadline'));
    }
    const signal = AbortSignal.abort('gone');
    expect(await outcome(buffer.put('late', { signal }))).toEqual({ error: 'gone' });
    expect(await outcome(buffer.take({ signal }))).toEqual({ error: 'gone' });
    expect(buffer.takeAll()).toEqual(['in']);
  });
});

describe('a buffer in a service', () => {
  it('AB-3 lets senders wait in turn, until there is room, their deadline, or they go', async () => {
    const { clock, buffer, events } = setUp({ capacity: 1, whenFull: 'block' });
    const wide = setUp({ capacity: 1, whenFull: 'block', waitingCapacity: 3 });
    expect(await buffer.put('a')).toBe('accepted');
    const second = outcome(buffer.put('b'));
    expect(await outcome(buffer.put('c'))).toMatchObject(refusal('buffer-full'));
    expect(buffer.tryTake()).toBe('a');
    expect(await second).toEqual({ value: 'accepted' });
    expect(events).toEqual([
      { guard: 'buffer', type: 'queued', waiting: 1 },
      { guard: 'buffer', type: 'refused', reason: 'buffer-full', size: 1, waiting: 1 },
    ]);
    const { controller, listeners } = watchedController();
    await wide.buffer.put('a');
    const gone = outcome(wide.buffer.put('b', { signal: controller.signal }));
    const late = outcome(wide.buffer.put('c', { deadlineMs: 50, signal: controller.signal }));
    const last = outcome(wide.buffer.put('d', { deadlineMs: 90 }));
    await wide.clock.advance(50);
    expect(await late).toMatchObject(refusal('deadline'));
    controller.abort('enough');
    expect(await gone).toEqual({ error: 'enough' });
    expect(wide.buffer.takeAll()).toEqual(['a', 'd']);
    expect(await last).toEqual({ value: 'accepted' });
    expect([wide.clock.pending, listeners(), clock.pending]).toEqual([0, 0, 0]);
  });

  it('AB-4 gives values to takers in turn, and leaves nothing behind of those who go', async () => {
    const { clock, buffer } = setUp({ capacity: 2, whenFull: 'reject' });
    const { controller, listeners } = watchedController();
    const { signal } = controller;
    const first = outcome(buffer.take({ signal }));
    const late = outcome(buffer.take({ deadlineMs: 50, signal }));
    const second = outcome(buffer.take({ deadlineMs: 100, signal }));
    const gone = outcome(buffer.take({ signal }));
    expect(buffer.tryPut('a')).toBe('accepted');
    expect(await first).toEqual({ value: 'a' });
    await clock.advance(50);
    expect(await late).toMatchObject(refusal('deadline'));
    expect(buffer.tryPut('b')).toBe('accepted');
    // What was given before is not taken back.
    controller.abort('enough');
    expect(await second).toEqual({ value: 'b' });
    expect(await gone).toEqual({ error: 'enough' });
    expect([clock.pending, listeners(), buffer.size]).toEqual([0, 0, 0]);
  });

  it('AB-5 tells what it throws away', async () => {
    const oldest = setUp({ capacity: 1, whenFull: 'drop-oldest' });
    const newest = setUp({ capacity: 1, whenFull: 'drop-newest' });
    for (const { buffer } of [oldest, newest]) for (const value of ['a', 'b']) await buffer.put(value);
    expect(oldest.events).toEqual([{ guard: 'buffer', type: 'dropped', reason: 'oldest', value: 'a' }]);
    expect(newest.events).toEqual([{ guard: 'buffer', type: 'dropped', reason: 'newest', value: 'b' }]);
    expect([oldest.buffer.tryTake(), newest.buffer.tryTake()]).toEqual(['b', 'a']);
  });

  it('AB-6 when closed takes nothing more in, gives out what is inside, and ends its takers', async () => {
    const { buffer } = setUp({ capacity: 2, whenFull: 'block' });
    const got: string[][] = [[], []];
    await Promise.all([buffer.put('a'), buffer.put('b')]);
    const waits = outcome(buffer.put('c'));
    buffer.close();
    buffer.close();
    expect(await waits).toMatchObject(refusal('closed'));
    expect(await outcome(buffer.put('d'))).toMatchObject(refusal('closed'));
    expect([buffer.tryPut('d'), buffer.closed, buffer.size]).toEqual(['closed', true, 2]);
    await Promise.all(
      got.map(async (own) => {
        for await (const value of buffer) own.push(value);
      }),
    );
    expect(got.flat().sort()).toEqual(['a', 'b']);
    expect(await outcome(buffer.take())).toMatchObject(refusal('closed'));
  });

  it('AB-7 ends those who wait for values when it is closed, or when their signal says so', async () => {
    const { buffer } = setUp({ capacity: 2, whenFull: 'reject' });
    const controller = new AbortController();
    const collect = async (values: AsyncIterable<string>): Promise<string[]> => {
      const all: string[] = [];
      for await (const value of values) all.push(value);
      return all;
    };
    const stopped = outcome(collect(buffer.drain({ signal: controller.signal })));
    const ended = collect(buffer);
    const third = outcome(buffer.take());
    await settled();
    for (const value of ['a', 'b', 'c', 'd']) {
      buffer.tryPut(value);
      await settled();
    }
    const refused = outcome(buffer.take());
    controller.abort('stop');
    expect([await stopped, await third]).toEqual([{ error: 'stop' }, { value: 'c' }]);
    buffer.close();
    expect([await refused, await ended]).toMatchObject([refusal('closed'), ['b']]);
  });
});
