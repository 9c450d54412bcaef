import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import type { DnsSettings } from './describe.ts';
import { STALE_TIMES } from './stale.ts';

/**
 * Lookups per second that reach the name server, of so many requests per second for each operation. A resolver that is
 * asked at rate λ asks again after the time to live T and then a time 1/λ: λ/(1 + λT) a second (renewal theorem).
 */
export function lookupRate(
  { settings, operations }: Pick<PlanComponent, 'settings' | 'operations'>,
  operationOf: (index: number) => PlanOperation,
  rateOf: (operation: number) => number,
): number {
  const { resolvers, ttl, stale } = settings as unknown as DnsSettings;
  const groups = new Map<string, number>();
  for (const operation of operations) {
    const { asked } = operationOf(operation);
    // What is answered by region is asked of the resolvers of each.
    const regions = asked?.prefers === undefined ? ['all'] : asked.regions.map(String);
    for (const region of regions) {
      groups.set(region, (groups.get(region) ?? 0) + rateOf(operation) / regions.length);
    }
  }
  const asks = (rate: number, life: number): number => {
    const each = rate / resolvers;
    return (resolvers * each) / (1 + each * life);
  };
  return [...groups.values()].reduce(
    (sum, rate) => sum + asks((1 - stale) * rate, ttl) + asks(stale * rate, STALE_TIMES * ttl),
    0,
  );
}
