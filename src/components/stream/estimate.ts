import type { Plan, PlanComponent } from '../../design/plan.ts';
import { consumersName } from '../../design/plan-deliveries.ts';
import type { Activity, EstimatedKind, StationModel } from '../../estimate/index.ts';
import { scaleDistribution } from '../../quantities/index.ts';
import type { StreamSettings } from './describe.ts';
import { storageEntries } from './storage.ts';

/**
 * Publishing takes its time; each message then holds the consumer that has its partition for as long as its work takes,
 * and its part of what a full batch takes besides: to be fetched, over the network.
 */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const settings = component.settings as unknown as StreamSettings;
    const { partitions, concurrency, batch, batchTime, acceptTime } = settings;
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
    const consume = (station: number): readonly Activity[] => [
      { does: 'wait', time: latency },
      { does: 'wait', time: latency },
      {
        does: 'hold',
        station,
        during: [
          { does: 'wait', time: scaleDistribution(batchTime, 1 / batch) },
          { does: 'wait', time: scaleDistribution(latency, 2 / batch) },
          { does: 'forward', spread: 'random', near: true },
        ],
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
        ...(counts.size > 1
          ? ['its groups have different numbers of consumers, and those of each are taken to share one line']
          : []),
        ...(batch > 1
          ? [
              'batches are taken to be full: what a batch takes is divided by so many messages, and waiting for one to fill is left out',
            ]
          : []),
      ],
      entries: (account) => storageEntries(account, settings),
    };
  },
};
