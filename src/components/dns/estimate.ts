import type { Plan, PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import { inARow } from '../health.ts';
import { type DnsSettings, queryPrice } from './describe.ts';
import { takesTime } from './hierarchy.ts';
import { lookupRate } from './lookups.ts';
import { STALE_TIMES } from './stale.ts';

/** Passes requests on in the shares that answers are given in while all components are well. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const { lookupTime, hierarchy, routing, ttl, stale, check, targets } =
      component.settings as unknown as DnsSettings;
    // A resolver that asked at any moment of the time to live goes on for what is left of it.
    const remembered = (ttl * (1 - stale + STALE_TIMES * stale)) / 2;
    const activities: readonly Activity[] = [{ does: 'forward', spread: null }];
    const above = hierarchy !== null && (takesTime(hierarchy.root) || takesTime(hierarchy.tld));
    const free = !takesTime(lookupTime) && !above;
    return {
      instances: 1,
      called: 'names',
      spread: 'random',
      addressed: true,
      stations: [],
      activities: () => activities,
      availability: 'availability.dns',
      failover: {
        leftOut: check === null ? null : later(inARow(check.fall, check.every), remembered),
        back:
          check === null ? { law: 'constant', value: 0 } : later(inARow(check.rise, check.every), remembered),
      },
      reroute: (well, usual, prefers) => {
        if (prefers !== undefined) return toThePreferred(well, prefers);
        return routing === 'failover'
          ? toThePreferred(well, [well.map((_, i) => i)])
          : amongTheWell(well, usual);
      },
      transparent: true,
      rents: [
        { per: 'component', constant: 'cost.dns.zone', amount: 1, unit: '1' },
        ...(check === null
          ? []
          : [{ per: 'component', constant: 'cost.dns.check', amount: targets, unit: '1' } as const]),
        {
          per: 'call',
          price: queryPrice(routing),
          unlessPriced: true,
          paid: (rateOf) => lookupRate(component, (index) => plan.operations[index]!, rateOf),
        },
      ],
      notes: free ? [] : ['the time of lookups that no resolver remembers is left out'],
    };
  },
};

function later(time: Distribution, by: number): Distribution {
  if (time.law !== 'uniform') throw new RangeError(`later: a uniform time, got ${time.law}`);
  return { law: 'uniform', low: time.low + by, high: time.high + by };
}

/** Each who asks gets the first well in their order; with none left, the first: it may be well after all. */
function toThePreferred(well: readonly boolean[], prefers: readonly (readonly number[])[]): number[] {
  const shares = well.map(() => 0);
  for (const order of prefers) {
    const first = order.find((i) => well[i]) ?? order[0]!;
    shares[first]! += 1 / prefers.length;
  }
  return shares;
}

/** As usual among those that are well; with none left, as if all were. */
function amongTheWell(well: readonly boolean[], usual: readonly number[]): readonly number[] {
  const left = usual.reduce((sum, share, i) => (well[i] ? sum + share : sum), 0);
  return left > 0 ? usual.map((share, i) => (well[i] ? share / left : 0)) : usual;
}
