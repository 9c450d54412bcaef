import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stickiness } from './index.ts';

describe('stickiness', () => {
  it('ST-1 remembers a session until it has not been asked for during the idle time', () => {
    const sessions = new Stickiness({ maxSessions: 10, idleTime: 30 });
    expect(sessions.target('a', 0)).toBe(-1);
    sessions.assign('a', 3, 0);
    expect(sessions.target('a', 29)).toBe(3);
    expect(sessions.target('a', 58.9)).toBe(3);
    expect(sessions.target('a', 89)).toBe(-1);
    expect(sessions.size).toBe(0);
  });

  it('ST-2 tells text from numbers, and forgets when told to', () => {
    const sessions = new Stickiness({ maxSessions: 10, idleTime: Number.POSITIVE_INFINITY });
    sessions.assign('1', 1, 0);
    sessions.assign(1, 2, 0);
    expect(sessions.target('1', 1e9)).toBe(1);
    expect(sessions.target(1, 1e9)).toBe(2);
    expect(sessions.forget('1')).toBe(true);
    expect(sessions.forget('1')).toBe(false);
    expect(sessions.target('1', 1e9)).toBe(-1);
  });

  it('ST-3 does what a plain model does, within its bound', () => {
    const step = fc.record({
      assign: fc.boolean(),
      key: fc.nat({ max: 9 }),
      target: fc.nat({ max: 5 }),
      wait: fc.integer({ min: -3, max: 6 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 150 }),
        (maxSessions, steps) => {
          const sessions = new Stickiness({ maxSessions, idleTime: 10 });
          let model: { key: number; target: number; at: number }[] = [];
          let now = -20;
          let latest = Number.NEGATIVE_INFINITY;
          for (const { assign, key, target, wait } of steps) {
            now += wait;
            latest = Math.max(latest, now);
            const held = model.find((each) => each.key === key && latest - each.at < 10);
            model = model.filter((each) => each.key !== key && latest - each.at < 10);
            if (assign) {
              sessions.assign(key, target, now);
              if (model.length === maxSessions) model.shift();
              model.push({ key, target, at: latest });
            } else {
              expect(sessions.target(key, now)).toBe(held?.target ?? -1);
              if (held) model.push({ ...held, at: latest });
            }
            expect(sessions.size).toBeLessThanOrEqual(maxSessions);
          }
        },
      ),
    );
  });

  it('ST-4 stands any clock', () => {
    const sessions = new Stickiness({ maxSessions: 3, idleTime: 10 });
    for (const now of [Number.NaN, -(2 ** 53), 0, 3600, 0, Number.POSITIVE_INFINITY, 2 ** 53, Number.NaN]) {
      for (let key = 0; key < 5; key++) {
        sessions.assign(key, key, now);
        expect(sessions.size).toBeLessThanOrEqual(3);
        expect([key, -1]).toContain(sessions.target(key, now));
      }
    }
  });

  it('ST-5 goes on from a snapshot', () => {
    const options = { maxSessions: 3, idleTime: 10 };
    const first = new Stickiness(options);
    sessionsOf(first);
    const state = JSON.parse(JSON.stringify(first.snapshot()));
    const second = new Stickiness(options, state);
    expect(second.snapshot()).toEqual(state);
    second.assign('d', 4, 2);
    expect(second.target('b', 3)).toBe(-1);
    expect(second.target('a', 3)).toBe(1);
    for (const fault of [
      { version: 2 },
      { sessions: null },
      { sessions: [['a', -1, 0]] },
      { sessions: [['a', 1]] },
    ]) {
      expect(() => new Stickiness(options, { ...state, ...fault })).toThrow(RangeError);
    }
    expect(() => new Stickiness({ ...options, maxSessions: 2 }, state)).toThrow(RangeError);
  });

  it('ST-6 refuses what cannot be', () => {
    for (const maxSessions of [0, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new Stickiness({ maxSessions, idleTime: 1 })).toThrow('maxSessions must be');
    }
    for (const idleTime of [0, -1, Number.NaN]) {
      expect(() => new Stickiness({ maxSessions: 1, idleTime })).toThrow('idleTime must be');
    }
    const sessions = new Stickiness({ maxSessions: 1, idleTime: 1 });
    for (const target of [-1, 0.5, Number.NaN]) {
      expect(() => sessions.assign('a', target, 0)).toThrow('target must be');
    }
  });
});

function sessionsOf(sessions: Stickiness): void {
  sessions.assign('a', 1, 0);
  sessions.assign('b', 2, 0);
  sessions.assign('c', 3, 1);
  sessions.target('a', 1);
}
