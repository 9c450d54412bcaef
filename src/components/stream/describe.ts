import {
  choice,
  count,
  describeKind,
  distribution,
  instancesOf,
  type KindFinding,
  limit,
  quantity,
  quantityOrUnlimited,
  reference,
  references,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';

/** Ways to share the partitions out among the consumers of a group. */
const assignments = ['range', 'round-robin', 'sticky'] as const;

/** The settings of a stream as interpreters read them; times in seconds. */
export interface StreamSettings {
  readonly partitions: number;
  /** Consumers of each instance. */
  readonly concurrency: number;
  readonly assignment: (typeof assignments)[number];
  /** Messages that a consumer takes at once, how long it waits for so many, and what that takes whatever their number. */
  readonly batch: number;
  readonly batchWait: number;
  readonly batchTime: Distribution;
  /** From one commit of a group to the next; 0 = after every batch. */
  readonly commit: number;
  readonly session: number;
  readonly rebalance: number;
  /** null = for ever. */
  readonly retention: number | null;
  /** Bytes; null = not known. */
  readonly messageSize: number | null;
  readonly replicas: number;
  /** Deliveries of a message at most; null = until one succeeds. */
  readonly attempts: number | null;
  readonly retryDelay: number;
  readonly acceptTime: Distribution;
}

const NO_TIME: Distribution = { law: 'constant', value: 0 };

/** A log in partitions, which several groups of consumers read, each at its own pace. */
export const describe = describeKind({
  name: 'stream',
  summary:
    'A log of messages in partitions: those with the same key stay in order, and every group of consumers reads all of them, at least once, at its own pace.',
  settings: section('a stream', {
    consumer: references('component.operation', {
      is: 'The operations that work on messages, each for a group that gets all of them: `component.operation`, of a service; of a component alone, its `consume`. Without it, messages stay.',
    }).optional(),
    partitions: count(
      {
        is: 'Partitions that messages are spread over by their key. Each is read by one consumer of a group, so these are the most that work at once.',
        default: 1,
      },
      { most: 1024 },
    ).optional(),
    concurrency: count(
      { is: 'Consumers of each instance of whoever consumes, each with partitions of its own.', default: 1 },
      { most: 1000 },
    ).optional(),
    assignment: choice(assignments, {
      is: 'How a group shares the partitions out: neighbours together, dealt in turn, or so that the fewest change hands when consumers come and go; only then the others are read on meanwhile.',
      default: 'range',
    }).optional(),
    batch: count(
      {
        is: 'Messages that a consumer takes at once, at most, and works on one after the other; the network is crossed once for all.',
        constant: 'stream.batch',
      },
      { most: 1_000_000 },
    ).optional(),
    'batch-wait': quantity('time', {
      is: 'How long a consumer waits for a batch to fill.',
      default: '0s',
    }).optional(),
    'batch-time': distribution('time', {
      is: 'Time that a batch takes a consumer besides the work on its messages, however many they are: to fetch it, or to write it down.',
      default: '0s',
    }).optional(),
    commit: quantity('time', {
      is: 'From one commit of a group to the next, `0s` for after every batch. What was done since the last one is done again when its consumer dies.',
      constant: 'stream.commit',
    }).optional(),
    'session-timeout': quantity('time', {
      is: 'Until a consumer that is not heard of is taken for dead, and others get its partitions.',
      constant: 'stream.session',
    }).optional(),
    rebalance: quantity('time', {
      is: 'How long partitions stand still that get another consumer.',
      constant: 'stream.rebalance',
    }).optional(),
    retention: quantityOrUnlimited(
      'time',
      {
        is: 'How long messages are kept, read or not: what a group has not read by then is lost to it.',
        constant: 'stream.retention',
      },
      { above: 0 },
    ).optional(),
    'message-size': quantity(
      'size',
      { is: 'Bytes of a message, for the storage that retention takes.' },
      { above: 0 },
    ).optional(),
    replicas: count(
      { is: 'Copies of each partition, for its storage.', default: 1 },
      { most: 100 },
    ).optional(),
    attempts: limit(
      {
        is: 'Deliveries of a message that fail at most; then it goes to the dead letters. Until then, none behind it in its partition is worked on.',
        default: 'unlimited',
      },
      { most: 1_000_000 },
    ).optional(),
    'retry-delay': quantity('time', {
      is: 'Pause before a message is worked on again whose consumer failed; its partition stands still meanwhile.',
      default: '0s',
    }).optional(),
    'dead-letter': reference('the name of a component that takes messages', {
      is: 'Where messages go that used up their attempts; without it, they are passed over, and counted.',
    }).optional(),
    'accept-time': distribution('time', {
      is: 'Time the stream takes to accept a message, which its publisher waits for; the network comes on top.',
      default: '0s',
    }).optional(),
  }),
  operations: { from: 'kind', names: ['publish'] },
  stations: {
    consumers:
      'Those who work on messages, `concurrency` for each instance of the consumer, of several groups each with its name; messages wait here.',
  },
  roles: { channel: { publish: 'publish' } },
  references: {
    consumer: { to: 'operation', role: 'consumer', unlessSaid: 'consume', many: true },
    'dead-letter': { to: 'component', role: 'channel' },
  },
  delivers: {
    from: 'publish',
    to: 'consumer',
    deadLetters: 'dead-letter',
    again: (settings) => {
      const { attempts, retryDelay } = settings as unknown as StreamSettings;
      return { attempts, pause: retryDelay };
    },
  },
  example: `kind: stream
partitions: 6
consumer: api.work
concurrency: 3
commit: 1s
retention: 3day
message-size: 500B
`,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const settings: StreamSettings = {
      partitions: written.partitions ?? 1,
      concurrency: written.concurrency ?? 1,
      assignment: written.assignment ?? 'range',
      batch: written.batch ?? settling.constant('stream.batch'),
      batchWait: written['batch-wait'] ?? 0,
      batchTime: written['batch-time'] ?? NO_TIME,
      commit: written.commit ?? settling.constant('stream.commit'),
      session: written['session-timeout'] ?? settling.constant('stream.session'),
      rebalance: written.rebalance ?? settling.constant('stream.rebalance'),
      retention: written.retention === undefined ? settling.constant('stream.retention') : written.retention,
      messageSize: written['message-size'] ?? null,
      replicas: written.replicas ?? 1,
      attempts: written.attempts ?? null,
      retryDelay: written['retry-delay'] ?? 0,
      acceptTime: written['accept-time'] ?? NO_TIME,
    };
    return { ...settings };
  },
  check(written, { settings }, around): readonly KindFinding[] {
    const { partitions, concurrency, batch, attempts, messageSize } = settings as unknown as StreamSettings;
    const findings: KindFinding[] = [];
    const idle = (setting: keyof typeof written, message: string, hint?: string): void => {
      if (written[setting] === undefined) return;
      findings.push({ code: 'idle-knob', setting: [setting], message, ...(hint && { hint }) });
    };
    if (messageSize === null) idle('replicas', 'how much is stored is not known without `message-size`');
    if (written.consumer === undefined) {
      const unread = 'nobody reads it, as it has no consumer';
      for (const each of OF_CONSUMERS) idle(each, unread);
      if (around.calledDirectly) {
        findings.push({
          code: 'no-consumer',
          setting: [],
          message: 'messages are published, and nobody ever works on them',
          hint: 'say which operation does: `consumer: component.operation`',
        });
      }
      return findings;
    }
    const groups = around.referredAll('consumer').map(({ name, kind, settings: of }) => ({
      name,
      consumers: concurrency * instancesOf(kind, of),
    }));
    for (const [i, { name, consumers }] of groups.entries()) {
      if (consumers <= partitions) continue;
      findings.push({
        code: 'idle-knob',
        setting:
          written.partitions === undefined ? ['consumer', ...(groups.length > 1 ? [i] : [])] : ['partitions'],
        message: `\`${name}\` has ${consumers} consumers, and only ${partitions} of them get a partition: the others are idle until one of those is gone`,
        hint: `as many partitions as consumers, or more`,
      });
    }
    if (groups.every(({ consumers }) => consumers === 1))
      idle('assignment', 'there is one consumer, which has all partitions');
    if (partitions === 1) idle('assignment', 'there is one partition, which one consumer has');
    if (batch === 1) idle('batch-wait', 'a batch of one is full as soon as there is a message');
    if (attempts === null)
      idle('dead-letter', 'a message is worked on until it succeeds, as `attempts` says no end');
    if (attempts === 1)
      idle('retry-delay', 'with one attempt, no message is worked on again after a failure');
    return findings;
  },
  // Its consumers do the work, and are components of their own.
  works: () => false,
});

/** What says nothing without a consumer. */
const OF_CONSUMERS = [
  'concurrency',
  'assignment',
  'batch',
  'batch-wait',
  'batch-time',
  'commit',
  'session-timeout',
  'rebalance',
  'attempts',
  'retry-delay',
  'dead-letter',
] as const;
