import * as z from 'zod';
import { type BalanceAlgorithm, type BalancerOptions, routeProblems } from '../blocks/index.ts';
import {
  blockChoice,
  choice,
  headers,
  type KindFinding,
  mostRoutes,
  type OwnName,
  pathPattern,
  quantity,
  reference,
  type SettledComponent,
  type Settling,
  type Surroundings,
  section,
} from '../design/index.ts';
import type { Plan, PlanComponent } from '../design/plan.ts';
import type { Choosing } from '../estimate/index.ts';
import type { InstanceChoice } from '../simulate/instances.ts';
import type { Assembly, BesideAlgorithm } from '../simulate/program/assembly.ts';
import {
  aloneAs,
  balancingFields,
  checkBalancing,
  choosingNotes,
  choosingOf,
  type InstanceBalancing,
  type InstanceBalancingOptions,
  instanceBalancing,
  optionsOf,
  type Target,
  type WrittenBalancing,
} from './balancing.ts';

/** How the instances behind a route are chosen, where the route says so itself; null = as the component says. */
export type RoutePool = RouteBalancing | null;

interface RouteBalancing {
  readonly algorithm: InstanceBalancing | OwnName<'balance'>;
  readonly options?: InstanceBalancingOptions;
}

/** How a kind that passes requests on chooses instances, as interpreters read it. */
export interface RoutedBalancing extends RouteBalancing {
  /** By route, how instances are chosen where it says so itself; absent where there are no routes. */
  readonly pools?: readonly RoutePool[];
}

/** The words of routing, for the settings of a kind that passes requests on. */
export const routingFields = {
  to: reference('the name of a component that answers requests', {
    is: 'The component that it passes requests on to; of a list of `routes`, those that no route takes. Without it, such fail as `<component> no route`.',
  }).optional(),
  routes: z
    .array(
      section('a route', {
        path: pathPattern({
          is: 'Takes requests for an operation by its name, `/view`, or for all that begin so, `/checkout*`; without it, whatever is asked for.',
        }).optional(),
        header: headers({
          is: 'Takes requests of traffic that states all of these `headers`; without it, whatever they are.',
        }).optional(),
        share: quantity(
          'ratio',
          {
            is: 'Takes this share of them. Shares of routes next to each other that say the same otherwise are shares of the same requests. Without it, all.',
          },
          { above: 0, most: 1 },
        ).optional(),
        by: choice(['chance', 'key'], {
          is: 'What decides about a share: chance, for each request, or the hash of its key, so that a key stays on one side. By chance unless said.',
        }).optional(),
        to: reference('the name of a component that answers requests', {
          is: 'The component that these go to.',
        }),
        algorithm: blockChoice('balance', instanceBalancing, {
          is: 'How an instance of it is chosen; without this and the words beside it, as the component says.',
        }).optional(),
        ...balancingFields,
      }),
    )
    .min(1)
    .max(mostRoutes)
    .meta({ description: 'Where which requests go: tried in order, the first that takes a request.' })
    .optional(),
};

/** What is said of the routes in the description of a kind. */
export const routedOperations = { from: 'setting', setting: 'to', routes: 'routes' } as const;
export const routedReferences = {
  to: { to: 'component', role: 'upstream' },
  routes: { to: 'component', role: 'upstream', many: true, under: 'to' },
} as const;

/** A route as read. */
export interface WrittenRoute extends WrittenBalancing {
  readonly path?: string | undefined;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly share?: number | undefined;
  readonly by?: 'chance' | 'key' | undefined;
  readonly to: string;
  readonly algorithm?: InstanceBalancing | OwnName<'balance'> | undefined;
}

/** What a user writes of where requests go, and of how an instance is chosen there. */
export interface WrittenRoutedBalancing extends WrittenRouting, WrittenBalancing {
  readonly algorithm?: InstanceBalancing | OwnName<'balance'> | undefined;
}

interface WrittenRouting {
  readonly to?: string | undefined;
  readonly routes?: readonly WrittenRoute[] | undefined;
}

/** What interpreters are told of it. */
export function settleBalancing(
  kind: string,
  written: WrittenRoutedBalancing,
  settling: Settling,
): RoutedBalancing {
  const { algorithm = 'round-robin' } = written;
  const options = optionsOf(algorithm, written);
  const pools = settleRoutes(kind, written, algorithm, settling);
  return {
    algorithm,
    ...(options === null ? {} : { options }),
    ...(pools === null ? {} : { pools }),
  };
}

/** What of it is wrong, or without effect. */
export function checkRoutedBalancing(
  written: WrittenRoutedBalancing,
  { algorithm }: RoutedBalancing,
  around: Surroundings,
): readonly KindFinding[] {
  const targets = ownTargets(written, around);
  const nothing = nothingToChoose(targets);
  const isIdle = written.algorithm !== undefined && nothing !== null;
  return [
    ...(isIdle ? [{ code: 'idle-knob', setting: ['algorithm'], message: nothing } as const] : []),
    ...forTargets(targets, (target) => checkBalancing(algorithm, written, target)),
    ...checkRoutes(written, algorithm, around),
  ];
}

/** The pools of the routes, null where there are none; refuses what cannot be. */
function settleRoutes(
  kind: string,
  { to, routes }: WrittenRouting,
  usual: InstanceBalancing | OwnName<'balance'>,
  settling: Settling,
): readonly RoutePool[] | null {
  if (routes === undefined) {
    if (to !== undefined) return null;
    settling.refuse({
      code: 'missing-key',
      setting: [],
      message: `a ${kind} must say where requests go`,
      expected: '`to`, the name of a component that answers requests, or a list of `routes`',
    });
    return null;
  }
  for (const { route, about, message } of routeProblems(routes.map(conditionOf))) {
    const expected = about === 'share' ? 'at most 100 % of the same requests' : 'one of the two';
    settling.refuse({
      code: about === 'share' ? 'probability-sum' : 'conflicting-keys',
      setting: ['routes', route, about],
      message,
      expected,
    });
  }
  return routes.map((route) => {
    if (!saysHow(route)) return null;
    const { algorithm = usual } = route;
    const options = optionsOf(algorithm, route);
    return { algorithm, ...(options === null ? {} : { options }) };
  });
}

function conditionOf({ path, header, share, by }: WrittenRoute) {
  return {
    ...(path !== undefined && { path }),
    ...(header && { headers: header }),
    ...(share !== undefined && { share }),
    ...(by && { by }),
  };
}

const balancingWords = [
  'algorithm',
  ...(Object.keys(balancingFields) as (keyof WrittenBalancing)[]),
] as const;

function saysHow(route: WrittenRoute): boolean {
  return balancingWords.some((word) => route[word] !== undefined);
}

/** The components whose instances are chosen as the component itself says; none where every route says it. */
function ownTargets(written: WrittenRouting, around: Surroundings): readonly Target[] {
  const { routes = [] } = written;
  const behind = around.referredAll('routes').filter((_, i) => !saysHow(routes[i]!));
  return [
    ...new Map([...behind, ...around.referredAll('to')].map((each) => [each.name, targetOf(each)])).values(),
  ];
}

/** All components that requests are passed on to. */
export function allTargets(around: Surroundings): readonly Target[] {
  const all = [...around.referredAll('routes'), ...around.referredAll('to')];
  return [...new Map(all.map((each) => [each.name, targetOf(each)])).values()];
}

function targetOf({ name, kind, settings }: SettledComponent): Target {
  if (kind.roles.target === undefined) {
    return { name, instances: 1, alone: `\`${name}\` spreads requests itself` };
  }
  return { name, instances: kind.instances?.(settings) ?? 1 };
}

/** Why there is nothing to choose between in any of the pools; null where there is. */
export function nothingToChoose(targets: readonly Target[]): string | null {
  if (targets.some(({ instances }) => instances > 1)) return null;
  const [first, ...others] = targets;
  if (first === undefined) return 'every route says how an instance is chosen';
  return others.length === 0
    ? `${aloneAs(first)}, so there is nothing to choose`
    : 'each of them has one instance, or spreads requests itself, so there is nothing to choose';
}

/**
 * The words of the component itself that change nothing, looked at for each pool that they are about: what changes
 * something for one of them does.
 */
export function forTargets(
  targets: readonly Target[],
  look: (target: Target) => readonly KindFinding[],
): readonly KindFinding[] {
  const several = targets.filter(({ instances }) => instances > 1);
  const all = (several.length > 0 ? several : targets.slice(0, 1)).flatMap((target) => look(target));
  const name = ({ setting, message }: KindFinding): string => JSON.stringify([setting, message]);
  return [...new Map(all.map((finding) => [name(finding), finding])).values()];
}

/** What is wrong, or without effect, in the routes by themselves. */
function checkRoutes(
  { routes = [] }: WrittenRouting,
  usual: string,
  around: Surroundings,
): readonly KindFinding[] {
  const targets = around.referredAll('routes').map(targetOf);
  return routes.flatMap((route, i): readonly KindFinding[] => {
    const idle = (word: string, message: string): KindFinding => ({
      code: 'idle-knob',
      setting: ['routes', i, word],
      message,
    });
    const findings: KindFinding[] = [];
    if (route.by !== undefined && (route.share ?? 1) === 1) {
      findings.push(idle('by', 'the route takes all of them, so there is nothing to decide'));
    } else if (route.by === 'key' && !around.carriesKeys) {
      findings.push(idle('by', 'no request that comes here carries a key, so chance decides'));
    }
    const target = targets[i];
    if (target === undefined || !saysHow(route)) return findings;
    if (route.algorithm !== undefined && target.instances === 1) {
      findings.push(idle('algorithm', `${aloneAs(target)}, so there is nothing to choose`));
    }
    const algorithm = (route.algorithm ?? usual) as InstanceBalancing;
    const beside = checkBalancing(algorithm, route, target);
    return [
      ...findings,
      ...beside.map((finding) => ({ ...finding, setting: ['routes', i, ...finding.setting] })),
    ];
  });
}

/** How the estimate takes each route to choose; null where there are none. */
export function routeChoosing(
  { routes }: PlanComponent,
  pools: readonly RoutePool[] | null | undefined,
  usual: Choosing,
): readonly Choosing[] | null {
  if (routes === undefined || pools == null) return null;
  return routes.map((_, route) => {
    const own = pools[route];
    return own == null ? usual : choosingOf(own.algorithm, own.options);
  });
}

/** What is to be said of that. */
export function routeNotes(
  { routes = [] }: PlanComponent,
  pools: readonly RoutePool[] | null | undefined,
): readonly string[] {
  const own = (pools ?? []).flatMap((pool) => (pool === null ? [] : choosingNotes(pool.algorithm)));
  const byKey = routes.some(({ by }) => by === 'key');
  const keys =
    'a share by key is taken for a share of the requests, and what stands behind for asked for the same keys as before it; which side the most popular keys are on is left out';
  return [...new Set(own), ...(byKey ? [keys] : [])];
}

/** The settings of what stands behind: of several, of the first whose instances are found in a registry. */
export function settingsBehind(passing: PlanComponent, plan: Plan): Readonly<Record<string, unknown>> {
  const all = componentsBehind(passing).map((component) => plan.components[component]!.settings);
  return all.find((settings) => settings['discovery'] !== undefined) ?? all[0]!;
}

/** Indices of the components that requests are passed on to. */
export function componentsBehind({ components, routes = [] }: PlanComponent): readonly number[] {
  return [
    ...routes.map(({ component }) => component),
    ...(components['to'] === undefined ? [] : [components['to']]),
  ];
}

/** How an instance is chosen behind each route: one view of the load for each pool, made when it is first asked for. */
export function routeChoices(
  assembly: Assembly,
  { name, routes }: PlanComponent,
  pools: readonly RoutePool[] | null | undefined,
  usual: {
    readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
    readonly options?: BalancerOptions | undefined;
  },
  beside: (target: number, instances: number) => Omit<BesideAlgorithm, 'options'> = () => ({}),
): (target: number, route: number | null) => InstanceChoice {
  const known = new Map<string, InstanceChoice>();
  return (target, route) => {
    const own = route === null ? null : (pools?.[route] ?? null);
    const pool = own === null ? `${target}` : `route ${route}`;
    let chosen = known.get(pool);
    if (chosen === undefined) {
      const { instances, addressed, choice } = assembly.component(target);
      if (addressed) return choice;
      const { algorithm, options } = own ?? usual;
      const of =
        routes === undefined ? '' : ` ${own === null ? assembly.plan.components[target]!.name : pool}`;
      chosen = assembly.choiceBy(algorithm, instances, `${name} balancing${of}`, {
        options,
        ...beside(target, instances),
      });
      known.set(pool, chosen);
    }
    return chosen;
  };
}
