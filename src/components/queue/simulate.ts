import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { declareChannel } from '../../simulate/messages/declaration.ts';
import { emitDelivery, emitPublish } from '../../simulate/messages/emission.ts';
import type { QueueSettings } from './describe.ts';

/** Takes messages in, and hands each to a consumer, until one succeeds or has failed often enough. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as QueueSettings;
    const { acceptTime, concurrency, discipline, ...queue } = settings;
    const channel = declareChannel(assembly, component, {
      ...queue,
      keeps: 'queue',
      byPriority: discipline === 'priority',
    });
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        if (operation.delivery === undefined) emitPublish(code, channel, acceptTime);
        else emitDelivery(code, channel, operation, concurrency);
      },
    };
  },
};
