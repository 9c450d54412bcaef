import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import type { Assembly } from '../assembly.ts';
import type { ConsumerSpec, QueueOptions } from './channel-spec.ts';

/** Declares what takes the messages of a component in; gives its number. */
export function declareChannel(
  assembly: Assembly,
  { index, name }: PlanComponent,
  options: QueueOptions,
): number {
  const full = assembly.reason(`${name} full`);
  const channel = { ...options, name, of: index, full, consumers: [], deadLetters: null };
  return assembly.channels.push(channel) - 1;
}

/** Declares who works on the messages of a channel; gives the number of that consumer. */
export function declareConsumer(
  assembly: Assembly,
  channel: number,
  operation: PlanOperation,
  { of: called, slot, concurrency }: { of: number; slot: number; concurrency: number },
): number {
  const spec = assembly.channels[channel]!;
  const component = assembly.plan.components[spec.of]!;
  const { component: of } = assembly.operation(called);
  const { instances } = assembly.component(of);
  const balancer = assembly.balancer('least-connections', instances, `${component.name} consumers`);
  assembly.chooses(balancer, of);
  const group = assembly.stationGroups.length;
  const alone = { servers: concurrency, places: null, discipline: 'fifo' } as const;
  assembly.station(component, 'consumers', { ...alone, instances });
  const aside = spec.whenFull === 'block' && spec.capacity !== null ? {} : ({ aside: true } as const);
  assembly.stationGroups[group] = { ...assembly.stationGroups[group]!, ...aside };
  const consumer: ConsumerSpec = {
    of,
    instances,
    concurrency,
    balancer,
    operation: operation.index,
    slot,
    group,
  };
  const dead = operation.delivery?.deadLetters ?? null;
  const deadLetters = dead === null ? null : assembly.operation(dead).component;
  assembly.channels[channel] = { ...spec, consumers: [...spec.consumers, consumer], deadLetters };
  return spec.consumers.length;
}
