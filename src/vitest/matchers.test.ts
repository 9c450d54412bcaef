import { describe, expect, test } from 'vitest';
import { design, type Outcome } from './index.ts';

const shop = {
  name: 'shop',
  traffic: { users: { call: 'server.ask', rate: '50/s', timeout: '1s' } },
  components: {
    server: { kind: 'service' as const, operations: { ask: [{ compute: 'exponential(10ms)' }] } },
  },
  goals: { users: { p99: '150ms' } },
  scenarios: { outage: { lasts: '40s', faults: [{ at: '10s', crash: 'server', for: '5s' }] } },
};

const few = { seed: 4, replications: 4, workers: 1 };
const quick = design(shop).with({ ...few, time: 100 });

/** What a matcher says where it does not pass. */
function complaint(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it passed');
}

describe('VIT-1 goals and limits are judged by the whole interval', () => {
  let outcome: Outcome;
  test('met, and surely not met', async () => {
    outcome = await quick;
    expect(outcome).toMeetItsGoals();
    expect(outcome).toHoldItsLoad();
    // M/M/1 at half its capacity: p99 is ln 100 · 20 ms, 92 ms.
    expect(outcome).toHaveP99Below('150ms');
    expect(outcome).not.toHaveP99Below('60ms');
    expect(outcome).toHaveMeanBelow('30ms', 'users');
    expect(outcome).toHaveSuccessAbove('99.9%');
    expect(outcome).toHaveThroughputAbove('45/s');
    expect(outcome).toHaveUtilizationBelow('60%', 'server.cpu');
    expect(outcome).not.toHaveUtilizationBelow('40%', 'server');
    expect(outcome).toCostBelow(1000);
  });

  test('what the interval straddles passes neither way', () => {
    const { value } = outcome.report.operations['users']!.latency.p99;
    const between = `${(value! * 1000).toFixed(3)}ms`;
    expect(complaint(() => expect(outcome).toHaveP99Below(between))).toContain('cannot tell: users.p99');
    expect(complaint(() => expect(outcome).not.toHaveP99Below(between))).toContain('cannot tell: users.p99');
  });

  test('a failure carries figures, report, seed and the command that prints it again', () => {
    const message = complaint(() => expect(outcome).toHaveP99Below('60ms'));
    expect(message).toMatch(/^expected shop to be below 60ms\n {2}no: users\.p99 is \d\d ms ± \d/);
    expect(message).toContain('Busiest stations');
    expect(message).toContain('again: tenfold simulate shop --seed 4 --time 100s --replications 4');
  });

  test('names and limits that are not there are told', () => {
    expect(complaint(() => expect(outcome).toHaveP99Below('60ms', 'user'))).toContain(
      'has no traffic user; it has users',
    );
    expect(complaint(() => expect(outcome).toHaveHitRatioAbove('90%'))).toContain(
      'has no cache; it has none',
    );
    expect(complaint(() => expect(outcome).toHaveP99Below('60 apples'))).toContain('60 apples');
    expect(complaint(() => expect(outcome).toRecoverWithin('5s'))).toContain('.during(name)');
  });
});

test('VIT-2 under more load, and under a scenario', async () => {
  const tenfold = await quick.at('10x');
  expect(tenfold).not.toHoldItsLoad();
  expect(tenfold).not.toHaveP99Below('10s');
  expect(tenfold).not.toMeetItsGoals();
  const hurt = await design(shop).during('outage').with(few);
  expect(hurt).not.toHaveSuccessAbove('99%');
  expect(hurt).toRecoverWithin('10s');
});

test('VIT-3 designs by name, and what is wrong with a design or a name', async () => {
  const checkout = await design('checkout').with({ ...few, time: 5 });
  expect(checkout.plan.name).toBe('checkout');
  await expect(design('no-such-thing')).rejects.toThrow('no design no-such-thing');
  await expect(quick.during('outrage')).rejects.toThrow('did you mean outage?');
  await expect(design({ ...shop, traffic: {} } as never)).rejects.toThrow('error');
  expect(() => quick.at('ten')).toThrow('a multiple such as 10x');
  expect(() => quick.at(0)).toThrow('above 0');
});
