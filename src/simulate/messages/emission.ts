import type { PlanOperation } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { Emitter } from '../program/emitter.ts';
import * as op from '../program/instructions.ts';
import { DELIVERY_LOCALS } from './channel-spec.ts';
import { declareConsumer } from './declaration.ts';

/** Emits what a publisher waits for: until the channel has taken the message, or says that it cannot. */
export function emitPublish(code: Emitter, channel: number, acceptTime: Distribution): void {
  code.delay(acceptTime, 'accept');
  code.emit(op.PUBLISH, channel, 0, code.failureLabel);
}

/**
 * Emits the way of a message to an instance of the consumer, its work there, and the answer how it ended.
 * @param batches where consumers take several at once: what the first message of a batch takes before that; the others
 *   are there already
 */
export function emitDelivery(
  code: Emitter,
  channel: number,
  operation: PlanOperation,
  concurrency: number,
  batches?: { readonly time: Distribution; readonly several: boolean },
): void {
  const { assembly } = code;
  const consumed = operation.forwards;
  if (consumed === null) throw new RangeError(`${operation.name} must forward to a consumer`);
  const slot = code.slot();
  for (let local = 1; local < DELIVERY_LOCALS; local++) code.slot();
  const behind = code.label();
  if (batches !== undefined) code.delay(batches.time, 'batches');
  const consumer = assembly.channels[channel]!.consumers.length;
  const deliver = (network: boolean): void => {
    code.attempt(() => code.exchange(consumed, { by: 'slot', slot }, network));
    code.emit(op.DELIVERED, channel, consumer);
  };
  deliver(true);
  code.place(behind);
  if (batches?.several) deliver(false);
  declareConsumer(assembly, channel, operation, {
    slot,
    concurrency,
    goesOn: behind.at,
    of: consumed,
  });
}
