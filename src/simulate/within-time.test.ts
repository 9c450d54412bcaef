import { expect, test } from 'vitest';
import type { Measurement } from './outcome/measurement.ts';
import type { ReplicationJob } from './replication.ts';
import { runWithinTime } from './within-time.ts';

/** Replications of so many seconds each, one after the other; the numbers of those that were run, batch by batch. */
async function batches(seconds: number, maxWall: number, replications = 20, begun = 0): Promise<number[][]> {
  let now = begun;
  const seen: number[][] = [];
  const jobs = Array.from({ length: replications }, (_, replication) => ({ replication }) as ReplicationJob);
  const runner = {
    run: async (batch: readonly ReplicationJob[]) => {
      seen.push(batch.map(({ replication }) => replication));
      now += seconds * batch.length;
      return batch.map(({ replication }) => ({ events: replication }) as Measurement);
    },
  };
  const runs = await runWithinTime(jobs, { elapsed: () => now, maxWall }, runner);
  expect(runs.map(({ events }) => events)).toEqual(seen.flat());
  return seen;
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test('all at once where time does not matter', async () => {
  expect(await batches(1, Number.POSITIVE_INFINITY)).toEqual([upTo(0, 20)]);
});

test('two, and the others where they end in time', async () => {
  expect(await batches(1, 20)).toEqual([upTo(0, 2), upTo(2, 20)]);
  expect(await batches(0, 20)).toEqual([upTo(0, 2), upTo(2, 20)]);
});

test('as many as end in time, the first ones', async () => {
  expect(await batches(1, 10)).toEqual([upTo(0, 2), upTo(2, 10)]);
  expect(await batches(1, 10, 20, 5)).toEqual([upTo(0, 2), upTo(2, 5)]);
});

test('two in any case', async () => {
  expect(await batches(100, 10)).toEqual([upTo(0, 2)]);
  expect(await batches(1, 10, 20, 100)).toEqual([upTo(0, 2)]);
});
