/** Many who want the same thing: one row, the places of a pool, a message whose acknowledgement is lost. */

import { deliveries } from '../src/blocks/deliver/deliveries.fixture.ts';
import { type Bulkhead, createBackoff, restoreBulkhead } from '../src/blocks/index.ts';
import { contend, contentionBackoffs } from '../src/blocks/protect/contention.fixture.ts';
import { createRandom } from '../src/kernel/index.ts';
import type { Case, DesignModel, DirectModel } from './case.ts';
import { within } from './case.ts';
import { direct, replicated } from './direct.ts';
import { type Reader, throughput } from './figures.ts';

/** Clients that update one row: milliseconds until the last is done, and writes made. */
function updates(clients: number, kind: string, time: number, calls: number): DirectModel {
  const backoff = createBackoff(contentionBackoffs[kind]!);
  return replicated({
    name: `${clients} clients, ${kind}`,
    // The last of few is the most random.
    runs: { 10: 2000, 50: 600 }[clients] ?? 400,
    ...(clients === 10 ? { quick: true } : {}),
    expect: [
      { what: 'all are done', paper: time / 1000, unit: 's', tolerance: within(0.04) },
      { what: 'calls', paper: calls, unit: '1', tolerance: within(0.02) },
    ],
    figures: (run) => {
      const of = contend(clients, backoff, createRandom(run, `${clients} ${kind}`));
      return [of.time / 1000, of.calls];
    },
  });
}

function lostAcknowledgements(loss: number, runs: number): DirectModel {
  return replicated({
    name: `${loss * 100} % of the acknowledgements are lost`,
    runs,
    expect: [
      { what: 'deliveries a message', paper: 1 / (1 - loss), unit: '1', tolerance: within(0.01) },
      { what: 'share that are duplicates', paper: loss, unit: '1', tolerance: within(0.01) },
    ],
    figures: (run) => {
      const count = 50_000;
      const { made, duplicates } = deliveries(count, loss, createRandom(run, `acknowledgements ${loss}`));
      return [made / count, duplicates / made];
    },
  });
}

/**
 * Whether threads that take `each` places of a pool one by one, and give none back before they have all, can
 * come to a state in which every one of them waits. All states are visited; which of the waiting threads gets
 * a place that comes free is left open.
 */
function canDeadlock(threads: number, each: number, places: number): boolean {
  const options = { maxInFlight: places, maxWaiting: threads };
  // Threads are alike: a state is how many places each holds, in descending order; one that waits has + 0.5.
  const key = (holding: readonly number[]): string => holding.toSorted((a, b) => b - a).join();
  const start = key(Array<number>(threads).fill(0));
  const seen = new Set([start]);
  const open = [start];
  const visit = (holding: readonly number[]): void => {
    const next = key(holding);
    if (seen.has(next)) return;
    seen.add(next);
    open.push(next);
  };
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const holding = state.split(',').map(Number);
    const waits = (at: number): boolean => !Number.isInteger(holding[at]!);
    if (holding.every((_, at) => waits(at))) return true;
    for (let at = 0; at < threads; at++) {
      if (waits(at)) continue;
      const pool = poolOf(options, holding);
      if (holding[at]! < each) {
        visit(holding.with(at, holding[at]! + (pool.arrive() === 'run' ? 1 : 0.5)));
        continue;
      }
      // It gives all back, one by one; each place goes to one of those that wait, whoever that is.
      let after = [holding.with(at, 0)];
      for (let place = 0; place < each; place++) {
        if (!pool.finished()) continue;
        after = after.flatMap((of) =>
          of.flatMap((held, who) => (Number.isInteger(held) ? [] : [of.with(who, held + 0.5)])),
        );
      }
      for (const of of after) visit(of);
    }
  }
  return false;
}

function poolOf(options: { maxInFlight: number; maxWaiting: number }, holding: readonly number[]): Bulkhead {
  const inFlight = holding.reduce((sum, held) => sum + Math.floor(held), 0);
  const waiting = holding.filter((held) => !Number.isInteger(held)).length;
  return restoreBulkhead(options, { version: 1, kind: 'bulkhead', inFlight, waiting });
}

/** The smallest pool in which nobody can be stuck. */
function safePool(threads: number, each: number): number {
  let places = each;
  while (canDeadlock(threads, each, places)) places++;
  return places;
}

/** Whether anything is served any more: 1 or 0. */
const goesOn: Reader = (report) => {
  const { value } = throughput('threads')(report);
  const served = value === null ? null : Number(value > 0);
  return { value: served, low: served, high: served, unit: '1' };
};

/** Threads that call ever deeper into a service, each level with a worker of its own. */
function nested(threads: number, each: number, workers: number, paper: 0 | 1): DesignModel {
  const levels = Array.from({ length: each }, (_, level) => {
    const deeper = level + 1 < each ? `, { call: app.level-${level + 2} }` : '';
    return `level-${level + 1}: [ { wait: exponential(10ms) }${deeper} ]`;
  });
  const length = { time: 50, replications: 5, warmup: 50 };
  return {
    name: `${threads} threads of ${each}, ${workers} workers`,
    design: `
name: pool
network: { latency: 0s }
traffic: { threads: { call: app.level-1, users: ${threads} } }
components:
  app: { kind: service, workers: ${workers}, operations: { ${levels.join(', ')} } }
`,
    length,
    quick: { ...length, replications: 2 },
    expect: [
      {
        what: 'still serves after 50 s',
        paper,
        unit: '1',
        tolerance: 'exact',
        read: goesOn,
        estimate: 'none',
      },
    ],
  };
}

export const contention: readonly Case[] = [
  {
    id: 'backoff-contention',
    title: 'Clients update one row, and wait after a conflict',
    source: 'Brooker, Exponential Backoff and Jitter, AWS Architecture Blog 2015 (its simulator, 4,000 runs)',
    evidence: 'published simulation',
    models: [
      updates(10, 'none', 380.2, 50.88),
      updates(10, 'exponential', 3466, 50.83),
      updates(10, 'equal', 728.2, 42.46),
      updates(10, 'full', 466, 39.03),
      updates(10, 'decorrelated', 435.3, 37.66),
      updates(50, 'none', 1140.6, 690.2),
      updates(50, 'exponential', 36450, 624),
      updates(50, 'equal', 4241, 347.2),
      updates(50, 'full', 2884, 332.6),
      updates(50, 'decorrelated', 2204, 374.4),
      updates(100, 'none', 2026.8, 2421.8),
      updates(100, 'exponential', 63525, 1855.3),
      updates(100, 'equal', 6619, 812.4),
      updates(100, 'full', 4902, 796),
      updates(100, 'decorrelated', 4603, 1002),
    ],
  },
  {
    id: 'pool-deadlock',
    title:
      'T threads that take C places each, one by one: a pool of T (C − 1) + 1 is enough, one less is not',
    source: 'HikariCP, About Pool Sizing',
    evidence: 'published figure and closed form',
    models: [
      direct('every state', [
        ['smallest safe pool, 3 threads of 4', 10, () => safePool(3, 4)],
        ['smallest safe pool, 8 threads of 3', 17, () => safePool(8, 3)],
      ]),
      nested(3, 4, 9, 0),
      nested(3, 4, 10, 1),
      nested(8, 3, 16, 0),
      nested(8, 3, 17, 1),
    ],
  },
  {
    id: 'at-least-once',
    title: 'A message is delivered until it is acknowledged',
    source: 'Geometric law: 1 / (1 − q)',
    evidence: 'closed form',
    models: [lostAcknowledgements(0.01, 500), lostAcknowledgements(0.05, 100), lostAcknowledgements(0.1, 60)],
  },
];
