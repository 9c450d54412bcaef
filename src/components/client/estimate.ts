import type { PlanComponent } from '../../design/plan.ts';
import type { CopiesModel, EstimatedKind } from '../../estimate/index.ts';
import { formatQuantity } from '../../quantities/index.ts';
import { keeps } from './copies.ts';
import type { ClientSettings } from './describe.ts';

/** Makes one call for each request; its network and connections are those of the call. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan) {
    const { cache, connections } = component.settings as unknown as ClientSettings;
    const both = cache !== null && connections !== null;
    return {
      instances: 1,
      spread: 'random',
      stations: [],
      activities: () => [{ does: 'steps', compute: 0 }],
      ...(cache !== null && {
        copies: {
          operations: component.operations.filter((o) => keeps(cache, plan.operations[o]!.name)),
          // A user who asks at rate λ has a copy for λT/(1 + λT) of the time (renewal theorem).
          missed: (rate: number) => 1 / (1 + (rate * cache.ttl) / cache.users),
          working: () =>
            `T = ${formatQuantity(cache.ttl, 'time')}, λ = requests for the item ÷ ${cache.users} users`,
        } satisfies CopiesModel,
      }),
      // Users are no part of the system: they cost it nothing, and who asks is there.
      availability: 1,
      rents: [],
      notes: both
        ? [
            'how often connections are opened is by all requests, those included that copies of the users answer',
          ]
        : [],
    };
  },
};
