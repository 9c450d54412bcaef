import type { EvictionPolicy } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';

interface CacheSettings {
  readonly capacity: { readonly items: number } | { readonly bytes: number };
  readonly overhead: number;
  readonly evict: EvictionPolicy | OwnName<'evict'>;
  readonly ttl: Distribution | null;
  readonly nodes: number;
  readonly time: Distribution;
  readonly start: 'warm' | 'cold';
}

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
    });
    const holds = component.data['holds'];
    if (holds === undefined) throw new RangeError(`cache ${component.name} holds no data`);
    const byItems = 'items' in settings.capacity;
    const cache = assembly.cache({
      component: component.name,
      keySpace: holds,
      policy: settings.evict,
      capacity: 'items' in settings.capacity ? settings.capacity.items : settings.capacity.bytes,
      itemWeight: byItems ? 1 : assembly.plan.data[holds]!.size.value + settings.overhead,
      ttl: settings.ttl === null ? null : assembly.sampler(settings.ttl, `${component.name} ttl`),
      warm: settings.start === 'warm',
      lookupRate: assembly.callRate(component, 'get'),
      removalRate: assembly.callRate(component, 'delete'),
    });
    return {
      instances: settings.nodes,
      choice: settings.nodes === 1 ? { by: 'none' } : { by: 'key', nodes: settings.nodes },
      emit(operation, code) {
        code.compute(node, settings.time, 'service');
        if (operation.name === 'get') code.lookup(cache);
        else if (operation.name === 'set') code.fill(cache);
        else code.drop(cache);
      },
    };
  },
};
