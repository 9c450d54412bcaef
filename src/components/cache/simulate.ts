import { someStep } from '../../design/inner-steps.ts';
import type { Plan, PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { CacheSettings } from './describe.ts';

/**
 * Nodes of one thread each, chosen by the hash of the key, over one store of real keys. The store is not cut
 * by node: with keys spread by hash, shards of equal size evict like one cache of their sum.
 */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as CacheSettings;
    const node = assembly.station(component, 'node', {
      instances: settings.nodes,
      servers: 1,
      places: null,
      discipline: 'fifo',
      placed: true,
    });
    const choice = assembly.choiceByKey(component, settings.sharding);
    const holds = component.data['holds'];
    if (holds === undefined) throw new RangeError(`cache ${component.name} holds no data`);
    const refreshed = settings.softTtl !== null || settings.early > 0;
    const keeps = settings.sliding || refreshed || isLeased(component, assembly.plan);
    const byItems = 'items' in settings.capacity;
    const cache = assembly.cache({
      component: component.name,
      of: component.index,
      keySpace: holds,
      ...(choice.by === 'key' && { placement: choice.placement }),
      policy: settings.evict,
      capacity: 'items' in settings.capacity ? settings.capacity.items : settings.capacity.bytes,
      itemWeight: byItems ? 1 : assembly.plan.data[holds]!.size.value + settings.overhead,
      ttl: settings.ttl === null ? null : assembly.sampler(settings.ttl, `${component.name} ttl`),
      ...(settings.sliding && { sliding: true }),
      ...(refreshed && { refresh: { softTtl: settings.softTtl, beta: settings.early } }),
      ...(settings.groups !== null && { groups: settings.groups }),
      ...(settings.negativeTtl !== null && {
        absences: { ttl: settings.negativeTtl, keys: settings.negativeItems },
      }),
      warm: settings.start === 'warm',
      lookupRate: assembly.callRate(component, 'get'),
      removalRate: assembly.callRate(component, 'delete'),
    });
    return {
      instances: settings.nodes,
      cache,
      choice,
      emit(operation, code) {
        code.compute(node, settings.time, 'service');
        if (keeps)
          code.keep(cache, operation.name === 'get' ? 'lookup' : operation.name === 'set' ? 'fill' : 'drop');
        else if (operation.name === 'get') code.lookup(cache);
        else if (operation.name === 'set') code.fill(cache);
        else code.drop(cache);
      },
    };
  },
};

/** Whether misses of this cache are fetched by whoever has the lease of the key. */
function isLeased({ operations }: PlanComponent, plan: Plan): boolean {
  return plan.operations.some(({ steps }) =>
    someStep(
      steps,
      (step) => step.step === 'call' && step.coalesce === 'cache' && operations.includes(step.operation),
    ),
  );
}
