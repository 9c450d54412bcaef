import type { Constant } from './constant.ts';

/** Defaults of a released line, read in the source that its documentation is made from. */
const kafka = (where: 'consumer' | 'broker', setting: string) => ({
  profile: 'cloud-2026' as const,
  source: `Apache Kafka 3.9, ${where} configs: default of ${setting}`,
  date: '2024-10',
});

/** How queues and streams hand messages on. */
export const messaging: readonly Constant[] = [
  {
    name: 'queue.visibility',
    summary: 'How long a message that was handed to a consumer is hidden from the others',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '30s',
        source: 'Amazon SQS API reference, ChangeMessageVisibility: default visibility timeout',
        date: '2026-11',
      },
    ],
    note: 'A consumer that takes longer than this works on a message that another one is handed as well.',
  },
  {
    name: 'stream.retention',
    summary: 'How long a stream keeps messages, whether they were read or not',
    dimension: 'time',
    values: [{ ...kafka('broker', 'log.retention.hours (168)'), value: '7day' }],
    note: 'A group that is behind by more than this has lost messages.',
  },
  {
    name: 'stream.batch',
    summary: 'Messages that a consumer takes from a stream at once, at most',
    dimension: 'count',
    values: [{ ...kafka('consumer', 'max.poll.records'), value: '500' }],
    note: 'It takes what is there, and waits for no more: fetch.min.bytes is 1.',
  },
  {
    name: 'stream.commit',
    summary: 'From one commit of a consumer group to the next',
    dimension: 'time',
    values: [
      { ...kafka('consumer', 'auto.commit.interval.ms (5000), with enable.auto.commit on'), value: '5s' },
    ],
    note: 'What was done since the last commit is done again when its consumer dies.',
  },
  {
    name: 'stream.session',
    summary: 'Until a consumer that sends no heartbeat is taken for dead',
    dimension: 'time',
    values: [{ ...kafka('consumer', 'session.timeout.ms (45000)'), value: '45s' }],
    note: 'Its partitions are not read meanwhile. It was 10 s before Kafka 3.0 (KIP-735), and much that is written still says so.',
  },
  {
    name: 'stream.rebalance',
    summary: 'How long partitions stand still that get another consumer',
    dimension: 'time',
    values: [{ ...kafka('consumer', 'heartbeat.interval.ms (3000)'), value: '3s' }],
    note: 'Consumers learn of a rebalance by the answer to their next heartbeat, so it takes up to that long. With the newer protocol (group.protocol=consumer) that is 5 s: consumer.heartbeat.interval.ms, group configs of Kafka 4.2.',
  },
];
