import { describe, expect, it } from 'vitest';
import type { BalanceAlgorithm } from './index.ts';
import { timesInSystem } from './queues.fixture.ts';

/** Mean time in system, and half of a 99 % interval from 20 batches. */
function timeInSystem(...of: Parameters<typeof timesInSystem>) {
  const batches = timesInSystem(...of);
  const mean = batches.reduce((sum, value) => sum + value, 0) / batches.length;
  const variance = batches.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (batches.length - 1);
  // 99.5 % quantile of Student's t with 19 degrees of freedom.
  return { mean, half: 2.861 * Math.sqrt(variance / batches.length) };
}

/** The interval contains the published value, and is narrow enough (3 %) for that to mean something. */
function expectTime(algorithm: BalanceAlgorithm, servers: number, load: number, expected: number) {
  const { mean, half } = timeInSystem(algorithm, servers, load, 4_000_000);
  expect(half).toBeLessThan(0.03 * expected);
  expect(Math.abs(mean - expected)).toBeLessThan(half);
}

describe('in front of queues', () => {
  // Published simulation of 100 servers; the limit of infinitely many is a little lower.
  it.each([
    [0.5, 1.268],
    [0.8, 1.9598],
    [0.9, 2.6464],
  ])('O-L01 power of two choices, load %d', (load, expected) => {
    expectTime('power-of-two', 100, load, expected);
  });

  it.each([
    [0.5, 1.426321],
    [0.8, 2.955737],
  ])('O-L02 least connections is join the shortest queue, load %d', (load, expected) => {
    expectTime('least-connections', 2, load, expected);
  });

  it.each([
    ['random', 10, 0.5, 2],
    ['random', 10, 0.8, 5],
    ['round-robin', 2, 0.5, 1.618034],
    ['round-robin', 10, 0.5, 1.324642],
    ['round-robin', 10, 0.8, 2.922269],
  ] as const)('O-L03 %s over %d servers, load %d', (algorithm, servers, load, expected) => {
    expectTime(algorithm, servers, load, expected);
  });

  // Published formula for many servers; the simulation beside it withdraws registrations as this one does.
  it.each([
    [0.5, 1.0909, 1.071],
    [0.9, 1.8182, 1.777],
  ])('O-L04 join-idle-queue, 500 servers and 50 dispatchers, load %d', (load, formula, simulated) => {
    const { mean, half } = timeInSystem('join-idle-queue', 500, load, 8_000_000, { dispatchers: 50 });
    expect(half).toBeLessThan(0.02 * formula);
    expect(Math.abs(mean - formula)).toBeLessThan(0.05 * formula);
    expect(Math.abs(mean - simulated)).toBeLessThan(half + 0.01 * simulated);
  });
});
