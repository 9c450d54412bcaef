import { bulkService } from './formulas/index.ts';
import type { Activity } from './kind.ts';
import { byMoments, type Law, mixture, moments, point, sometimes, sum, zero } from './law/index.ts';
import { partOfBatch } from './part-of-batch.ts';
import type { Responder } from './response.ts';
import type { SlotLoad, SlotState } from './slots.ts';
import { timeLaw } from './station.ts';
import type { Hold } from './visits.ts';

/** How those are taken who hold a station several at once. */
export type Batch = Extract<Activity, { does: 'batch' }>;

/** The batch in which all who hold a station are taken; null where each comes alone. */
export function batchOf(holds: readonly Hold[]): Batch | null {
  for (const { during } of holds) {
    for (const activity of during) if (activity.does === 'batch') return activity;
  }
  return null;
}

/**
 * A station whose servers each take batches of their own, as it is: a server may be busy nearly always, and yet nobody
 * waits for long, since a batch takes hardly longer with one more in it.
 *
 * @param state the same, taken one by one
 */
export function batched(
  state: SlotState,
  load: SlotLoad,
  holds: readonly Hold[],
  { each, most, patience, work }: Batch,
  responder: Responder,
): SlotState {
  const servers = load.pools * load.slots;
  const rate = load.offered / servers;
  const [own, alone] = [workOf(holds, work, load.offered, responder), moments(sum(...each.map(timeLaw)))];
  const least = alone.mean / most + own.mean;
  const { batch, time } = bulkService(rate, alone, own, most, patience);
  const capacity = servers / least;
  const size = { size: batch, least };
  if (!Number.isFinite(time.mean)) return { ...state, batch: size };
  const held = moments(partOfBatch(each, batch));
  const waiting = Math.max(0, time.mean - held.mean - own.mean);
  const spread = Math.max(0, time.variance - held.variance - own.variance);
  const delayed = patience > 0 ? 1 : Math.min(1, rate * (held.mean + own.mean));
  return { ...state, stable: true, capacity, delayed, wait: waitOf(waiting, spread, delayed), batch: size };
}

/** A wait by its mean and variance, that a share of those who come have. */
function waitOf(average: number, variance: number, share: number): Law {
  if (average === 0 || share === 0) return zero;
  const some = average / share;
  const spread = Math.max(0, (variance + average ** 2) / share - some ** 2);
  return sometimes(share, spread === 0 ? point(some) : byMoments(some, spread / some ** 2));
}

/** Mean and variance of the work on one, of all who hold the station. */
function workOf(
  holds: readonly Hold[],
  work: readonly Activity[],
  offered: number,
  responder: Responder,
): { readonly mean: number; readonly variance: number } {
  const laws = holds.map(({ operation, traffic, keys, rate }) => ({
    weight: rate / offered,
    of: responder.during(operation, traffic, keys, work).law,
  }));
  return moments(mixture(laws));
}
