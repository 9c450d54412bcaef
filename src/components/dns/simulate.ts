import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { DnsSettings } from './describe.ts';
import { STALE_TIMES } from './stale.ts';

/** Resolvers that remember answers, and a name server that gives them; the request itself goes straight to its target. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DnsSettings;
    const { name, index, operations } = component;
    const { routing, weights, ttl, resolvers, stale, check, lookupTime } = settings;
    const rate = operations.reduce(
      (sum, operation) => sum + assembly.callRate(component, assembly.operation(operation).name),
      0,
    );
    const server = assembly.nameServer({
      name,
      of: index,
      targets: Array.from({ length: settings.targets }, (_, i) => component.components[`to.${i}`]!),
      routing,
      weights,
      ttl,
      resolvers,
      stale,
      staleTimes: STALE_TIMES,
      lookup: assembly.sampler(lookupTime, `${name} lookups`),
      check,
      rate,
    });
    return {
      instances: 1,
      choice: { by: 'none' },
      emit({ forwards, among = [], name: operation }, code) {
        if (forwards === null) throw new RangeError(`${name}.${operation} forwards to nothing`);
        code.resolve(server, among.length === 0 ? [forwards] : among.map((each) => each.operation));
      },
    };
  },
};
