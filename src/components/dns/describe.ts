import {
  choice,
  count,
  describeKind,
  distribution,
  type KindFinding,
  namesByName,
  quantity,
  ratios,
  reference,
  references,
  type Surroundings,
  section,
  type Whereabouts,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import { checkHierarchy, type HierarchySettings, hierarchyField, hierarchyOf } from './hierarchy.ts';

/** The settings of a name as interpreters read them; what it stands for is `to.0`, `to.1`, … Times are in seconds. */
export interface DnsSettings {
  readonly routing: 'weighted' | 'round-robin' | 'failover' | 'region' | 'latency';
  /** By target; null = equal. */
  readonly weights: readonly number[] | null;
  readonly targets: number;
  /** For `region`: the target by name of the region of who asks, and that of all other regions. */
  readonly regions: Readonly<Record<string, number>>;
  readonly elsewhere: number;
  readonly ttl: number;
  readonly resolvers: number;
  /** Share of the clients that keep an answer for too long. */
  readonly stale: number;
  readonly lookupTime: Distribution;
  /** null where the name's own server is asked at once. */
  readonly hierarchy: HierarchySettings | null;
  readonly check: { readonly every: number; readonly fall: number; readonly rise: number } | null;
}

/** Probes as Amazon Route 53 sends them: every 30 s, and three in a row decide. */
const EVERY = 30;
const IN_A_ROW = 3;

/** A name that stands for one of several components, whichever the resolver of a client remembers. */
export const describe = describeKind({
  name: 'dns',
  summary:
    'A name that clients look up: resolvers remember for a while which of several components it stands for.',
  availability: 'availability.dns',
  costs: ({ routing, check }) => ({
    instance: [queryPrice(routing)],
    component: ['cost.dns.zone', ...(check === undefined ? [] : ['cost.dns.check'])],
  }),
  settings: section('a dns', {
    to: references('the name of a component that answers requests', {
      is: 'What the name stands for, components with the same operations; in the order of preference for failover.',
    }),
    routing: choice(['round-robin', 'weighted', 'failover', 'region', 'latency'], {
      is: 'Which component a lookup is answered with: in turn, by chance and weight, the first that is well, the one for the region of who asks, or the one nearest to them.',
      default: 'round-robin',
    }).optional(),
    regions: namesByName('a map of regions such as { tokyo: japan-web }', {
      is: 'For region: which component each region is answered with; one that is not named gets a component that stands in it, else the default.',
    }).optional(),
    default: reference('the name of one of the components', {
      is: 'For region: the component that all other regions are answered with; without it, the first.',
    }).optional(),
    weights: ratios(
      'a weight',
      {
        is: 'How many of the lookups are answered with each, relative to the others, for weighted; without it, equal.',
      },
      { least: 0.001, most: 1_000_000 },
    ).optional(),
    ttl: quantity(
      'time',
      { is: 'How long a resolver remembers an answer.', constant: 'dns.ttl' },
      { above: 0 },
    ).optional(),
    resolvers: count(
      { is: 'Resolvers that clients ask, each as many.', default: 1000 },
      { most: 100_000 },
    ).optional(),
    stale: quantity(
      'ratio',
      { is: 'Share of the clients that keep an answer for ten times its ttl.', default: '0%' },
      { least: 0, most: 1 },
    ).optional(),
    'lookup-time': distribution('time', {
      is: 'Time of a lookup whose answer the resolver does not remember.',
      default: '0s',
    }).optional(),
    hierarchy: hierarchyField,
    check: section('the health checks of a dns', {
      every: quantity(
        'time',
        { is: 'Time between probes of a component, 30s unless said.' },
        { above: 0 },
      ).optional(),
      fall: count(
        { is: 'Bad probes in a row until lookups are answered without it, 3 unless said.' },
        { most: 1000 },
      ).optional(),
      rise: count({ is: 'Good probes in a row until it is back, 3 unless said.' }, { most: 1000 }).optional(),
    })
      .meta({ description: 'Probes that tell which components are well; without it, all are taken to be.' })
      .optional(),
  }),
  operations: { from: 'setting', setting: 'to' },
  stations: {},
  placeless: true,
  roles: { upstream: true },
  references: { to: { to: 'component', role: 'upstream', many: true } },
  example: `kind: dns
to: [ api, spare ]
routing: failover
ttl: 60s
check: { every: 10s, fall: 3 }
`,
  shares(settings) {
    const { routing, weights, targets } = settings as unknown as DnsSettings;
    if (routing === 'failover') return Array.from({ length: targets }, (_, i) => (i === 0 ? 1 : 0));
    const all = weights?.reduce((sum, weight) => sum + weight, 0) ?? targets;
    return Array.from({ length: targets }, (_, i) => (weights?.[i] ?? 1) / all);
  },
  prefers: (settings, whereabouts) => preferred(settings as unknown as DnsSettings, whereabouts),
  settle(written, settling): Readonly<Record<string, unknown>> {
    const { to, weights, check, routing = 'round-robin' } = written;
    const lookupTime = written['lookup-time'] ?? ({ law: 'constant', value: 0 } as const);
    if (weights !== undefined && weights.length !== to.length) {
      settling.refuse({
        code: 'out-of-range',
        setting: ['weights'],
        message: `${weights.length} weights for ${to.length} components`,
        expected: 'one for each',
      });
    }
    const twice = to.find((name, i) => to.indexOf(name) < i);
    if (twice !== undefined) {
      settling.refuse({
        code: 'conflicting-keys',
        setting: ['to'],
        message: `\`${twice}\` is named twice`,
        hint: 'name it once, and give it a weight',
      });
    }
    const positionOf = (name: string, setting: readonly string[]): number => {
      const position = to.indexOf(name);
      if (position < 0) {
        settling.refuse({
          code: 'unknown-reference',
          setting,
          message: `\`${name}\` is not among the components that the name stands for`,
          expected: `one of ${to.join(', ')}`,
        });
      }
      return position;
    };
    const settings: DnsSettings = {
      routing,
      regions: Object.fromEntries(
        Object.entries(written.regions ?? {}).map(([region, name]) => [
          region,
          positionOf(name, ['regions', region]),
        ]),
      ),
      elsewhere: written.default === undefined ? 0 : positionOf(written.default, ['default']),
      weights: routing === 'weighted' ? (weights ?? null) : null,
      targets: to.length,
      ttl: written.ttl ?? settling.constant('dns.ttl'),
      resolvers: written.resolvers ?? 1000,
      stale: written.stale ?? 0,
      lookupTime,
      hierarchy:
        written.hierarchy === undefined ? null : hierarchyOf(written.hierarchy, lookupTime, settling),
      check:
        check === undefined
          ? null
          : { every: check.every ?? EVERY, fall: check.fall ?? IN_A_ROW, rise: check.rise ?? IN_A_ROW },
    };
    return { ...settings };
  },
  check(written, { settings }, around) {
    const findings: KindFinding[] = [];
    const { hierarchy } = settings as unknown as DnsSettings;
    if (written.hierarchy && hierarchy) findings.push(...checkHierarchy(written.hierarchy, hierarchy));
    const idle = (setting: string, message: string) => {
      findings.push({ code: 'idle-knob', setting: [setting], message });
    };
    const alone = written.to.length === 1;
    if (!alone) findings.push(...regionalFindings(written, settings as unknown as DnsSettings, around));
    for (const setting of ['routing', 'weights', 'regions', 'default', 'stale', 'check'] as const) {
      if (alone && written[setting] !== undefined) idle(setting, 'the name stands for one component');
    }
    const { weights, routing = 'round-robin' } = written;
    if (!alone && weights !== undefined) {
      if (routing !== 'weighted') idle('weights', `${routing} does not look at weights`);
      else if (weights.every((weight) => weight === weights[0])) idle('weights', 'all weights are equal');
    }
    return findings;
  },
});

/** Positions of the targets in the order in which those in a region are answered with them; null where that is the same for all. */
function preferred(
  { routing, regions, elsewhere }: Pick<DnsSettings, 'routing' | 'regions' | 'elsewhere'>,
  { region, targets }: Whereabouts,
): readonly number[] | null {
  if (routing !== 'region' && routing !== 'latency') return null;
  const order = targets.map((_, i) => i);
  if (routing === 'latency') {
    if (region === null) return order;
    return order.sort((a, b) => targets[a]!.oneWay - targets[b]!.oneWay);
  }
  const own = region === null ? undefined : regions[region];
  const here = own === undefined ? order.filter((i) => targets[i]!.here) : [own];
  return [...new Set([...here, elsewhere, ...order])];
}

/** Whether the default changes the answer to anybody: the first of their order, or, where targets are checked, any. */
function defaultMatters(settings: DnsSettings, asking: readonly Whereabouts[]): boolean {
  const answers = (elsewhere: number): string =>
    JSON.stringify(
      asking.map((each) => {
        const order = preferred({ ...settings, elsewhere }, each)!;
        return settings.check === null ? order[0] : order;
      }),
    );
  return Array.from({ length: settings.targets }, (_, i) => answers(i)).some((each) => each !== answers(0));
}

/** What is said of regions that the design does not have, or that makes no difference. */
function regionalFindings(
  written: {
    readonly routing?: DnsSettings['routing'] | undefined;
    readonly regions?: Readonly<Record<string, string>> | undefined;
    readonly default?: string | undefined;
  },
  settings: DnsSettings,
  { regions, askedFrom, asking }: Pick<Surroundings, 'regions' | 'askedFrom' | 'asking'>,
): KindFinding[] {
  const { routing = 'round-robin' } = written;
  const idle = (setting: readonly string[], message: string): KindFinding => ({
    code: 'idle-knob',
    setting,
    message,
  });
  const byRegion = (['regions', 'default'] as const).filter((setting) => written[setting] !== undefined);
  if (routing !== 'region' && routing !== 'latency') {
    return byRegion.map((setting) => idle([setting], `${routing} does not look at regions`));
  }
  if (regions === null) {
    return [
      {
        code: 'unknown-reference',
        setting: ['routing'],
        message: `the design has no regions, so that ${routing} means nothing`,
        expected: '`regions:` at the top of the design',
      },
    ];
  }
  if (askedFrom.size === 0) {
    return [idle(['routing'], 'nobody who asks says in which region they are, so that all get one answer')];
  }
  if (routing === 'latency') return byRegion.map((setting) => idle([setting], 'latency alone decides'));
  const named = Object.keys(written.regions ?? {});
  const unknown = named.filter((region) => !regions.includes(region));
  if (unknown.length > 0) {
    return unknown.map((region) => ({
      code: 'unknown-reference',
      setting: ['regions', region],
      message: `there is no region \`${region}\``,
      expected: `one of ${regions.join(', ')}`,
    }));
  }
  const unasked = named
    .filter((region) => !askedFrom.has(region))
    .map((region) => idle(['regions', region], `nobody asks in \`${region}\``));
  if (written.default === undefined || defaultMatters(settings, asking)) return unasked;
  return [...unasked, idle(['default'], 'everybody who asks is in a region that has a component of its own')];
}

/** The constant with the price of a query that is answered so. */
export function queryPrice(routing: unknown): string {
  return routing === 'region' || routing === 'latency' ? `cost.dns.queries.${routing}` : 'cost.dns.queries';
}
