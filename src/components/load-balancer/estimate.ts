import type { Plan, PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import { choosingNotes, choosingOf } from '../balancing.ts';
import { failoverOf } from '../health.ts';
import { routeChoosing, routeNotes, settingsBehind } from '../routing.ts';
import type { LoadBalancerSettings } from './describe.ts';

/** Station of the balancer's own CPU, where a request costs any. */
const CPU = 0;
/** Next to no requests come to the one that stands by. */
const STANDING_BY: readonly number[] = [1, 1e-9];

/** Of the one that serves all, of the one that stands by none: twice as many outages, of half the requests each. */
const HALVES =
  'in years of failures, one of the two that is down costs half of the requests until the other has taken over, whichever it was';

/** Spends its own CPU on a request and passes it on to one instance of the target. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const { algorithm, options, sticky, health, pools, cost, cores, pair } =
      component.settings as unknown as LoadBalancerSettings;
    const free = cost.law === 'constant' && cost.value === 0;
    const choosing = { ...choosingOf(algorithm, options), ...(sticky && { sticky: sticky.idle }) };
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
      ...(pair?.mode === 'active-passive' && {
        choosing: { spread: 'random', weights: STANDING_BY } as const,
      }),
      stations: free ? [] : [{ name: 'cpu', servers: cores, places: null, discipline: 'fifo' }],
      activities: () => activities,
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
      notes: [
        ...choosingNotes(algorithm),
        ...routeNotes(component, pools),
        ...(pair?.mode === 'active-passive' ? [HALVES] : []),
      ],
    };
  },
};
