import type { Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';

/** A share of requests or messages that is worth a word, where it was less than half of that at the load of the design. */
const WORTH_A_WORD = 0.01;
const MORE = 2;

/**
 * What fails at a load at which all goals hold, since none is about it: requests of traffic without a goal on success, and
 * messages that are given up or dropped.
 *
 * @param first the report of a load that the design holds, its own where it can: what fails there as well is how it is meant
 * @returns such as `18 % of the messages of mails are given up or dropped`
 */
export function unjudgedLosses({ goals, traffic }: Plan, there: Report, first: Report): string[] {
  const grown = (now: number, then: number): boolean => now >= WORTH_A_WORD && now > MORE * then;
  const judged = goals.flatMap(({ metric, messages, traffic: t }) =>
    messages === undefined && (metric === 'success' || metric === 'throughput') ? [traffic[t]!.name] : [],
  );
  const requests = Object.entries(there.operations).flatMap(([name, { success }]) => {
    const now = 1 - (success.value ?? 1);
    const then = 1 - (first.operations[name]?.success.value ?? 1);
    return judged.includes(name) || !grown(now, then) ? [] : [`${percent(now)} of ${name} fail`];
  });
  const messages = Object.keys(there.queues ?? {}).flatMap((name) => {
    const now = lostShare(there, name);
    return grown(now, lostShare(first, name))
      ? [`${percent(now)} of the messages of ${name} are given up or dropped`]
      : [];
  });
  return [...requests, ...messages];
}

/** Messages that were given up or dropped, of all published. */
function lostShare({ queues = {} }: Report, name: string): number {
  const queue = queues[name];
  if (queue === undefined || queue.published === 0) return 0;
  const dropped = Object.values(queue.dropped).reduce((sum, count) => sum + count, 0);
  return (queue.dead + dropped) / queue.published;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** The losses as a note. */
export function lossNote(losses: readonly string[], times: number): string[] {
  if (losses.length === 0) return [];
  return [
    `At ${Number(times.toPrecision(3))}×, where all goals hold, ${losses.join('; ')}: no goal is about that.`,
  ];
}
