import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import { channelName, consumersName } from '../../design/plan-deliveries.ts';
import type { Assembly } from '../program/assembly.ts';
import type { ConsumerSpec, QueueOptions, StreamOptions } from './channel-spec.ts';

/** Declares what takes the messages of a component in; gives its number. */
export function declareChannel(
  assembly: Assembly,
  { index, name }: PlanComponent,
  options: (QueueOptions & { keeps: 'queue' }) | (StreamOptions & { keeps: 'stream' }),
): number {
  const full = assembly.reason(`${name} full`);
  const channel = { ...options, name, of: index, full, consumers: [], deadLetters: null };
  return assembly.channels.push(channel) - 1;
}

/** Who works on messages, as its code says. */
interface DeclaredConsumer {
  /** The operation that does the work. */
  readonly of: number;
  readonly slot: number;
  readonly concurrency: number;
  readonly goesOn: number;
}

/** Declares who works on the messages of a channel. */
export function declareConsumer(
  assembly: Assembly,
  channel: number,
  operation: PlanOperation,
  { of: called, slot, concurrency, goesOn }: DeclaredConsumer,
): void {
  const spec = assembly.channels[channel]!;
  const component = assembly.plan.components[spec.of]!;
  const { component: of } = assembly.operation(called);
  const { instances } = assembly.component(of);
  const balancer = assembly.balancer('least-connections', instances, channelName(component.name, operation));
  assembly.chooses(balancer, of);
  const wide = assembly.plan.widened?.[`${component.name}.${consumersName(operation)}`] ?? 1;
  const group = assembly.stationGroups.length;
  const alone = { servers: concurrency, places: null, discipline: 'fifo' } as const;
  assembly.station(component, consumersName(operation), { ...alone, instances });
  const blocks = spec.keeps === 'queue' && spec.whenFull === 'block' && spec.capacity !== null;
  const aside = blocks ? {} : ({ aside: true } as const);
  const consumer: ConsumerSpec = {
    of,
    instances,
    concurrency: concurrency * wide,
    balancer,
    operation: operation.index,
    slot,
    group,
    goesOn,
    name: channelName(component.name, operation),
  };
  const dead = operation.delivery?.deadLetters ?? null;
  const deadLetters = dead === null ? null : assembly.operation(dead).component;
  // Of a stream more consumers have work where there are more partitions alone.
  const partitions = spec.keeps === 'stream' ? { partitions: spec.partitions * wide } : {};
  const most = spec.keeps === 'stream' ? { most: partitions.partitions! } : {};
  assembly.stationGroups[group] = { ...assembly.stationGroups[group]!, ...aside, ...most };
  const consumers = [...spec.consumers, consumer];
  assembly.channels[channel] = { ...spec, ...partitions, consumers, deadLetters } as typeof spec;
}
