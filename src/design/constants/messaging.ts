import type { Constant } from './constant.ts';

const kafka = (name: string) => ({
  profile: 'cloud-2026' as const,
  source: `Apache Kafka 3.9 documentation, ${name}: default`,
  date: '2025',
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
        source: 'Amazon SQS developer guide, visibility timeout: default',
        date: '2025',
      },
    ],
    note: 'A consumer that takes longer than this works on a message that another one is handed as well.',
  },
  {
    name: 'stream.retention',
    summary: 'How long a stream keeps messages, whether they were read or not',
    dimension: 'time',
    values: [{ ...kafka('log.retention.hours'), value: '7day' }],
    note: 'A group that is behind by more than this has lost messages.',
  },
  {
    name: 'stream.batch',
    summary: 'Messages that a consumer takes from a stream at once, at most',
    dimension: 'count',
    values: [{ ...kafka('max.poll.records'), value: '500' }],
    note: 'It takes what is there, and waits for no more.',
  },
  {
    name: 'stream.commit',
    summary: 'From one commit of a consumer group to the next',
    dimension: 'time',
    values: [{ ...kafka('auto.commit.interval.ms'), value: '5s' }],
    note: 'What was done since the last commit is done again when its consumer dies.',
  },
  {
    name: 'stream.session',
    summary: 'Until a consumer that sends no heartbeat is taken for dead',
    dimension: 'time',
    values: [{ ...kafka('session.timeout.ms'), value: '45s' }],
    note: 'Its partitions are not read meanwhile.',
  },
  {
    name: 'stream.rebalance',
    summary: 'How long partitions stand still that get another consumer',
    dimension: 'time',
    values: [{ ...kafka('heartbeat.interval.ms'), value: '3s' }],
    note: 'Consumers learn of a rebalance by the answer to their next heartbeat, so it takes up to that long.',
  },
];
