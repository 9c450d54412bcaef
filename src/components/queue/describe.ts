import { type BackPressure, backPressures } from '../../blocks/index.ts';
import {
  choice,
  count,
  describeKind,
  distribution,
  type KindFinding,
  limit,
  quantity,
  reference,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';

/** The settings of a queue as interpreters read them; times in seconds. */
export interface QueueSettings {
  /** Messages at work at once, of each instance of the consumer. */
  readonly concurrency: number;
  readonly visibility: number;
  /** Deliveries of a message at most; null = until one succeeds. */
  readonly attempts: number | null;
  readonly retryDelay: number;
  readonly delay: number;
  readonly discipline: 'fifo' | 'priority';
  /** Messages held at most; null = without limit. */
  readonly capacity: number | null;
  readonly whenFull: BackPressure;
  readonly acceptTime: Distribution;
}

/** Most messages that a queue can hold. */
const MOST = 1_000_000;

/** Messages that wait for whoever works on them. */
export const describe = describeKind({
  name: 'queue',
  summary:
    'Messages that wait for a consumer: each is handed to one, again where that fails or is not heard of, at least once in all.',
  settings: section('a queue', {
    consumer: reference('component.operation', {
      is: 'The operation that works on messages: `component.operation`, of a service; of a component alone, its `consume`. Without it, messages stay: a place for dead letters.',
    }).optional(),
    concurrency: count(
      { is: 'Messages at work at once, of each instance of the consumer.', default: 1 },
      { most: 100_000 },
    ).optional(),
    visibility: quantity(
      'time',
      {
        is: 'How long a message that was handed out is hidden; one that is not acknowledged by then is handed out again.',
        constant: 'queue.visibility',
      },
      { above: 0 },
    ).optional(),
    attempts: limit(
      {
        is: 'Deliveries of a message at most; what fails then goes to the dead letters.',
        default: 'unlimited',
      },
      { most: 1_000_000 },
    ).optional(),
    'retry-delay': quantity('time', {
      is: 'Pause before a message is handed out again whose consumer failed.',
      default: '0s',
    }).optional(),
    'dead-letter': reference('the name of a component that takes messages', {
      is: 'Where messages go that used up their attempts; without it, they are dropped, and counted.',
    }).optional(),
    delay: quantity('time', {
      is: 'How long every message is hidden at first.',
      default: '0s',
    }).optional(),
    discipline: choice(['fifo', 'priority'], {
      is: 'Who is handed out next: the first to come, or the most urgent by the priority of the traffic.',
      default: 'fifo',
    }).optional(),
    capacity: limit(
      {
        is: 'Messages held at most, those at work included.',
        default: 'unlimited',
      },
      { most: MOST },
    ).optional(),
    'when-full': choice(backPressures, {
      is: 'What becomes of a message for which there is no room: its publisher fails or waits, or a message is dropped.',
      default: 'reject',
    }).optional(),
    'accept-time': distribution('time', {
      is: 'Time the queue takes to accept a message, which its publisher waits for; the network comes on top.',
      default: '0s',
    }).optional(),
  }),
  operations: { from: 'kind', names: ['publish'] },
  stations: {
    consumers:
      'Those who work on messages, `concurrency` for each instance of the consumer; messages wait here.',
  },
  roles: { channel: { publish: 'publish' } },
  references: {
    consumer: { to: 'operation', role: 'consumer', unlessSaid: 'consume' },
    'dead-letter': { to: 'component', role: 'channel' },
  },
  delivers: {
    from: 'publish',
    to: 'consumer',
    deadLetters: 'dead-letter',
    again: (settings) => {
      const { attempts, retryDelay } = settings as unknown as QueueSettings;
      return { attempts, pause: retryDelay };
    },
    pressesBack: (settings) => {
      const { capacity, whenFull } = settings as unknown as QueueSettings;
      return capacity !== null && (whenFull === 'block' || whenFull === 'reject');
    },
  },
  example: `kind: queue
consumer: api.work
concurrency: 4
visibility: 1min
attempts: 5
`,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const settings: QueueSettings = {
      concurrency: written.concurrency ?? 1,
      visibility: written.visibility ?? settling.constant('queue.visibility'),
      attempts: written.attempts ?? null,
      retryDelay: written['retry-delay'] ?? 0,
      delay: written.delay ?? 0,
      discipline: written.discipline ?? 'fifo',
      capacity: written.capacity ?? null,
      whenFull: written['when-full'] ?? 'reject',
      acceptTime: written['accept-time'] ?? { law: 'constant', value: 0 },
    };
    return { ...settings };
  },
  check(written, { settings }, around): readonly KindFinding[] {
    const { attempts, capacity } = settings as unknown as QueueSettings;
    const findings: KindFinding[] = [];
    const idle = (setting: string, message: string): void => {
      if (written[setting as keyof typeof written] === undefined) return;
      findings.push({ code: 'idle-knob', setting: [setting], message });
    };
    if (written.consumer === undefined) {
      const unconsumed = 'nobody works on its messages, as it has no consumer';
      for (const each of ['concurrency', 'visibility', 'attempts', 'retry-delay', 'dead-letter', 'delay'])
        idle(each, unconsumed);
      idle('discipline', unconsumed);
      if (around.calledDirectly) {
        findings.push({
          code: 'no-consumer',
          setting: [],
          message: 'messages are published, and nobody ever works on them',
          hint: 'say which operation does: `consumer: component.operation`',
        });
      }
    } else {
      if (attempts === null)
        idle('dead-letter', 'a message is handed out until it succeeds, as `attempts` says no end');
      if (attempts === 1)
        idle('retry-delay', 'with one attempt, no message is handed out again after a failure');
      if (around.priorities < 2 && settings['discipline'] === 'priority')
        idle('discipline', 'all traffic has the same priority');
    }
    if (capacity === null) idle('when-full', 'it is never full, as it has no `capacity`');
    return findings;
  },
  // Its consumers do the work, and are components of their own.
  works: () => false,
  heedsPriority: (settings) => (settings as unknown as QueueSettings).discipline === 'priority',
});
