import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { declareChannel } from '../../simulate/messages/declaration.ts';
import { emitDelivery, emitPublish } from '../../simulate/messages/emission.ts';
import type { StreamSettings } from './describe.ts';

/** Appends messages to its partitions, and has each group of consumers work on all of them. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as StreamSettings;
    const { acceptTime, concurrency, batchTime, messageSize: _, replicas: __, ...stream } = settings;
    const channel = declareChannel(assembly, component, { ...stream, keeps: 'stream' });
    const batches = { time: batchTime, several: stream.batch > 1 };
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        if (operation.delivery === undefined) emitPublish(code, channel, acceptTime);
        else emitDelivery(code, channel, operation, concurrency, batches);
      },
    };
  },
};
