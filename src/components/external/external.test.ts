import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

const asking = (payments: string, rate = '80/s', latency = '50ms') => `
name: paying
traffic: { users: { call: payments.charge, rate: ${rate} } }
components:
  payments: { kind: external, operations: [ charge, refund ], latency: ${latency}${payments} }
`;

const length = { seed: 5, time: 1000, replications: 4, warmup: 10 };
const run = (design: string) => simulate(planOf(design), simulatedKinds, length);
const estimated = (design: string) => estimate(planOf(design), estimatedKinds);
const users = ({ operations }: Report) => operations['users']!;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

describe('external', () => {
  it('EXT-1 answers after its latency, however many are in progress', async () => {
    const report = await run(asking('', '800/s', 'exponential(50ms)'));
    expectNear(users(report).latency.mean, 0.05);
    expectNear(users(report).latency.p99, 0.05 * Math.log(100));
    const { mean, p99 } = users(estimated(asking('', '800/s', 'exponential(50ms)'))).latency;
    expect(mean.value).toBeCloseTo(0.05, 9);
    expect(p99.value).toBeCloseTo(0.05 * Math.log(100), 4);
  });

  it('EXT-2 answers a share with an error, after as long', async () => {
    const report = await run(asking(', errors: 0.5%'));
    const { offered, failed, success } = users(report);
    const errors = failed['payments errors']!;
    // The Wilson interval of the share, at 99.9 %.
    const [n, p, z] = [offered, errors / offered, 3.29];
    const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z * Math.sqrt((p * (1 - p)) / n + ((z / n) * z) / (4 * n))) / (1 + (z * z) / n);
    expect(Math.abs(middle - 0.005)).toBeLessThan(half);
    expect(Object.keys(failed)).toEqual(['payments errors']);
    expectNear(success, 0.995);
    expect(users(estimated(asking(', errors: 0.5%'))).success.value).toBeCloseTo(0.995, 9);
    expectNear(report.stations['payments.requests']!.arrivals, 80);
  });

  it('EXT-3 refuses what a token bucket does, under Poisson arrivals as M/D/1/K', async () => {
    const report = await run(asking(', limit: { rate: 100/s, burst: 5 }'));
    // The share that M/D/1/5 at a load of 0.8 turns away, by its embedded chain.
    expectNear(users(report).success, 1 - 0.03529);
    expect(Object.keys(users(report).failed)).toEqual(['payments limit']);
    // Without a burst, who comes within 1/rate of the last one let in is refused.
    expectNear(users(await run(asking(', limit: { rate: 100/s }'))).success, 1 / 1.8);
    const estimate = estimated(asking(', limit: { rate: 100/s, burst: 2 }', '160/s'));
    expect(users(estimate).success.value).toBeCloseTo(1 / (1.6 + Math.exp(-1.6)), 9);
    expect(estimate.notes.some((note) => /payments: its limit is that of a token bucket/.test(note))).toBe(
      true,
    );
    expect(estimate.sheet.find(({ name }) => name === 'payments.limit')!.figure.value).toBeCloseTo(1.6, 9);
  });

  it('EXT-4 refuses at once, and what it refuses is not in progress there', async () => {
    const report = await run(asking(', limit: { rate: 20/s, burst: 1 }', '200/s', '1s'));
    expectNear(users(report).success, 1 / 11);
    expect(users(report).latency.mean.value).toBeCloseTo(1, 6);
    expectNear(report.stations['payments.requests']!.arrivals, 200 / 11);
  });

  it('EXT-5 has one limit for all its operations', async () => {
    const design = (other: string) => `
name: both
network: { latency: 0s }
traffic:
  users: { call: payments.charge, rate: 80/s }
  back: { call: payments.${other}, rate: 80/s }
components:
  payments: { kind: external, operations: [ charge, refund ], latency: 1ms, limit: { rate: 80/s } }
`;
    for (const other of ['charge', 'refund']) expectNear(users(await run(design(other))).success, 1 / 3);
    expect(users(estimated(design('refund'))).success.value).toBeCloseTo(1 / 3, 9);
  });

  it('EXT-6 is as available as its contract says', () => {
    const available = (word: string) =>
      estimated(asking(word)).sheet.find(({ name }) => name === 'traffic.users.availability')!.figure.value;
    expect(available(', availability: 99.9%')).toBeCloseTo(0.999, 12);
    expect(available('')).toBeNull();
  });

  it('EXT-7 passes on less by limits one after the other, in the estimate', () => {
    const design = `
name: chain
network: { latency: 0s }
traffic: { users: { call: shop.buy, rate: 100/s } }
components:
  shop: { kind: service, cores: 8, operations: { buy: [ { call: first.ask }, { call: second.ask } ] } }
  first: { kind: external, operations: [ ask ], latency: 1ms, limit: { rate: 50/s } }
  second: { kind: external, operations: [ ask ], latency: 1ms, limit: { rate: 25/s } }
`;
    expect(users(estimated(design)).success.value).toBeCloseTo((1 / 3) * (1 / (1 + 4 / 3)), 9);
  });

  it('EXT-8 equal seeds give equal reports', async () => {
    const design = asking(', errors: 2%, limit: { rate: 100/s, burst: 5 }', '80/s', 'exponential(50ms)');
    expect(await run(design)).toEqual(await run(design));
  });

  it('EXT-9 says what is wrong with its words, and where', () => {
    const problems = (design: string) =>
      loadDesign(design, {
        file: 'test.yaml',
        kinds: kinds.map(({ describe: description }) => description),
      }).diagnostics.map(({ code, path }) => `${code} ${path}`);
    expect(problems(asking('').replace('[ charge, refund ]', 'charge'))).toContain(
      'wrong-type components.payments.operations',
    );
    expect(problems(asking('').replace('refund', 'charge'))).toEqual([
      'unknown-value components.payments.operations',
    ]);
    expect(problems(asking('').replace('refund', 're.fund'))).toEqual([
      'bad-name components.payments.operations',
    ]);
    expect(problems(asking('').replace('payments.charge', 'payments.chrge'))[0]).toBe(
      'unknown-operation traffic.users.call',
    );
    expect(problems(asking(', errors: 120%'))).toEqual(['out-of-range components.payments.errors']);
    expect(problems(asking(', errors: 100%, limit: { rate: 1/s }'))).toEqual([
      'idle-knob components.payments.limit',
    ]);
  });
});
