import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitBreakerState,
  createBackoff,
  restoreCircuitBreaker,
} from './index.ts';

const options: CircuitBreakerOptions = {
  trip: { kind: 'consecutive', failures: 3 },
  openFor: 60,
  halfOpen: { probes: 3, giveUpAfter: 30 },
};

/** Asks and reports at once; whether it was let through. */
function call(breaker: CircuitBreaker, now: number, succeeded: boolean, duration = 0): boolean {
  const permit = breaker.tryAcquire(now);
  if (permit === 0) return false;
  breaker.report(permit, now, duration, succeeded);
  return true;
}

function opened(changes: Partial<CircuitBreakerOptions> = {}, at = 0): CircuitBreaker {
  const breaker = new CircuitBreaker({ ...options, ...changes });
  breaker.open(at);
  return breaker;
}

describe('circuit breaker', () => {
  it('CB-1 lets everything through while closed, and opens when the condition trips', () => {
    const breaker = new CircuitBreaker(options);
    for (const succeeded of [true, false, false, true, false, false]) {
      expect(call(breaker, 0, succeeded)).toBe(true);
      expect(breaker.inspect()).toEqual({ kind: 'closed' });
    }
    call(breaker, 5, false);
    expect(breaker.inspect()).toEqual({ kind: 'open', since: 5, until: 65 });
  });

  it('CB-2 refuses while open, and says for how long', () => {
    const breaker = opened();
    for (const [now, left] of [
      [0, 60],
      [20, 40],
      [59.5, 0.5],
    ] as const) {
      expect(breaker.tryAcquire(now)).toBe(0);
      expect(breaker.retryAfter(now)).toBe(left);
    }
    expect(breaker.retryAfter(60)).toBe(0);
    expect(breaker.kind).toBe('open');
    expect(breaker.tryAcquire(60)).toBeGreaterThan(0);
    expect(breaker.kind).toBe('half-open');
  });

  it('CB-3 lets no more probes through than asked for, at once and in all', () => {
    const breaker = opened({ halfOpen: { probes: 3, inFlight: 2, giveUpAfter: 30 } });
    const first = breaker.tryAcquire(60);
    const second = breaker.tryAcquire(61);
    expect(breaker.tryAcquire(61)).toBe(0);
    expect(breaker.retryAfter(65)).toBe(25);
    breaker.report(first, 62, 2, true);
    const third = breaker.tryAcquire(62);
    expect(new Set([first, second, third, 0]).size).toBe(4);
    breaker.report(second, 63, 2, true);
    // Three in all: there is room, but none is left to send.
    expect(breaker.tryAcquire(63)).toBe(0);
    expect(breaker.inspect()).toEqual({ kind: 'half-open', inFlight: 1, returned: 2, failed: 0 });
    breaker.report(third, 64, 2, true);
    expect(breaker.kind).toBe('closed');
  });

  it('CB-4 falls into its verdict when all probes have come back: one failure too many opens it', () => {
    for (const [failures, tolerated, kind] of [
      [0, 0, 'closed'],
      [1, 0, 'open'],
      [1, 1, 'closed'],
      [2, 1, 'open'],
    ] as const) {
      const breaker = opened({ halfOpen: { probes: 3, toleratedFailures: tolerated, giveUpAfter: 30 } });
      for (let i = 0; i < 3; i++) {
        expect(breaker.kind).toBe(i === 0 ? 'open' : 'half-open');
        call(breaker, 60, i >= failures);
      }
      expect(breaker.kind).toBe(kind);
    }
  });

  it('CB-5 tolerates by default what keeps the rate unreached', () => {
    for (const [failures, kind] of [
      [4, 'closed'],
      [5, 'open'],
    ] as const) {
      const breaker = opened({
        trip: { kind: 'count-window', calls: 10, failureRate: 0.5, minimumCalls: 10 },
        halfOpen: { probes: 10, giveUpAfter: 30 },
      });
      for (let i = 0; i < 10; i++) call(breaker, 60, i >= failures);
      expect(breaker.kind).toBe(kind);
    }
  });

  it('CB-6 drops what comes from before the state changed', () => {
    const breaker = new CircuitBreaker(options);
    const early = breaker.tryAcquire(0);
    for (let i = 0; i < 3; i++) call(breaker, 1, false);
    for (let i = 0; i < 10; i++) breaker.report(early, 2, 2, false);
    expect(breaker.inspect()).toEqual({ kind: 'open', since: 1, until: 61 });
    const probe = breaker.tryAcquire(61);
    breaker.report(early, 62, 62, true);
    expect(breaker.inspect()).toEqual({ kind: 'half-open', inFlight: 1, returned: 0, failed: 0 });
    breaker.report(probe, 62, 1, true);
    // A report twice counts once.
    breaker.report(probe, 62, 1, true);
    expect(breaker.inspect()).toEqual({ kind: 'half-open', inFlight: 0, returned: 1, failed: 0 });
    call(breaker, 62, true);
    call(breaker, 62, true);
    expect(breaker.kind).toBe('closed');
    for (const old of [early, probe]) for (let i = 0; i < 3; i++) breaker.report(old, 63, 1, false);
    expect(breaker.kind).toBe('closed');
  });

  it('CB-7 gives up a probe that does not come back, and takes it as failed', () => {
    const breaker = opened({ halfOpen: { probes: 2, giveUpAfter: 30 } });
    const lost = breaker.tryAcquire(60);
    call(breaker, 61, true);
    expect(breaker.tryAcquire(89)).toBe(0);
    expect(breaker.tryAcquire(90)).toBe(0);
    expect(breaker.inspect()).toEqual({ kind: 'open', since: 90, until: 150 });
    breaker.report(lost, 91, 31, true);
    expect(breaker.kind).toBe('open');
  });

  it('CB-8 makes room for another probe when one is given up and the verdict is not reached', () => {
    const breaker = opened({
      halfOpen: { probes: 3, inFlight: 1, toleratedFailures: 1, giveUpAfter: 30 },
    });
    const lost = breaker.tryAcquire(60);
    expect(breaker.tryAcquire(89)).toBe(0);
    const next = breaker.tryAcquire(90);
    expect(next).toBeGreaterThan(lost);
    breaker.report(next, 91, 1, true);
    call(breaker, 91, true);
    expect(breaker.kind).toBe('closed');
  });

  it('CB-9 sends a probe anew that was given back without a verdict', () => {
    const breaker = opened({ halfOpen: { probes: 1, giveUpAfter: 30 } });
    for (let i = 0; i < 5; i++) {
      const permit = breaker.tryAcquire(60);
      expect(permit).toBeGreaterThan(0);
      expect(breaker.tryAcquire(60)).toBe(0);
      breaker.release(permit);
      breaker.release(permit);
    }
    call(breaker, 60, true);
    expect(breaker.kind).toBe('closed');
  });

  it('CB-10 counts a slow success as a failure', () => {
    const breaker = new CircuitBreaker({ ...options, slowAfter: 2 });
    for (let i = 0; i < 10; i++) call(breaker, 0, true, 2);
    expect(breaker.kind).toBe('closed');
    for (let i = 0; i < 3; i++) call(breaker, 0, true, 2.001);
    expect(breaker.kind).toBe('open');
  });

  it('CB-11 stays open longer each time, until it has closed', () => {
    const breaker = opened({
      openFor: createBackoff({ kind: 'exponential', base: 10, cap: 35 }),
      halfOpen: { probes: 1, giveUpAfter: 30 },
    });
    let now = 0;
    for (const openFor of [10, 20, 35, 35]) {
      expect(breaker.retryAfter(now)).toBe(openFor);
      now += openFor;
      expect(call(breaker, now, false)).toBe(true);
    }
    now += 35;
    call(breaker, now, true);
    breaker.open(now);
    expect(breaker.retryAfter(now)).toBe(10);
  });

  it('CB-12 takes chance for the open time from the stream given, and says so when there is none', () => {
    const openFor = createBackoff({ kind: 'full-jitter', base: 10, cap: 10 });
    expect(() => opened({ openFor })).toThrow(/random must be given/);
    expect(opened({ openFor, random: { next: () => 0.25 } }).retryAfter(0)).toBe(2.5);
  });

  it('CB-13 starts the wait anew when the clock goes back, and takes a jump as time that passed', () => {
    const breaker = opened({}, 3600);
    expect(breaker.tryAcquire(0)).toBe(0);
    expect(breaker.retryAfter(0)).toBe(60);
    expect(breaker.tryAcquire(59)).toBe(0);
    expect(breaker.tryAcquire(60)).toBeGreaterThan(0);
    expect(opened().tryAcquire(3600)).toBeGreaterThan(0);
    // A probe's patience, too.
    expect(breaker.tryAcquire(-3600)).toBeGreaterThan(0);
    expect(breaker.tryAcquire(-3599)).toBeGreaterThan(0);
    expect(breaker.tryAcquire(-3598)).toBe(0);
    expect(breaker.retryAfter(-3598)).toBe(28);
  });

  it('CB-14 knows no special instants', () => {
    for (const zero of [0, -1e6, 2 ** 53, -(2 ** 53)]) {
      const breaker = opened({}, zero);
      expect(breaker.tryAcquire(zero)).toBe(0);
      expect(breaker.tryAcquire(zero + 100)).toBeGreaterThan(0);
    }
  });

  it('CB-15 never lets more through than the states allow, whatever happens', () => {
    const step = fc.record({
      move: fc.oneof(
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.double({ min: -4000, max: 4000, noNaN: true }),
      ),
      report: fc.boolean(),
      succeeded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const breaker = new CircuitBreaker({
          ...options,
          halfOpen: { probes: 4, inFlight: 2, giveUpAfter: 30 },
        });
        const out: number[] = [];
        let now = 0;
        for (const { move, report, succeeded } of steps) {
          now += move;
          const before = breaker.inspect();
          if (report && out.length > 0) breaker.report(out.shift()!, now, 1, succeeded);
          else {
            const permit = breaker.tryAcquire(now);
            if (before.kind === 'open' && now >= before.since && now < before.until) expect(permit).toBe(0);
            if (permit > 0) out.push(permit);
          }
          const state = breaker.inspect();
          if (state.kind === 'half-open') {
            expect(state.inFlight).toBeLessThanOrEqual(2);
            expect(state.inFlight + state.returned).toBeLessThanOrEqual(4);
            expect(state.returned).toBeLessThan(4);
          }
          expect(breaker.retryAfter(now)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('CB-16 does the same again, and goes on from a snapshot through JSON', () => {
    const run = (interrupt: boolean) => {
      const changes = {
        ...options,
        openFor: createBackoff({ kind: 'equal-jitter', base: 5, cap: 40 }),
        random: createRandom(1),
      };
      let breaker = new CircuitBreaker(changes);
      const random = createRandom(2);
      const passed: boolean[] = [];
      for (let now = 0; now < 500; now++) {
        passed.push(call(breaker, now, random.next() < 0.4));
        if (!interrupt || breaker.kind === 'half-open') continue;
        breaker = restoreCircuitBreaker(
          changes,
          JSON.parse(JSON.stringify(breaker.snapshot())) as CircuitBreakerState,
        );
      }
      return passed;
    };
    expect(run(false)).toEqual(run(false));
    expect(run(true)).toEqual(run(false));
    expect(new Set(run(false)).size).toBe(2);
  });

  it('CB-17 sends its probes anew after a restart in the middle of them', () => {
    const breaker = opened();
    const probe = breaker.tryAcquire(60);
    const restored = restoreCircuitBreaker(options, breaker.snapshot());
    expect(restored.inspect()).toEqual({ kind: 'half-open', inFlight: 0, returned: 0, failed: 0 });
    restored.report(probe, 61, 1, true);
    for (let i = 0; i < 3; i++) call(restored, 61, true);
    expect(restored.kind).toBe('closed');
  });

  it('CB-18 refuses impossible options, arguments and state by name', () => {
    const make = (changes: object) => () => new CircuitBreaker({ ...options, ...changes });
    for (const openFor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(make({ openFor })).toThrow(/openFor must be/);
    }
    expect(make({ slowAfter: 0 })).toThrow(/slowAfter must be/);
    expect(make({ halfOpen: { probes: 0, giveUpAfter: 1 } })).toThrow(/probes must be/);
    expect(make({ halfOpen: { probes: 1025, giveUpAfter: 1 } })).toThrow(/probes must be/);
    expect(make({ halfOpen: { probes: 2, inFlight: 3, giveUpAfter: 1 } })).toThrow(/inFlight must be/);
    expect(make({ halfOpen: { probes: 2, toleratedFailures: 2, giveUpAfter: 1 } })).toThrow(
      /toleratedFailures must be a whole number from 0 to 1, got 2/,
    );
    expect(make({ halfOpen: { probes: 2, giveUpAfter: Number.POSITIVE_INFINITY } })).toThrow(/giveUpAfter/);
    const breaker = new CircuitBreaker(options);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => breaker.tryAcquire(now)).toThrow(/now must be finite/);
      expect(() => breaker.report(1, now, 0, true)).toThrow(/now must be finite/);
      expect(() => breaker.retryAfter(now)).toThrow(/now must be finite/);
    }
    const good = breaker.snapshot();
    for (const bad of [
      null,
      { ...good, version: 2 },
      { ...good, kind: 'bulkhead' },
      { ...good, state: 'ajar' },
      { ...good, openedAt: Number.NaN },
      { ...good, openFor: -1 },
      { ...good, openings: 0.5 },
      { ...good, nextPermit: 0 },
      { ...good, trip: { version: 1, kind: 'time-window' } },
    ]) {
      expect(() => restoreCircuitBreaker(options, bad as CircuitBreakerState)).toThrow(RangeError);
    }
  });
});

describe('O-R07 an outage, as resilience4j goes through it', () => {
  const resilience4j = (calls: number): CircuitBreakerOptions => ({
    trip: { kind: 'count-window', calls, failureRate: 0.5, minimumCalls: calls },
    openFor: 60,
    halfOpen: { probes: 10, giveUpAfter: 60 },
  });

  it('O-R07 140 of 60,000 calls reach the dependency in an outage of 600 s', () => {
    const breaker = new CircuitBreaker(resilience4j(100));
    for (let i = -1000; i < 0; i++) call(breaker, i / 100, true);
    let reached = 0;
    let openedAfter = 0;
    for (let i = 0; i < 60_000; i++) {
      if (call(breaker, i / 100, false)) reached++;
      if (openedAfter === 0 && breaker.kind === 'open') openedAfter = i + 1;
    }
    expect(openedAfter).toBe(50);
    expect(reached).toBe(140);
  });

  it('O-R07 nine failures of nine calls do not open a window of ten', () => {
    const breaker = new CircuitBreaker(resilience4j(10));
    for (let i = 0; i < 9; i++) call(breaker, i, false);
    expect(breaker.kind).toBe('closed');
    call(breaker, 9, true);
    expect(breaker.kind).toBe('open');
  });
});
