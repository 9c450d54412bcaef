/**
 * Delivery: how messages wait, who gets them, how often, and what happens when there is no room. A queue with
 * acknowledgements, ordered partitions with offsets, assignment of partitions to a group, a memory for
 * repeats, and buffers with back-pressure. Messages are the caller's numbers; what they say is kept elsewhere.
 */
export { type Assignor, assignRange, assignRoundRobin, assignSticky, partitionsMoved } from './assign.ts';
export {
  type BackPressure,
  BoundedBuffer,
  type BoundedBufferOptions,
  type BoundedBufferState,
  backPressures,
  type OfferOutcome,
} from './bounded-buffer.ts';
export { DedupWindow, type DedupWindowOptions, type DedupWindowState } from './dedup-window.ts';
export {
  MessageQueue,
  type MessageQueueOptions,
  type MessageQueueState,
  type QueuedMessageState,
} from './message-queue.ts';
export { partitionOf } from './partition-of.ts';
export { PartitionedLog, type PartitionedLogOptions, type PartitionedLogState } from './partitioned-log.ts';
export { deadLetterShare, deliveriesPerMessage } from './redelivery.ts';
