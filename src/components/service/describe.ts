import {
  blockChoice,
  choice,
  count,
  describeKind,
  distribution,
  type KindFinding,
  limit,
  type OwnName,
  quantity,
  ratios,
  type Surroundings,
  section,
} from '../../design/index.ts';
import { type Distribution, parseQuantity } from '../../quantities/index.ts';
import {
  type AnswerSettings,
  checkAnswers,
  compressesAny,
  compressField,
  linkField,
  ON_ITS_CORES,
  settleAnswers,
} from '../answer-link.ts';
import {
  balancingFields,
  checkBalancing,
  type InstanceBalancing,
  type InstanceBalancingOptions,
  instanceBalancing,
  optionsOf,
  type WrittenBalancing,
} from '../balancing.ts';
import {
  checkHealth,
  type HealthSettings,
  healthFields,
  settleHealth,
  type WrittenHealth,
} from '../health.ts';
import { corePrice, MACHINE_CORES } from '../machine.ts';
import {
  type AutoscaleSettings,
  autoscaleField,
  checkScaling,
  mostInstances,
  scalingOf,
} from './autoscale.ts';
import { type DiscoverySettings, discoveryField, discoveryOf } from './discovery.ts';
import { checkMemory, type MemorySettings, memoryFields, settleMemory } from './memory.ts';
import { checkSidecar, type SidecarSettings, sharesCpu, sidecarField, sidecarOf } from './sidecar.ts';

const disciplines = [
  'fifo',
  'lifo',
  'processor-sharing',
  'srpt',
  'priority',
  'codel',
  'adaptive-lifo',
  'fair',
] as const;

/** The settings of a service as interpreters read them. */
export interface ServiceSettings extends MemorySettings, AnswerSettings {
  /** At the start, where it is autoscaled. */
  readonly instances: number;
  readonly autoscale?: AutoscaleSettings;
  /** When an instance stands still; seconds. */
  readonly pauses?: { readonly every: Distribution; readonly for: Distribution };
  /** Cores an instance. */
  readonly cores: number;
  readonly model: 'threads' | 'event-loop';
  /** Requests in progress an instance, held through waits for others; null = without limit. */
  readonly workers: number | null;
  /** Waiting places an instance, before the workers, or before the CPU without them; null = without limit. */
  readonly queue: number | null;
  /** How long one waits at the door at most, seconds; absent = until it is one's turn. */
  readonly queueTimeout?: Distribution;
  readonly discipline: (typeof disciplines)[number];
  /** Of `codel`, seconds. */
  readonly target?: number;
  readonly interval?: number;
  /** Of `adaptive-lifo`, seconds. */
  readonly threshold?: number;
  /** Load shedding in front of the queue, seconds; absent = none. */
  readonly shed?: { readonly at: number; readonly window: number };
  /** How callers that come without a balancer choose an instance. */
  readonly balance: InstanceBalancing | OwnName<'balance'>;
  readonly options?: InstanceBalancingOptions;
  /** What callers that come without a balancer learn of the health of its instances. */
  readonly health?: HealthSettings;
  readonly discovery?: DiscoverySettings;
  readonly sidecar?: SidecarSettings;
  /** By instance: work takes 1/speed of its time there. Without it, 1 each. */
  readonly speeds?: readonly number[];
}

/** Disciplines of the queue at the door alone: before the workers, or before the CPU without them. */
const atTheDoor = ['codel', 'adaptive-lifo', 'fair'] as const;
type AtTheDoor = (typeof atTheDoor)[number];

const isAtTheDoor = (discipline: string): discipline is AtTheDoor =>
  (atTheDoor as readonly string[]).includes(discipline);

/** Disciplines in which who comes may stop, or slow, who is served. */
type Preemptive = 'processor-sharing' | 'srpt';

/** The discipline of a CPU that is used by those who have a worker already. */
export function behindWorkers(
  discipline: ServiceSettings['discipline'],
): Exclude<ServiceSettings['discipline'], AtTheDoor> {
  return isAtTheDoor(discipline) ? 'fifo' : discipline;
}

/** The discipline of the workers, which nobody can be sent away from: that of a CPU which stops its work is none. */
export function ofWorkers(
  discipline: ServiceSettings['discipline'],
): Exclude<ServiceSettings['discipline'], Preemptive> {
  return discipline === 'processor-sharing' || discipline === 'srpt' ? 'fifo' : discipline;
}

/** A window that is long beside the waits it tells of swings between letting all in and none. */
function shedding({
  at = 0.02,
  window = at,
}: {
  readonly at?: number | undefined;
  readonly window?: number | undefined;
}) {
  return { at, window };
}

/** Disciplines whose blocks let go of nobody before its turn. */
const inBlocks: ReadonlySet<string> = new Set(['priority', 'adaptive-lifo', 'fair']);

/** Settings that only one discipline has. */
const settingOf = [
  ['target', 'codel'],
  ['interval', 'codel'],
  ['threshold', 'adaptive-lifo'],
] as const;

/** Cores as a design writes them; one where it writes none, or none that can be read. */
function coresWritten(cores: unknown): number {
  const read = parseQuantity(String(cores ?? 1), 'count');
  return read.ok ? read.value.value : 1;
}

/** A program of the user's own, on one or more instances. */
export const describe = describeKind({
  name: 'service',
  summary: 'A program of your own: instances with CPU cores, whose operations are lists of steps.',
  availability: 'availability.instance',
  ceilings: [{ setting: 'cores', constant: MACHINE_CORES, instead: 'take more `instances`' }],
  costs: ({ cores, sidecar }, _, constant) => ({
    instance: [corePrice(coresWritten(cores), constant), ...(sidecar === undefined ? [] : ['cost.core'])],
  }),
  settings: section('a service', {
    instances: count(
      { is: 'Instances, equal but for their speeds.', default: 1 },
      { most: 100_000 },
    ).optional(),
    autoscale: autoscaleField,
    pauses: section('pauses', {
      every: distribution(
        'time',
        { is: 'Time from the end of a pause of an instance to its next, a time or a law of it.' },
        { least: 0.001 },
      ),
      for: distribution(
        'time',
        { is: 'How long one takes; pause.gc.g1 (200ms) unless said.' },
        { above: 0 },
      ).optional(),
    })
      .meta({
        description: 'Each instance stands still as a whole now and then, as for a garbage collection.',
      })
      .optional(),
    speeds: ratios(
      'a speed',
      {
        is: 'Speed of each instance, 1 each unless said; at 0.5 a compute step takes twice its time.',
      },
      { above: 0, most: 1000 },
    ).optional(),
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
    'queue-timeout': distribution(
      'time',
      {
        is: 'How long a request waits at most where `queue` limits them, a time or a law of it; one that has waited so long gives up, and fails; without it, until it is its turn.',
      },
      { above: 0 },
    ).optional(),
    ...memoryFields,
    ...compressField(ON_ITS_CORES),
    ...linkField,
    sidecar: sidecarField,
    discipline: choice(disciplines, {
      is: 'Who of the waiting is served next; processor-sharing serves all at once, each more slowly; srpt those with the least work left, who take the place of others.',
      default: 'fifo',
    }).optional(),
    // RFC 8289, sections 4.2 and 4.3.
    target: quantity(
      'time',
      { is: 'Of codel: the wait that is all right for a queue that stands.', default: '5ms' },
      { above: 0 },
    ).optional(),
    interval: quantity(
      'time',
      {
        is: 'Of codel: how long every wait must be above the target before one is dropped.',
        default: '100ms',
      },
      { above: 0 },
    ).optional(),
    // Maurer, "Fail at Scale", ACM Queue 13(8), 2015: a queue not empty for 100 ms stands.
    threshold: quantity('time', {
      is: 'Of adaptive-lifo: how long the queue may not have been empty before the newest go first.',
      default: '100ms',
    }).optional(),
    // 20 ms: Zhou et al., "Overload Control for Scaling WeChat Microservices", SoCC 2018.
    shed: section('load shedding', {
      at: quantity(
        'time',
        { is: 'Mean wait from which on the least urgent are turned away; 20ms unless said.' },
        { above: 0 },
      ).optional(),
      window: quantity(
        'time',
        { is: 'What the mean is taken over; as long as `at` unless said, and at most 2000 requests.' },
        { above: 0 },
      ).optional(),
    })
      .meta({ description: 'Turns requests away by the priority of their traffic before the queue is long.' })
      .optional(),
    // kube-proxy in iptables mode "chooses a backend at random" (kubernetes.io, Virtual IPs and Service Proxies).
    balance: blockChoice('balance', instanceBalancing, {
      is: 'How callers that come without a load balancer choose an instance; random is what kube-proxy does.',
      default: 'random',
    }).optional(),
    discovery: discoveryField,
    ...balancingFields,
    ...healthFields,
  }),
  operations: { from: 'design' },
  stations: {
    cpu: 'The CPU cores of an instance, or the one thread of an event loop.',
    workers: 'The workers of an instance, where they are limited: held through calls to others too.',
    link: 'The link by which answers leave an instance, where its bandwidth is limited.',
    sidecar: 'The cores of the proxy beside an instance, where it has some of its own.',
    memory:
      'The room for requests in the memory of an instance, where it is bounded: held from arrival to answer.',
  },
  roles: { target: true, upstream: true, consumer: true },
  references: {},
  answers(settings) {
    const { compress } = settings as unknown as ServiceSettings;
    return compress === undefined ? {} : { ratio: compress.ratio };
  },
  example: `kind: service
instances: 3
cores: 2
operations:
  work:
    - compute: exponential(10ms)
`,
  settle: (written, settling): Readonly<Record<string, unknown>> => {
    const { speeds, discipline = 'fifo', target, interval, threshold, shed } = written;
    const scaling = written.autoscale && scalingOf(written.autoscale, written.instances, settling);
    const instances = written.instances ?? scaling?.from ?? 1;
    const most = scaling?.to ?? instances;
    const balance = written.balance ?? 'random';
    const options = optionsOf(balance, written as WrittenBalancing);
    if (speeds !== undefined && speeds.length !== most) {
      settling.refuse({
        code: 'out-of-range',
        setting: ['speeds'],
        message: `${speeds.length} speeds for ${most} ${most === 1 ? 'instance' : 'instances'}`,
        expected: `${most} ${most === 1 ? 'speed' : 'speeds'}, one for each instance`,
      });
    }
    if (written['queue-timeout'] !== undefined && inBlocks.has(discipline)) {
      settling.refuse({
        code: 'conflicting-keys',
        setting: ['queue-timeout'],
        message: `under \`discipline: ${discipline}\` nobody leaves the queue before its turn`,
        hint: 'take fifo, lifo or codel, or a `timeout` of the callers',
      });
    }
    const health = settleHealth(written as WrittenHealth, settling);
    const settings: ServiceSettings = {
      instances,
      ...(scaling && { autoscale: scaling }),
      ...(written.pauses && {
        pauses: {
          every: written.pauses.every,
          for: written.pauses.for ?? { law: 'constant', value: settling.constant('pause.gc.g1') },
        },
      }),
      cores: written.cores ?? 1,
      model: written.model ?? 'threads',
      workers: written.workers ?? null,
      queue: written.queue ?? null,
      ...(written['queue-timeout'] && { queueTimeout: written['queue-timeout'] }),
      ...settleMemory(written, settling),
      ...settleAnswers(written, settling),
      ...(written.sidecar && { sidecar: sidecarOf(written.sidecar, settling) }),
      discipline,
      ...(discipline === 'codel' && { target: target ?? 0.005, interval: interval ?? 0.1 }),
      ...(discipline === 'adaptive-lifo' && { threshold: threshold ?? 0.1 }),
      ...(shed && { shed: shedding(shed) }),
      balance,
      ...(options === null ? {} : { options }),
      ...(health === null ? {} : { health }),
      ...(written.discovery && { discovery: discoveryOf(written.discovery, settling) }),
      ...(speeds === undefined ? {} : { speeds }),
    };
    return { ...settings };
  },
  instances: mostInstances,
  works(settings, around) {
    const service = settings as unknown as ServiceSettings;
    return computesAny(service, around) || service.link !== undefined || service.sidecar?.cores != null;
  },
  heedsPriority: (settings) => settings['discipline'] === 'priority' || settings['shed'] !== undefined,
  heedsWeight: (settings) => settings['discipline'] === 'fair',
  check(written, { name, settings }, around) {
    const { calledDirectly, callers, priorities, traffics } = around;
    const findings: KindFinding[] = [];
    const idle = (setting: string, message: string, hint?: string) => {
      findings.push({
        code: 'idle-knob',
        setting: [setting],
        message,
        ...(hint === undefined ? {} : { hint }),
      });
    };
    const most = mostInstances(settings);
    const service = settings as unknown as ServiceSettings;
    const computes = computesAny(service, around);
    findings.push(...checkScaling(service, computes), ...checkAnswers(written, around));
    const { cores, model, discipline, balance, queue, speeds } = written;
    const noCpu = 'no operation of this service has a compute step, so its CPU is never used';
    const noStation = !computes && settings['workers'] === null;
    if (cores !== undefined && !computes) idle('cores', noCpu);
    else if (cores !== undefined && cores > 1 && model === 'event-loop') {
      idle('cores', 'an event loop computes on one core, whatever the instance has', 'raise `instances`');
    }
    if (model !== undefined && !computes) idle('model', noCpu);
    else if (model === 'event-loop' && service.cores === 1) {
      idle('model', 'with one core, threads compute one after the other too');
    }
    if (discipline !== undefined && noStation) idle('discipline', noCpu);
    else if (discipline === 'priority' && priorities < 2) {
      idle('discipline', 'all traffic has the same priority', 'give a traffic its own `priority`');
    } else if (discipline === 'fair' && traffics < 2) {
      idle('discipline', 'one traffic alone comes here, so there is nobody to share with');
    } else if (isAtTheDoor(discipline ?? 'fifo') && queue === 0) {
      idle('discipline', 'with `queue: 0` nobody waits');
    }
    for (const [setting, of] of settingOf) {
      if (written[setting] !== undefined && discipline !== of) {
        idle(setting, `it is a setting of \`discipline: ${of}\``);
      }
    }
    const unqueued = discipline && ofWorkers(discipline) !== discipline && settings['workers'] === null;
    const aboutTheQueue = [
      ['shed', `it goes by waits in a queue, and under ${discipline} there is none`],
      [
        'queue-timeout',
        `under ${discipline} nobody stands in a queue: who is not served now may have been before`,
      ],
    ] as const;
    for (const [word, noQueue] of aboutTheQueue) {
      if (written[word] === undefined) continue;
      if (noStation) idle(word, noCpu);
      else if (queue === 0) idle(word, 'with `queue: 0` nobody waits');
      else if (unqueued) idle(word, noQueue, 'limit the `workers`, which are waited for');
    }
    if (queue !== undefined && noStation) idle('queue', noCpu);
    // Memory, link and sidecar are each instance's own, too.
    const nothingOwn =
      noStation && service.room === undefined && service.link === undefined && service.sidecar?.cores == null;
    if (written.pauses !== undefined && nothingOwn) idle('pauses', noCpu);
    if (speeds !== undefined && !computes) idle('speeds', noCpu);
    else if (speeds?.every((speed) => speed === 1)) idle('speeds', 'all instances have the speed 1');
    const unheard = calledDirectly ? null : chosenElsewhere(around);
    if (balance !== undefined && most === 1) {
      idle('balance', 'there is one instance, so there is nothing to choose');
    } else if (balance !== undefined && unheard !== null) {
      idle('balance', unheard);
    }
    if (written.discovery !== undefined && most === 1) {
      idle('discovery', 'there is one instance, and no other to go to');
    }
    findings.push(...checkMemory(written, service), ...checkSidecar(service.sidecar));
    const size = { name, instances: most, asks: callers.has(name) };
    findings.push(...checkHealth(service.balance, written as WrittenHealth, size, unheard));
    const beside = checkBalancing(service.balance, written as WrittenBalancing, size);
    if (unheard === null) return [...findings, ...beside];
    for (const word of Object.keys(balancingFields)) {
      if (written[word as keyof WrittenBalancing] !== undefined) {
        idle(word, unheard);
      }
    }
    return [...findings, ...beside.filter(({ code }) => code !== 'idle-knob')];
  },
});

/** Whether some request takes time of its CPU. */
function computesAny(service: ServiceSettings, around: Surroundings): boolean {
  return around.computes || sharesCpu(service.sidecar) || compressesAny(service, around);
}

/** Why nobody who asks a service chooses its instance: others do, and hand on to it what it does. */
function chosenElsewhere({ handedMessagesBy, balanced }: Surroundings): string {
  const names = handedMessagesBy.map((each) => `\`${each}\``).join(' and ');
  const hands = `${names} ${handedMessagesBy.length === 1 ? 'hands out its messages itself' : 'hand out their messages themselves'}`;
  if (handedMessagesBy.length > 0 && !balanced) return `nobody calls it: ${hands}, each to an instance`;
  const picks = 'every request comes through a load balancer, which picks the instance';
  return handedMessagesBy.length === 0 ? picks : `${picks}, and ${hands}`;
}
