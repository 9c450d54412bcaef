import {
  blockChoice,
  choice,
  count,
  describeKind,
  distribution,
  type KindFinding,
  numberChoice,
  quantity,
  type Surroundings,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import {
  type AnswerSettings,
  checkAnswers,
  compressesAny,
  compressField,
  linkField,
  ON_ITS_CORES,
  settleAnswers,
} from '../answer-link.ts';
import { balancingFields, type InstanceBalancing, instanceBalancing, keepsKeys } from '../balancing.ts';
import {
  checkHealth,
  type HealthSettings,
  healthFields,
  settleHealth,
  type WrittenHealth,
} from '../health.ts';
import { MACHINE_CORES } from '../machine.ts';
import {
  allTargets,
  checkRoutedBalancing,
  forTargets,
  nothingToChoose,
  type RoutedBalancing,
  routedOperations,
  routedReferences,
  routingFields,
  settleBalancing,
  type WrittenRoutedBalancing,
} from '../routing.ts';
import { takesNothing } from '../takes-nothing.ts';
import {
  checkManaged,
  type Layer,
  layerOf,
  type ManagedSettings,
  managedField,
  settleManaged,
} from './managed.ts';
import { checkPair, type PairSettings, pairTakeoverField, settlePair } from './pair.ts';

/** The settings of a load balancer as interpreters read them; the component it passes on to is `to`. */
export interface LoadBalancerSettings extends AnswerSettings, RoutedBalancing {
  /** 4: it chooses for each connection of users; 7: for each request. */
  readonly layer: Layer;
  /** Requests about a key stay with one instance. */
  readonly sticky?: StickySettings;
  readonly health?: HealthSettings;
  /** CPU seconds a request. */
  readonly cost: Distribution;
  readonly cores: number;
  /** Two of them; absent where there is one. */
  readonly pair?: PairSettings;
  /** Where a provider runs it. */
  readonly managed?: ManagedSettings;
}

/** How many keys are remembered, and for how long. */
export interface StickySettings {
  /** Seconds after the last request about a key until it is forgotten. */
  readonly idle: number;
  readonly sessions: number;
}

/** As the stick table in the examples of HAProxy's manual: `stick-table type ip size 200k expire 30m`. */
const SESSIONS = 200_000;

/** A component that passes every request on to one instance of another. */
export const describe = describeKind({
  name: 'load-balancer',
  summary: 'Passes every request on to one instance of another component, or of one of several by routes.',
  availability: 'availability.loadBalancer',
  ceilings: [{ setting: 'cores', constant: MACHINE_CORES }],
  costs: () => ({ instance: ['cost.loadBalancer'], component: ['cost.loadBalancer.traffic'] }),
  settings: section('a load-balancer', {
    ...routingFields,
    layer: numberChoice([4, 7], {
      is: 'What an instance is chosen for: at layer 7 each request, at layer 4 each connection of users, whose requests all go to that instance.',
      default: 7,
    }).optional(),
    // "round-robin" is the default of nginx (nginx.org, ngx_http_upstream_module), HAProxy and Envoy.
    managed: managedField,
    algorithm: blockChoice('balance', instanceBalancing, {
      is: 'How an instance is chosen; power-of-two takes the less loaded of two picked at random; key-hash to maglev always send a key to the same.',
      default: 'round-robin',
    }).optional(),
    ...balancingFields,
    sticky: quantity(
      'time',
      {
        is: 'Requests about the same key go to the instance that had the last one, until there was none for so long. Without it, nothing is sticky.',
      },
      { above: 0 },
    ).optional(),
    sessions: count(
      {
        is: 'Keys remembered at most; beyond them, the one not asked for the longest is forgotten.',
        default: SESSIONS,
      },
      { most: 2 ** 24 },
    ).optional(),
    ...healthFields,
    cost: distribution('time', {
      is: 'CPU time a request takes in the balancer itself.',
      default: '0s',
    }).optional(),
    cores: count({ is: 'CPU cores of the balancer.', default: 1 }, { most: 10_000 }).optional(),
    ...compressField(ON_ITS_CORES),
    ...linkField,
    pair: choice(['active-passive', 'active-active'], {
      is: 'Two such balancers instead of one: one serves and the other stands by, or requests come to both by chance.',
    }).optional(),
    takeover: pairTakeoverField,
  }),
  operations: routedOperations,
  stations: {
    cpu: 'Its CPU cores, where a request or an answer costs it time.',
    link: 'The link by which answers leave it, where its bandwidth is limited.',
  },
  answers(settings) {
    const { compress } = settings as unknown as LoadBalancerSettings;
    return compress === undefined ? {} : { ratio: compress.ratio };
  },
  roles: { upstream: true },
  references: routedReferences,
  example: `kind: load-balancer
algorithm: least-connections
to: api
`,
  settle: (written, settling): Readonly<Record<string, unknown>> => {
    const { sticky, sessions = SESSIONS } = written;
    const balancing = settleBalancing('load-balancer', written as WrittenRoutedBalancing, settling);
    const health = settleHealth(written as WrittenHealth, settling);
    const pair = settlePair(written, settling);
    const layer = written.layer ?? layerOf(written.managed);
    const managed = settleManaged(written.managed, layer, settling);
    const settings: LoadBalancerSettings = {
      layer,
      ...balancing,
      ...(sticky === undefined ? {} : { sticky: { idle: sticky, sessions } }),
      ...(health === null ? {} : { health }),
      cost: written.cost ?? { law: 'constant', value: 0 },
      cores: written.cores ?? 1,
      ...settleAnswers(written, settling),
      ...(pair && { pair }),
      ...(managed && { managed }),
    };
    return { ...settings };
  },
  works(settings, around) {
    const balancer = settings as unknown as LoadBalancerSettings;
    return !takesNothing(balancer.cost) || balancer.link !== undefined || compressesAny(balancer, around);
  },
  instances: ({ pair }) => (pair === undefined ? 1 : 2),
  check(written, { settings }, around) {
    const findings: KindFinding[] = [];
    const idle = (setting: string, message: string) => {
      findings.push({ code: 'idle-knob', setting: [setting], message });
    };
    const own = settings as unknown as LoadBalancerSettings;
    const algorithm = settings['algorithm'] as InstanceBalancing;
    const all = allTargets(around);
    const asks = all.some(({ name }) => around.callers.has(name));
    findings.push(
      ...checkRoutedBalancing(written as WrittenRoutedBalancing, own, around),
      ...forTargets(all, (target) => checkHealth(algorithm, written as WrittenHealth, { ...target, asks })),
    );
    if (written.sticky !== undefined) {
      const alone = nothingToChoose(all);
      if (alone !== null) idle('sticky', alone);
      else if (!around.carriesKeys) idle('sticky', 'no request that comes here carries a key');
      else if (keepsKeys(algorithm)) idle('sticky', `${algorithm} always sends a key to the same instance`);
    } else if (written.sessions !== undefined) idle('sessions', 'nothing is sticky here');
    const cost = settings['cost'] as Distribution;
    const { layer, managed } = own;
    if (layer !== 4) findings.push(...checkAnswers(written, around));
    const computes = compressesAny(own, around);
    if (written.cores !== undefined && takesNothing(cost) && !computes) {
      findings.push({
        code: 'idle-knob',
        setting: ['cores'],
        message: 'a request costs the balancer no CPU time',
        hint: 'say what a request takes with `cost`',
      });
    }
    if (layer === 4) findings.push(...checkLayer(written, around));
    findings.push(...checkPair(written), ...checkManaged(managed, all, rulesOf(written.routes)));
    return findings;
  },
});

/** Routes that take some of what comes: the one that takes the rest is no rule. */
function rulesOf(routes: readonly object[] = []): number {
  return routes.filter((route) =>
    Object.keys(route).some((word) => word === 'path' || word === 'header' || word === 'share'),
  ).length;
}

/** What can be seen of a request, and of its answer, by whoever sees connections alone: nothing. */
function checkLayer(
  written: {
    readonly layer?: unknown;
    readonly routes?: unknown;
    readonly sticky?: unknown;
    readonly eject?: unknown;
    readonly algorithm?: unknown;
    readonly compress?: unknown;
  },
  around: Surroundings,
): KindFinding[] {
  const blind = (setting: string, message: string, hint: string): KindFinding => ({
    code: 'conflicting-keys',
    setting: [setting],
    message: `at layer 4 ${message}`,
    expected: '`layer: 7` for that',
    hint,
  });
  const findings: KindFinding[] = [];
  if (written.routes !== undefined) {
    const hint = 'a balancer or gateway at layer 7 behind it can route';
    findings.push(blind('routes', 'it sees no path and no header of a request', hint));
  }
  if (written.sticky !== undefined) {
    const hint = 'without `sticky`, a connection stays with its instance all the same';
    findings.push(blind('sticky', 'it sees no key of a request', hint));
  }
  if (written.eject !== undefined) {
    const hint = '`health` finds out by probes of its own';
    findings.push(blind('eject', 'it sees no answer, and not that one failed', hint));
  }
  if (written.algorithm === 'peak-ewma') {
    const hint = 'least-connections goes by what it can count';
    findings.push(blind('algorithm', 'it sees no answer, and not how long one took', hint));
  }
  if (written.compress !== undefined) {
    const hint = 'a balancer or gateway at layer 7 behind it can compress';
    findings.push(blind('compress', 'it sees no answer, and cannot change one', hint));
  }
  if (findings.length > 0 || written.layer === undefined) return findings;
  const alone = nothingToChoose(allTargets(around));
  const message =
    alone ??
    (around.connected === 'none'
      ? 'nobody who asks it has `connections`, so each request is a connection of its own'
      : null);
  if (message === null) return [];
  const hint = alone === null ? 'a `client` in front with `users` and `connections` keeps some' : undefined;
  return [{ code: 'idle-knob', setting: ['layer'], message, ...(hint !== undefined && { hint }) }];
}
