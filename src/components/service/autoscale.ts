import { count, type KindFinding, quantity, type Settling, section } from '../../design/index.ts';

/** How instances come and go; times in seconds. */
export interface AutoscaleSettings {
  readonly from: number;
  readonly to: number;
  /** Busy share of the CPU that it steers to; null = it does not look at that. */
  readonly utilization: number | null;
  /** Waiting requests an instance that it steers to; null = it does not look at them. */
  readonly queue: number | null;
  readonly every: number;
  readonly boot: number;
  readonly cooldown: number;
  readonly tolerance: number;
  /** Of an estimate: the servers that its load keeps busy, from which `instances` was found. */
  readonly busy?: number;
}

/** More instances come and go nowhere. */
const MOST = 10_000;

export const autoscaleField = section('autoscaling', {
  to: count({ is: 'Most instances; to be said wherever there is autoscaling.' }, { most: MOST }),
  from: count({ is: 'Least instances; 1 unless said.' }, { most: MOST }).optional(),
  target: quantity(
    'ratio',
    {
      is: 'Busy share of the CPU that it steers to; autoscale.target unless said, or unless there is a `queue`.',
    },
    { above: 0, most: 1 },
  ).optional(),
  queue: quantity(
    'count',
    {
      is: 'Requests waiting per instance that it steers to; beside a `target`, whichever asks for more instances.',
    },
    { above: 0 },
  ).optional(),
  every: quantity(
    'time',
    { is: 'Time between two looks; autoscale.every unless said.' },
    { least: 0.1 },
  ).optional(),
  boot: quantity('time', {
    is: 'Time from the order of an instance until it serves; autoscale.boot unless said.',
  }).optional(),
  cooldown: quantity('time', {
    is: 'How long the highest number wanted counts before instances are taken out; autoscale.cooldown unless said.',
  }).optional(),
  tolerance: quantity(
    'ratio',
    { is: 'Distance from the target at which it begins to act; autoscale.tolerance unless said.' },
    { most: 10 },
  ).optional(),
})
  .meta({
    description:
      'Adds instances, and takes them out, with the load; `instances` is how many there are at the start.',
  })
  .optional();

type Written = NonNullable<ReturnType<typeof autoscaleField.parse>>;

/** The settings with all defaults, for a component that has `instances` at the start, the least unless said. */
export function scalingOf(
  written: Written,
  instances: number | undefined,
  settling: Settling,
): AutoscaleSettings {
  const { to, from = 1, queue } = written;
  const constant = (word: string): number => settling.constant(`autoscale.${word}`);
  const refuse = (setting: readonly string[], message: string, expected: string) =>
    settling.refuse({ code: 'out-of-range', setting, message, expected });
  if (to < from) refuse(['autoscale', 'to'], `from ${from} to ${to} instances`, `at least ${from}`);
  else if (instances !== undefined && (instances < from || instances > to)) {
    refuse(
      ['instances'],
      `${instances} instances at the start, and then from ${from} to ${to}`,
      `${from} to ${to}`,
    );
  }
  return {
    from,
    to,
    utilization: written.target ?? (queue === undefined ? constant('target') : null),
    queue: queue ?? null,
    every: written.every ?? constant('every'),
    boot: written.boot ?? constant('boot'),
    cooldown: written.cooldown ?? constant('cooldown'),
    tolerance: written.tolerance ?? constant('tolerance'),
  };
}

/** Instances there may be at most. */
export function mostInstances(settings: Readonly<Record<string, unknown>>): number {
  const scaling = settings['autoscale'] as AutoscaleSettings | undefined;
  return scaling?.to ?? (settings['instances'] as number);
}

/** Words of autoscaling that change nothing. */
export function checkScaling(
  settings: {
    readonly autoscale?: AutoscaleSettings;
    readonly queue: number | null;
  },
  computes: boolean,
): KindFinding[] {
  const { autoscale: scaling, queue } = settings;
  if (scaling === undefined) return [];
  const idle = (setting: readonly string[], message: string): KindFinding[] => [
    { code: 'idle-knob', setting: ['autoscale', ...setting], message },
  ];
  const { from, to, utilization, tolerance } = scaling;
  if (from === to) return idle(['to'], `it is never more nor less than ${from}, so nothing is ever scaled`);
  if (utilization !== null && !computes) {
    return idle(['target'], 'no operation of this service has a compute step, so its CPU is never used');
  }
  if (scaling.queue !== null && queue === 0) return idle(['queue'], 'with `queue: 0` nobody waits');
  if (utilization !== null && utilization * (1 + tolerance) >= 1) {
    const percent = Math.round(tolerance * 100);
    return idle(['target'], `the CPU is never ${percent}% busier than that, so it never adds an instance`);
  }
  return [];
}
