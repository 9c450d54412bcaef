import type { PlanOperation } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { Emitter } from '../emitter.ts';
import * as op from '../instructions.ts';
import { DELIVERY_LOCALS } from './channel-spec.ts';
import { declareConsumer } from './declaration.ts';

/** Emits what a publisher waits for: until the channel has taken the message, or says that it cannot. */
export function emitPublish(code: Emitter, channel: number, acceptTime: Distribution): void {
  code.delay(acceptTime, 'accept');
  code.emit(op.PUBLISH, channel, 0, code.failureLabel);
}

const NO_TIME: Distribution = { law: 'constant', value: 0 };

/**
 * Emits the way of a message to an instance of the consumer, its work there, and the answer how it ended.
 * @param batchTime what the first message of a batch takes before that; default: none
 */
export function emitDelivery(
  code: Emitter,
  channel: number,
  operation: PlanOperation,
  concurrency: number,
  batchTime: Distribution = NO_TIME,
): void {
  const { assembly } = code;
  const consumed = operation.forwards;
  if (consumed === null) throw new RangeError(`${operation.name} must forward to a consumer`);
  const slot = code.slot();
  for (let local = 1; local < DELIVERY_LOCALS; local++) code.slot();
  const begins = code.label();
  const each = code.label();
  code.place(begins);
  code.delay(batchTime, 'batches');
  code.place(each);
  const perBatch = each.at - begins.at;
  const consumer = declareConsumer(assembly, channel, operation, {
    slot,
    concurrency,
    perBatch,
    of: consumed,
  });
  code.attempt(() => code.exchange(consumed, { by: 'slot', slot }));
  code.emit(op.DELIVERED, channel, consumer);
}
