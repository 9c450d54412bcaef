import {
  blockChoice,
  choice,
  count,
  describeKind,
  type KindFinding,
  limit,
  type OwnName,
  section,
} from '../../design/index.ts';
import { type InstanceBalancing, instanceBalancing } from '../balancing.ts';

/** The settings of a service as interpreters read them. */
export interface ServiceSettings {
  readonly instances: number;
  /** Cores an instance. */
  readonly cores: number;
  readonly model: 'threads' | 'event-loop';
  /** Requests in progress an instance, held through waits for others; null = without limit. */
  readonly workers: number | null;
  /** Waiting places an instance, before the workers, or before the CPU without them; null = without limit. */
  readonly queue: number | null;
  readonly discipline: 'fifo' | 'lifo' | 'processor-sharing' | 'priority';
  /** How callers that come without a balancer choose an instance. */
  readonly balance: InstanceBalancing | OwnName<'balance'>;
}

/** A program of the user's own, on one or more equal instances. */
export const describe = describeKind({
  name: 'service',
  summary: 'A program of your own: equal instances with CPU cores, whose operations are lists of steps.',
  availability: 'availability.instance',
  settings: section('a service', {
    instances: count({ is: 'Equal instances.', default: 1 }, { most: 100_000 }).optional(),
    cores: count({ is: 'CPU cores an instance.', default: 1 }, { most: 10_000 }).optional(),
    model: choice(['threads', 'event-loop'], {
      is: 'Threads use every core; an event loop computes on one core an instance, whatever it has.',
      default: 'threads',
    }).optional(),
    workers: limit(
      {
        is: 'Requests in progress an instance; a worker is held while its request waits for others.',
        default: 'unlimited',
      },
      { most: 1_000_000 },
    ).optional(),
    queue: limit(
      {
        is: 'Waiting places an instance, before the workers, or before the CPU without them; a request that finds none is refused.',
        default: 'unlimited',
      },
      { least: 0, most: 1_000_000_000 },
    ).optional(),
    discipline: choice(['fifo', 'lifo', 'processor-sharing', 'priority'], {
      is: 'Who of the waiting is served next; processor-sharing serves all at once, each more slowly.',
      default: 'fifo',
    }).optional(),
    // kube-proxy in iptables mode "chooses a backend at random" (kubernetes.io, Virtual IPs and Service Proxies).
    balance: blockChoice('balance', instanceBalancing, {
      is: 'How callers that come without a load balancer choose an instance; random is what kube-proxy does.',
      default: 'random',
    }).optional(),
  }),
  operations: { from: 'design' },
  stations: {
    cpu: 'The CPU cores of an instance, or the one thread of an event loop.',
    workers: 'The workers of an instance, where they are limited: held through calls to others too.',
  },
  roles: { target: true },
  references: {},
  example: `kind: service
instances: 3
cores: 2
operations:
  work:
    - compute: exponential(10ms)
`,
  settle: (written): Readonly<Record<string, unknown>> => {
    const settings: ServiceSettings = {
      instances: written.instances ?? 1,
      cores: written.cores ?? 1,
      model: written.model ?? 'threads',
      workers: written.workers ?? null,
      queue: written.queue ?? null,
      discipline: written.discipline ?? 'fifo',
      balance: written.balance ?? 'random',
    };
    return { ...settings };
  },
  instances: (settings) => settings['instances'] as number,
  heedsPriority: (settings) => settings['discipline'] === 'priority',
  check(written, { settings }, { computes, calledDirectly, priorities }) {
    const findings: KindFinding[] = [];
    const idle = (setting: string, message: string, hint?: string) => {
      findings.push({
        code: 'idle-knob',
        setting: [setting],
        message,
        ...(hint === undefined ? {} : { hint }),
      });
    };
    const { cores, model, discipline, balance, queue, instances } = written;
    const noCpu = 'no operation of this service has a compute step, so its CPU is never used';
    const noStation = !computes && settings['workers'] === null;
    if (cores !== undefined && !computes) idle('cores', noCpu);
    else if (cores !== undefined && cores > 1 && model === 'event-loop') {
      idle('cores', 'an event loop computes on one core, whatever the instance has', 'raise `instances`');
    }
    if (discipline !== undefined && noStation) idle('discipline', noCpu);
    else if (discipline === 'priority' && priorities < 2) {
      idle('discipline', 'all traffic has the same priority', 'give a traffic its own `priority`');
    }
    if (queue !== undefined && noStation) idle('queue', noCpu);
    if (instances !== undefined && instances > 1 && noStation) idle('instances', noCpu);
    if (balance !== undefined && settings['instances'] === 1) {
      idle('balance', 'there is one instance, so there is nothing to choose');
    } else if (balance !== undefined && !calledDirectly) {
      idle('balance', 'every request comes through a load balancer, which picks the instance');
    }
    return findings;
  },
});
