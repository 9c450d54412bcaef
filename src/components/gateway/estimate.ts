import type { Plan, PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import { choosingNotes, choosingOf } from '../balancing.ts';
import { failoverOf } from '../health.ts';
import { limitEntries } from '../limit-entries.ts';
import type { GatewayLimit, GatewaySettings } from './describe.ts';

const CPU = 0;

/** Spends its own CPU on a request, whoever sent it, lets it through or not, and passes it on to one instance. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const { algorithm, options, cores, work, limit } = component.settings as unknown as GatewaySettings;
    const choosing = choosingOf(algorithm, options);
    const free = work.every(({ time }) => time === 0);
    const cases = work.map(({ probability, time }) => ({
      probability,
      time: { law: 'constant', value: time } as const,
    }));
    const activities: readonly Activity[] = [
      ...(free ? [] : [{ does: 'visit', station: CPU, time: cases } as const]),
      ...(limit === null ? [] : [{ does: 'limit', rate: limit.rate, each: limit.per === 'client' } as const]),
      { does: 'forward', spread: choosing.spread, choosing },
    ];
    return {
      instances: 1,
      called: 'gateways of this size',
      spread: 'random',
      stations: free ? [] : [{ name: 'cpu', servers: cores, places: null, discipline: 'fifo' }],
      activities: () => activities,
      availability: 'availability.gateway',
      failover: failoverOf(undefined, plan.components[component.components['to']!]!.settings),
      notes: [...choosingNotes(algorithm), ...limitNotes(limit)],
      entries: (account) => (limit?.per === 'all' ? limitEntries(account, limit.rate) : []),
    };
  },
};

function limitNotes(limit: GatewayLimit | null): readonly string[] {
  if (limit === null) return [];
  const bursts = 'turns away what is beyond its rate; bursts within it are not estimated';
  if (limit.per === 'all') return [`its limit ${bursts}`];
  return [
    `the limit of each client ${bursts}, all clients are taken to be remembered, and what stands behind is taken to be asked for the same keys as before it`,
  ];
}
