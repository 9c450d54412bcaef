import type { Random } from '../../kernel/index.ts';
import { DedupWindow, MessageQueue } from './index.ts';

/** What became of messages, all counted. */
export interface Deliveries {
  readonly made: number;
  readonly duplicates: number;
  readonly dead: number;
}

/** Sends `count` messages through a queue whose acknowledgements are lost with probability `loss`. */
export function deliveries(
  count: number,
  loss: number,
  random: Random,
  maxReceives = Number.POSITIVE_INFINITY,
): Deliveries {
  const queue = new MessageQueue({
    capacity: 64,
    visibilityTimeout: 5,
    maxReceives,
    deadLetterCapacity: 64,
  });
  const seen = new DedupWindow<number>({ span: Number.POSITIVE_INFINITY, capacity: 100_000 });
  let sent = 0;
  let made = 0;
  let duplicates = 0;
  let dead = 0;
  for (let now = 0; sent < count || queue.size > 0; now++) {
    while (sent < count && queue.send(sent, now)) sent++;
    for (let receipt = queue.receive(now); receipt >= 0; receipt = queue.receive(now)) {
      made++;
      if (!seen.firstSeen(queue.messageOf(receipt), now)) duplicates++;
      if (random.next() >= loss) queue.ack(receipt, now);
    }
    while (queue.takeDeadLetter(now) >= 0) dead++;
  }
  return { made, duplicates, dead };
}
