import { expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { loadDesignObject, underLoad } from '../../design/index.ts';
import { stress } from '../../index.ts';
import type { Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { mail } from './mail.fixture.ts';
import { lossNote, unjudgedLosses } from './unjudged-losses.ts';

const { described, simulated } = kindParts();
const planOf = (design: unknown) => loadDesignObject(design, { kinds: described }).plan!;

test('STR-12 consumers that are full are widened as any station, so that what works for them has its turn', async () => {
  // Three messages at a time of 5 ms are 600 a second, and four cores do 800 of them.
  const design = { ...mail({ concurrency: 3 }), network: { latency: '0s' } };
  const { ladder } = await stress(design, { seed: 1, most: 3, precision: 0.2 });
  const full = ladder.filter(({ what }) => what === 'station');
  expect(full.map(({ name }) => name)).toEqual(['mails.consumers', 'mailer.cpu']);
  expect(full[1]!.widened).toEqual(['mails.consumers']);
  expect(full[1]!.at.low).toBeLessThanOrEqual(1.6);
  expect(full[1]!.at.high).toBeGreaterThanOrEqual(1.6 * 0.98);
});

test('STR-13 of a stream partitions are widened with the consumers, who share them out', async () => {
  const design = mail({ kind: 'stream', partitions: 3, concurrency: 3 });
  const plan = underLoad(planOf(design), 1.4);
  const run = (widened: Record<string, number>): Promise<Report> =>
    simulate({ ...plan, widened }, simulated, { seed: 1, replications: 2, time: 4, warmup: 2 });
  const consumed = (report: Report) => report.stations['mailer.cpu']!.arrivals.value!;
  // Of 700 a second three consumers take 600 less what the network takes of their time.
  expect(consumed(await run({}))).toBeLessThan(600);
  expect(consumed(await run({ 'mails.consumers': 8 }))).toBeGreaterThan(670);
});

test('STR-14 what is lost while all goals hold is told, and what was lost before is not', async () => {
  const part = { latency: '1ms', operations: ['send'], limit: { rate: '600/s', burst: 50 } };
  const { components, ...design } = mail({ concurrency: 40, attempts: 2 });
  const mailer = { ...components.mailer, operations: { send: [{ compute: '1ms' }, { call: 'post.send' }] } };
  const plan = planOf({
    ...design,
    components: { ...components, mailer, post: { kind: 'external', ...part } },
  });
  const at = (times: number) =>
    simulate(underLoad(plan, times), simulated, { seed: 1, replications: 2, time: 4, warmup: 2 });
  const [first, there] = [await at(1), await at(1.5)];
  expect(unjudgedLosses(plan, first, first)).toEqual([]);
  // 600 of 750 a second are taken; a fifth is refused, time and again.
  const [lost] = unjudgedLosses(plan, there, first);
  expect(lost).toMatch(/^(1\d|2\d) % of the messages of mails are given up or dropped$/);
  expect(unjudgedLosses(plan, there, there)).toEqual([]);
  expect(lossNote([lost!], 1.5)[0]).toMatch(/^At 1\.5×, where all goals hold, .*: no goal is about that\.$/);
});
