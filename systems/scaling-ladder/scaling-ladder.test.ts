import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimatedKinds } from '../../src/components/index.ts';
import type { Plan } from '../../src/design/index.ts';
import { estimate } from '../../src/estimate/index.ts';
import { atLoad } from '../../src/simulate/recovery-load.ts';
import { designOf, run } from '../design.fixture.ts';

const rungs = ['1-one-server', '2-database-apart', '3-two-servers', '4-cache', '5-servers', 'design'];

/** Requests a second at the peak, of all traffic. */
const rateOf = ({ traffic }: Plan): number =>
  traffic.reduce((total, { arrivals }) => total + (arrivals.type === 'open' ? arrivals.rate.value : 0), 0);

/** The station that saturates first, of shards the hottest, and at which load. */
function limitOf(plan: Plan): { readonly station: string; readonly rate: number } {
  const busy = Object.entries(estimate(plan, estimatedKinds).stations).map(
    ([station, { utilization, busiest }]) =>
      [station, (busiest?.utilization ?? utilization).value ?? 0] as const,
  );
  const [station, most] = busy.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { station, rate: rateOf(plan) / most };
}

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

test('LADDER-1 each rung breaks where the story says', () => {
  const stated = [...readme.matchAll(/^\| `?scaling-ladder[^|]*\|[^|]*\| ([\d,]+)\/s \| `([\w.]+)` \|/gm)];
  const limits = rungs.map((rung) => limitOf(designOf(`scaling-ladder/${rung}`)));
  expect(stated.map(([, rate, station]) => [Number(rate!.replace(',', '')), station])).toEqual(
    limits.map(({ rate, station }) => [Number(rate.toPrecision(3)), station]),
  );
});

// Above and below by a tenth: a rung raises what is simulated by the factor that was computed, to within that.
test.each(rungs)('LADDER-2 %s holds at nine tenths of that load, and not at a tenth more', async (rung) => {
  const plan = designOf(`scaling-ladder/${rung}`);
  const { rate } = limitOf(plan);
  const verdicts = async (times: number) => {
    const options = { time: 16_000 / rate, warmup: 4000 / rate, replications: 4 };
    const { goals } = await run(atLoad(plan, (times * rate) / rateOf(plan)), options);
    return goals.map(({ met }) => met);
  };
  expect(await verdicts(0.9)).toEqual([true, true]);
  expect((await verdicts(1.1))[0]).toBe(false);
});

test('LADDER-3 more servers before the same database change nothing', async () => {
  const four = designOf('scaling-ladder/3-two-servers', [/instances: 2/g, 'instances: 4']);
  const { station, rate } = limitOf(four);
  expect([station, rate]).toEqual(['store.cpu', limitOf(designOf('scaling-ladder/3-two-servers')).rate]);
  const options = { time: 16, warmup: 4, replications: 4 };
  const { goals } = await run(atLoad(four, (1.1 * rate) / rateOf(four)), options);
  expect(goals[0]!.met).toBe(false);
});

test('LADDER-4 shards divide orders as well as reads, and replicas of all of it would not', () => {
  /** Work that is asked of each core in a second, also where that is more than it can do. */
  const at = (...changes: [RegExp, string][]) => {
    const { stations } = estimate(designOf('scaling-ladder', ...changes), estimatedKinds);
    const { arrivals, service, servers } = stations['store.cpu']!;
    return (arrivals.value! * service.value!) / servers!;
  };
  const one = at([/shards: 3/g, 'shards: 1']);
  expect(at()).toBeCloseTo(one / 3, 9);
  // Each replica does every write, and by Dynamo's rule is asked for every read.
  expect(at([/shards: 3/g, 'quorum: { replicas: 3, reads: 1, writes: 2 }'])).toBeCloseTo(one, 9);
});
