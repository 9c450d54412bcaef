import type { PlanComponent } from '../../design/plan.ts';
import type { InstanceChoice } from '../../simulate/instances.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { type EdgeCaches, emitEdge } from '../../simulate/program/edge-emission.ts';
import { assembleLink, emitAnswer } from '../answer-link.ts';
import { isCached } from '../answers.ts';
import type { Room } from '../room.ts';
import type { CdnSettings } from './describe.ts';

/**
 * Points of presence as instances, each with a store of real keys of its own, and the shield's store behind them. A
 * request comes to one of them by chance; what it misses goes to the origin, and fills on the way back.
 */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as CdnSettings;
    const { name, index } = component;
    const { pops, weights, room, shield, swr, mode, hitTime } = settings;
    const holds = component.data['holds']!;
    const size = assembly.plan.data[holds]!.size.value;
    const ttl = settings.ttl === null ? null : assembly.sampler(settings.ttl, `${name} ttl`);
    const rate = component.operations.reduce((sum, operation) => {
      const { name: called } = assembly.operation(operation);
      return isCached(settings, called) ? sum + assembly.rateOf(operation) : sum;
    }, 0);
    const common = (of: Room) => ({
      of: index,
      keySpace: holds,
      policy: settings.evict,
      capacity: 'items' in of ? of.items : of.bytes,
      itemWeight: 'items' in of ? 1 : size,
      ttl,
      warm: settings.start === 'warm',
      removalRate: 0,
    });
    const all = weights?.reduce((sum, weight) => sum + weight, 0) ?? pops;
    const first = assembly.caches.length;
    for (let instance = 0; instance < pops; instance++) {
      assembly.cache({
        ...common(room),
        component: name,
        instance,
        ...(mode === 'push' && { pinned: true, warm: true, ttl: null }),
        ...(swr > 0 && { staleFor: swr, refresh: { softTtl: null, staleFor: swr, beta: 0 } }),
        lookupRate: (rate * (weights?.[instance] ?? 1)) / all,
      });
    }
    const behind =
      shield === null
        ? null
        : assembly.cache({
            ...common(shield),
            component: `${name}.shield`,
            behind: { first, caches: pops },
            lookupRate: 0,
          });
    const link = assembleLink(settings, component, pops, assembly);
    const caches: EdgeCaches = {
      owner: index,
      first,
      fills: mode === 'pull',
      refreshes: swr > 0,
      coalesces: settings.coalesce,
      shield: behind,
      time: hitTime,
    };
    const balancing = { options: weights === null ? undefined : { weights } };
    const choice: InstanceChoice = assembly.choiceBy('random', pops, `${name} clients`, balancing);
    return {
      instances: pops,
      addressed: true,
      choice,
      emit(operation, code) {
        const origin = operation.forwards;
        if (origin === null) throw new RangeError(`${name}.${operation.name} forwards to nothing`);
        if (isCached(settings, operation.name)) emitEdge(code, () => code.exchange(origin), caches);
        else {
          code.delay(hitTime, 'passing');
          code.exchange(origin);
        }
        emitAnswer(code, settings, operation, { cpu: null, link });
      },
    };
  },
};
