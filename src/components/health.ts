import type { TargetHealthOptions } from '../blocks/index.ts';
import { calleesOf } from '../design/callees.ts';
import {
  count,
  flag,
  type KindFinding,
  type Plan,
  quantity,
  type Settling,
  section,
} from '../design/index.ts';
import type { Failover } from '../estimate/index.ts';
import { type Distribution, mean } from '../quantities/index.ts';
import type { BalancerHealth } from '../simulate/balancing/health-spec.ts';
import { aloneAs, type Target } from './balancing.ts';
import type { DiscoverySettings } from './service/discovery.ts';

/** Envoy, "Outlier detection" (envoyproxy.io): window, base time, errors in a row, requests and targets to judge by, share. */
const WINDOW = 10;
const BASE = 30;
const CONSECUTIVE = 5;
const REQUESTS = 50;
const TARGETS = 5;
const MOST = 0.1;
/** HAProxy's number of good checks; the constants have no other. */
const RISE = 2;

/** The balancing algorithms whose weights may change while they run. */
export const rampingAlgorithms = ['random', 'weighted-round-robin', 'weighted-least-connections'] as const;

/** What a balancer learns of the health of instances, as settings; times in seconds. */
export interface HealthSettings {
  readonly probes?: {
    readonly every: number;
    readonly timeout: number;
    readonly fall: number;
    readonly rise: number;
    readonly deep?: true;
  };
  readonly eject?: {
    readonly consecutive: number | null;
    readonly failures: number | null;
    readonly of: number;
    readonly over: number;
    readonly slower: number | null;
    readonly for: number;
    readonly longest: number;
    readonly most: number;
  };
  readonly slowStart?: number;
  readonly panicBelow?: number;
}

/** The words about health beside `algorithm` or `balance`, for the settings of a kind. */
export const healthFields = {
  health: section('health checks', {
    every: quantity(
      'time',
      { is: 'From one probe of an instance to the next; the constant health.interval unless said.' },
      { above: 0 },
    ).optional(),
    timeout: quantity(
      'time',
      {
        is: 'When a probe without an answer has failed; the constant health.timeout unless said, and at most `every`.',
      },
      { above: 0 },
    ).optional(),
    fall: count(
      {
        is: 'Failed probes in a row after which an instance gets nothing; the constant health.threshold unless said.',
      },
      { most: 1000 },
    ).optional(),
    rise: count(
      { is: 'Good probes in a row after which it gets requests again; 2 unless said.' },
      { most: 1000 },
    ).optional(),
    deep: flag({
      is: 'An instance that is probed asks all that its steps ask before it answers, and is no better than the worst of these; without it, it answers for itself.',
    }).optional(),
  })
    .meta({ description: 'Probes of every instance, and what follows from them.' })
    .optional(),
  eject: section('outlier ejection', {
    consecutive: count(
      {
        is: 'Failures in a row that eject an instance; 5 unless said, and none where only `failures` is.',
      },
      { most: 1_000_000 },
    ).optional(),
    failures: quantity(
      'ratio',
      { is: 'Share of failures in a window that ejects an instance; without it, none does.' },
      { above: 0, most: 1 },
    ).optional(),
    of: count(
      {
        is: 'Requests that an instance must have had in the window to be judged by that share; 50 unless said.',
      },
      { most: 1_000_000 },
    ).optional(),
    over: quantity('time', { is: 'The window; 10s unless said.' }, { above: 0 }).optional(),
    slower: quantity(
      'time',
      { is: 'An answer that takes longer counts as a failure; without it, none does.' },
      { above: 0 },
    ).optional(),
    for: quantity(
      'time',
      { is: 'How long it is out, times the number of its ejections; 30s unless said.' },
      { above: 0 },
    ).optional(),
    longest: quantity(
      'time',
      { is: 'How long it is out at most; ten times `for` unless said.' },
      { above: 0 },
    ).optional(),
    most: quantity(
      'ratio',
      { is: 'Share of instances that may be out at once, though one always may; 10% unless said.' },
      { above: 0, most: 1 },
    ).optional(),
  })
    .meta({ description: 'Takes instances out for what the requests to them come to.' })
    .optional(),
  'slow-start': quantity(
    'time',
    {
      is: 'In which an instance that comes back gets its share of requests again, little by little; for random, weighted-round-robin and weighted-least-connections. Without it, at once.',
    },
    { above: 0 },
  ).optional(),
  panic: quantity(
    'ratio',
    {
      is: 'When fewer than this share of instances are taken to be well, all get requests again. Without it, never.',
    },
    { above: 0, most: 1 },
  ).optional(),
};

/** {@link healthFields} as read. */
export interface WrittenHealth {
  readonly health?:
    | {
        readonly every?: number | undefined;
        readonly timeout?: number | undefined;
        readonly fall?: number | undefined;
        readonly rise?: number | undefined;
        readonly deep?: boolean | undefined;
      }
    | undefined;
  readonly eject?:
    | {
        readonly consecutive?: number | undefined;
        readonly failures?: number | undefined;
        readonly of?: number | undefined;
        readonly over?: number | undefined;
        readonly slower?: number | undefined;
        readonly for?: number | undefined;
        readonly longest?: number | undefined;
        readonly most?: number | undefined;
      }
    | undefined;
  readonly 'slow-start'?: number | undefined;
  readonly panic?: number | undefined;
}

const words = ['health', 'eject', 'slow-start', 'panic'] as const satisfies readonly (keyof WrittenHealth)[];

/** The settings with their defaults; null where nothing is written that would tell of health. */
export function settleHealth(
  { health, eject, 'slow-start': slowStart, panic }: WrittenHealth,
  settling: Settling,
): HealthSettings | null {
  if (health === undefined && eject === undefined) return null;
  return {
    ...(health && { probes: probesOf(health, settling) }),
    ...(eject && { eject: ejectionOf(eject, settling) }),
    ...(slowStart !== undefined && { slowStart }),
    ...(panic !== undefined && { panicBelow: panic }),
  };
}

function probesOf(written: NonNullable<WrittenHealth['health']>, settling: Settling) {
  const every = written.every ?? settling.constant('health.interval');
  const timeout = written.timeout ?? Math.min(every, settling.constant('health.timeout'));
  const fall = written.fall ?? Math.max(1, Math.round(settling.constant('health.threshold')));
  if (timeout > every) {
    settling.refuse({
      code: 'out-of-range',
      setting: ['health', 'timeout'],
      message: 'a probe would be sent before the one before it has failed',
      expected: 'at most `every`',
    });
  }
  return { every, timeout, fall, rise: written.rise ?? RISE, ...(written.deep && { deep: true as const }) };
}

function ejectionOf(written: NonNullable<WrittenHealth['eject']>, settling: Settling) {
  const { failures = null, slower = null, for: base = BASE } = written;
  const longest = written.longest ?? 10 * base;
  if (longest < base) {
    settling.refuse({
      code: 'out-of-range',
      setting: ['eject', 'longest'],
      message: 'the longest ejection is shorter than the first',
      expected: 'at least `for`',
    });
  }
  return {
    consecutive: written.consecutive ?? (failures === null ? CONSECUTIVE : null),
    failures,
    of: written.of ?? REQUESTS,
    over: written.over ?? WINDOW,
    slower,
    for: base,
    longest,
    most: written.most ?? MOST,
  };
}

/**
 * Words about health that change nothing, and such that cannot be.
 *
 * @param unheard why no request is sent by what these words are about; null where some are
 */
export function checkHealth(
  algorithm: string,
  written: WrittenHealth,
  target: Target & { readonly asks: boolean },
  unheard: string | null = null,
): KindFinding[] {
  const findings: KindFinding[] = [];
  const idle = (setting: readonly string[], message: string) => {
    findings.push({ code: 'idle-knob', setting, message });
  };
  const alone = target.instances === 1 ? `${aloneAs(target)}, so there is no other` : null;
  const nothing = unheard ?? alone;
  for (const word of words) {
    if (written[word] === undefined) continue;
    if (nothing !== null) idle([word], nothing);
    else if ((word === 'slow-start' || word === 'panic') && !written.health && !written.eject) {
      idle([word], 'no instance is ever taken out here');
    }
  }
  if (nothing === null && written.health?.deep !== undefined && !target.asks) {
    idle(['health', 'deep'], `no step of \`${target.name}\` asks another component`);
  }
  if (written['slow-start'] !== undefined && !(rampingAlgorithms as readonly string[]).includes(algorithm)) {
    findings.push({
      code: 'conflicting-keys',
      setting: ['slow-start'],
      message: `${algorithm} has no weights that could grow`,
      expected: 'random, weighted-round-robin or weighted-least-connections',
    });
  }
  const { eject } = written;
  if (nothing === null && eject?.of !== undefined && eject.failures === undefined) {
    idle(['eject', 'of'], 'no share of failures ejects anything');
  }
  return findings;
}

/** What the simulator is told of it. */
export function balancerHealth(
  settings: HealthSettings | undefined,
  targets: number,
  of: number,
  from: number | null,
): BalancerHealth {
  const { probes, eject, slowStart, panicBelow } = settings ?? {};
  const options: TargetHealthOptions = {
    ...(probes && { probes: { fall: probes.fall, rise: probes.rise } }),
    ...(eject && {
      outliers: {
        interval: eject.over,
        baseEjectionTime: eject.for,
        maxEjectionTime: eject.longest,
        consecutiveErrors: eject.consecutive,
        errorRate: eject.failures,
        errorRateRequests: eject.of,
        errorRateTargets: Math.min(TARGETS, targets),
        slowAfter: eject.slower,
        maxEjectedShare: eject.most,
      },
    }),
    ...(slowStart !== undefined && { slowStart: { window: slowStart } }),
    ...(panicBelow !== undefined && { panicBelow }),
  };
  const probing = probes ? { every: probes.every, timeout: probes.timeout } : null;
  return { options, probing, ...(probes?.deep && { deep: true }), of, from };
}

/**
 * What the estimate is told of it: probes begin at any moment, and a dead instance fails them at once. Where instances
 * are found in a registry, it is known by the sooner of the two, and one that is back by both.
 *
 * @param target settings of the component that instances are chosen of
 */
export function failoverOf(
  settings: HealthSettings | undefined,
  target: Readonly<Record<string, unknown>>,
): Failover {
  const looked = lookedAt(settings);
  const discovery = target['discovery'] as DiscoverySettings | undefined;
  if (discovery === undefined) return looked;
  const { heartbeat, expire, refresh } = discovery;
  const forgotten = { law: 'uniform', low: expire - heartbeat, high: expire + refresh } as const;
  const sooner = looked.leftOut !== null && mean(looked.leftOut) < mean(forgotten);
  const copied = { law: 'uniform', low: 0, high: refresh } as const;
  return {
    ...looked,
    leftOut: sooner ? looked.leftOut : forgotten,
    back: mean(looked.back) < mean(copied) ? copied : looked.back,
  };
}

function lookedAt(settings: HealthSettings | undefined): Failover {
  const { probes, eject } = settings ?? {};
  const window = eject?.failures != null ? eject.over : null;
  const after = eject?.consecutive ?? null;
  const never = probes === undefined && window === null;
  return {
    leftOut: never ? null : probes ? inARow(probes.fall, probes.every) : { law: 'constant', value: window! },
    ...(after !== null && { afterFailures: after }),
    back: probes ? inARow(probes.rise, probes.every) : { law: 'constant', value: 0 },
  };
}

/**
 * What the estimate leaves out of it.
 *
 * @param targets the components that instances are chosen of
 */
export function healthNotes(
  settings: HealthSettings | undefined,
  { components, operations }: Plan,
  targets: readonly number[],
): readonly string[] {
  const asks = targets.some((target) =>
    components[target]!.operations.some((each) => calleesOf(operations[each]!).length > 0),
  );
  return settings?.probes?.deep && asks
    ? ['that its deep probes take all instances out while something is down that these ask is left out']
    : [];
}

/** Until so many probes in a row have come out the same way, from any moment between two of them. */
export function inARow(probes: number, every: number): Distribution {
  return { law: 'uniform', low: (probes - 1) * every, high: probes * every };
}
