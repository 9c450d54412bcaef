import type { Plan, PlanComponent } from '../../design/plan.ts';
import {
  type Activity,
  type Choosing,
  connectionLoads,
  connectionsTo,
  type EstimatedKind,
} from '../../estimate/index.ts';
import { answerActivities, answerNotes, answersCompute, linkModel } from '../answer-link.ts';
import { choosingNotes, choosingOf } from '../balancing.ts';
import { failoverOf, healthNotes } from '../health.ts';
import { componentsBehind, routeChoosing, routeNotes, settingsBehind } from '../routing.ts';
import { takeoverEntries } from '../takeover.ts';
import { takesNothing } from '../takes-nothing.ts';
import type { LoadBalancerSettings } from './describe.ts';

/** Station of the balancer's own CPU, where a request costs any. */
const CPU = 0;
/** What stands for no requests at all beside others. */
const NEXT_TO_NOTHING = 1e-9;
/** None come to the one that stands by. */
const STANDING_BY: readonly number[] = [1, NEXT_TO_NOTHING];

/** Of the one that serves all, of the one that stands by none: twice as many outages, of half the requests each. */
const HALVES =
  'in years of failures, one of the two that is down costs half of the requests until the other has taken over, whichever it was';

const STAY =
  'requests go where the connection goes that they come over, so each instance is taken to get its share of them by chance; connections are taken to be dealt out in turn, and that instances that come later get few is left out';
const DO_NOT_STAY =
  'most requests come over a connection that was opened for them, and are taken to be spread one by one';

/** Spends its own CPU on a request and passes it on to one instance of the target. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const settings = component.settings as unknown as LoadBalancerSettings;
    const { layer, algorithm, options, sticky, health, pools, cost, cores, pair } = settings;
    const free = takesNothing(cost);
    const idle = free && !answersCompute(settings, plan, component.operations);
    const perRequest = { ...choosingOf(algorithm, options), ...(sticky && { sticky: sticky.idle }) };
    const stays = layer === 4 && mostStay(component, plan);
    const choosing = stays ? perConnection(perRequest, component, plan) : perRequest;
    const byRoute = routeChoosing(component, pools, choosing);
    const forward: Activity = {
      does: 'forward',
      spread: choosing.spread,
      choosing,
      ...(byRoute && { byRoute }),
    };
    const activities: readonly Activity[] = free
      ? [forward]
      : [{ does: 'visit', station: CPU, time: cost }, forward];
    return {
      instances: pair === undefined ? 1 : 2,
      called: 'balancers of this size',
      spread: 'random',
      addressed: true,
      ...(pair?.mode === 'active-passive' && {
        choosing: { spread: 'random', weights: STANDING_BY } as const,
      }),
      stations: [
        ...(idle ? [] : [{ name: 'cpu', servers: cores, places: null, discipline: 'fifo' } as const]),
        ...linkModel(settings),
      ],
      activities: (operation) => [
        ...activities,
        ...answerActivities(settings, plan, operation, { cpu: CPU, link: idle ? CPU : CPU + 1 }),
      ],
      availability: 'availability.loadBalancer',
      failover: failoverOf(health, settingsBehind(component, plan)),
      ...(pair && {
        takeover: {
          leftOut: { law: 'constant', value: pair.takeover },
          back: { law: 'constant', value: 0 },
        } as const,
      }),
      rents: [
        { per: 'instance', constant: 'cost.loadBalancer', amount: 1, unit: '1' },
        { per: 'byte', constant: 'cost.loadBalancer.traffic' },
      ],
      entries: () => takeoverEntries(component.name, pair),
      notes: [
        ...choosingNotes(algorithm),
        ...healthNotes(health, plan, componentsBehind(component)),
        ...(layer === 4 ? [stays ? STAY : DO_NOT_STAY] : []),
        ...routeNotes(component, pools),
        ...(pair?.mode === 'active-passive' ? [HALVES] : []),
        ...answerNotes(settings),
      ],
    };
  },
};

/** Whether most requests come over a connection that was there before. */
function mostStay({ index }: PlanComponent, plan: Plan): boolean {
  const { opened, others } = connectionsTo(plan, index);
  return opened + others < 0.5;
}

/** Requests over many connections come to an instance as by chance; over a few, some instances get none. */
function perConnection({ weights }: Choosing, component: PlanComponent, plan: Plan): Choosing {
  const instances = settingsBehind(component, plan)['instances'];
  if (weights !== undefined) return { spread: 'random', weights };
  if (typeof instances !== 'number') return { spread: 'random' };
  const loads = connectionLoads(plan, component.index, instances);
  const largest = Math.max(...loads);
  // Of many connections the rest that cannot be dealt out evenly is less than chance makes of them.
  if (Math.min(...loads) > largest / 2) return { spread: 'random' };
  return { spread: 'random', weights: loads.map((load) => Math.max(load / largest, NEXT_TO_NOTHING)) };
}
