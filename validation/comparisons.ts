/** `compare` where there is nothing to find: how often it finds something all the same. */
import { compare, type DesignInput } from '../src/index.ts';
import { type Case, points } from './case.ts';

const SEEDS = 100;
const PAIRS = 5;

/** One queue, busy for seven tenths of the time, its server under this name. */
function queue(server: string): { readonly name: string; readonly design: DesignInput } {
  const design = {
    name: 'queue',
    traffic: { users: { call: `${server}.ask`, rate: '70/s' } },
    components: {
      [server]: { kind: 'service' as const, operations: { ask: [{ compute: 'exponential(10ms)' }] } },
    },
    goals: { users: { p99: '1s' } },
  };
  return { name: server, design };
}

/** Share of the seeds with which nothing that users see is called better or worse. */
async function alike(before: string, after: string): Promise<number> {
  let found = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { comparisons } = await compare([queue(before), queue(after)], { seed, pairs: PAIRS });
    const figures = comparisons[0]!.rows.filter(({ name }) => name.startsWith('users.'));
    if (figures.some(({ effect }) => effect !== 'alike')) found++;
  }
  return 1 - found / SEEDS;
}

export const comparisons: readonly Case[] = [
  {
    id: 'compare-alike',
    title: 'No difference where there is none, with 100 seeds',
    source: 'by construction; the level of the verdicts is 5 % for all figures of a comparison together',
    evidence: 'closed form',
    models: [
      {
        name: 'a queue beside itself',
        expect: [
          { what: 'share of the seeds without a difference', paper: 1, unit: '1', tolerance: 'exact' },
        ],
        measure: async () => [await alike('server', 'server')],
      },
      {
        name: 'a queue beside one of another name, with other random numbers',
        // Four standard deviations of a share of 95 % in 100 seeds are nine points.
        expect: [
          { what: 'share of the seeds without a difference', paper: 0.95, unit: '1', tolerance: points(9) },
        ],
        measure: async () => [await alike('server', 'machine')],
      },
    ],
  },
];
