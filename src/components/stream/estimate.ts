import type { Plan, PlanComponent } from '../../design/plan.ts';
import { consumersName } from '../../design/plan-deliveries.ts';
import type { Activity, EstimatedKind, StationModel } from '../../estimate/index.ts';
import { takesNothing } from '../takes-nothing.ts';
import type { StreamSettings } from './describe.ts';
import { storageEntries } from './storage.ts';

/**
 * Publishing takes its time; each message then holds the consumer that has its partition for as long as its work takes,
 * and, the first of a batch, for what that takes besides: to be fetched, over the network.
 */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const settings = component.settings as unknown as StreamSettings;
    const { partitions, concurrency, batch, batchTime, batchWait, acceptTime } = settings;
    const groups = component.operations
      .map((index) => plan.operations[index]!)
      .filter(({ delivery }) => delivery !== undefined)
      .map((operation) => {
        const { settings: of } = plan.components[plan.operations[operation.forwards!]!.component]!;
        const instances = typeof of['instances'] === 'number' ? of['instances'] : 1;
        return { operation, consumers: Math.min(partitions, concurrency * instances) };
      });
    const counts = new Set(groups.map(({ consumers }) => consumers));
    // Consumers with partitions of their own are instances apart, where all groups have equally many.
    const instances = counts.size === 1 ? groups[0]!.consumers : 1;
    const stations = groups.map(
      ({ operation, consumers }): StationModel => ({
        name: consumersName(operation),
        servers: consumers / instances,
        places: null,
        discipline: 'fifo',
        aside: true,
      }),
    );
    const { latency } = plan.network;
    // The network is crossed once for a batch, there and back.
    const each = [batchTime, latency, latency];
    const work: readonly Activity[] = [{ does: 'forward', spread: 'least-connections', near: true }];
    const alike = batch === 1 || (batchWait === 0 && each.every(takesNothing));
    const consume = (station: number): readonly Activity[] => [
      {
        does: 'hold',
        station,
        during: alike
          ? [...each.map((time): Activity => ({ does: 'wait', time })), ...work]
          : [{ does: 'batch', station, most: batch, patience: batchWait, each, work }],
      },
    ];
    return {
      instances,
      called: 'consumers',
      spread: 'random',
      stations,
      activities: (operation) => {
        const group = groups.findIndex((each) => each.operation.index === operation.index);
        return group < 0 ? [{ does: 'wait', time: acceptTime }] : consume(group);
      },
      notes: [
        ...(partitions > 1 && groups.length > 0
          ? [
              'consumers are taken to get equally many messages: a key that many are about makes one partition hot, as the simulation shows',
            ]
          : []),
        ...(!alike &&
        partitions > groups.reduce((most, { consumers }) => Math.max(most, consumers), 0) &&
        groups.length > 0
          ? [
              'consumers are taken to work on messages as they come: those with several partitions go from one to the other, so that some messages take longer, and others less',
            ]
          : []),
        ...(counts.size > 1
          ? ['its groups have different numbers of consumers, and those of each are taken to share one line']
          : []),
      ],
      entries: (account) => storageEntries(account, settings),
    };
  },
};
