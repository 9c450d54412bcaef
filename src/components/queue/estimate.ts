import type { Plan, PlanComponent } from '../../design/plan.ts';
import type { EstimatedKind } from '../../estimate/index.ts';
import type { QueueSettings } from './describe.ts';

/** Those who work on messages. */
const CONSUMERS = 0;

/** Publishing takes its time; each message then holds a consumer for as long as its work takes, and the ways there and back. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const settings = component.settings as unknown as QueueSettings;
    const { acceptTime, concurrency, discipline, delay, capacity } = settings;
    const consumer = component.components['consumer'];
    const instances = consumer === undefined ? 0 : instancesOf(plan.components[consumer]!);
    return {
      instances: 1,
      spread: 'random',
      stations:
        instances === 0
          ? []
          : [{ name: 'consumers', servers: concurrency * instances, places: null, discipline, aside: true }],
      activities: ({ delivery }) =>
        delivery === undefined
          ? [{ does: 'wait', time: acceptTime }]
          : [
              { does: 'wait', time: { law: 'constant', value: delay } },
              {
                does: 'hold',
                station: CONSUMERS,
                during: [{ does: 'forward', spread: 'least-connections' }],
              },
            ],
      notes:
        capacity === null
          ? []
          : [
              'A queue takes messages without a bound here: what its `capacity` turns away, holds up or drops, the simulation tells.',
            ],
    };
  },
};

function instancesOf({ settings }: PlanComponent): number {
  return typeof settings['instances'] === 'number' ? settings['instances'] : 1;
}
