import type { PlanComponent, PlanData } from '../../design/plan.ts';
import type { Activity, ComponentAccount, Entry, EstimatedKind, FrontDemand } from '../../estimate/index.ts';
import { formatQuantity } from '../../quantities/index.ts';
import { placementOf } from '../sharding.ts';
import type { CacheSettings } from './describe.ts';
import { cacheMisses } from './misses.ts';

const NODE = 0;

/** Nodes of one thread each, chosen by the hash of the key, that share one store of keys. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan) {
    const settings = component.settings as unknown as CacheSettings;
    const holds = component.data['holds'];
    if (holds === undefined) throw new RangeError(`cache ${component.name} holds no data`);
    const operation = (name: string): number => {
      const found = component.operations.find((o) => plan.operations[o]!.name === name);
      if (found === undefined) throw new RangeError(`cache ${component.name} has no operation ${name}`);
      return found;
    };
    const held = plan.data[holds]!;
    const activities: readonly Activity[] = [{ does: 'visit', station: NODE, time: settings.time }];
    return {
      instances: settings.nodes,
      called: 'nodes',
      spread: 'key',
      ...(settings.nodes > 1 && { placement: placementOf(settings.sharding, component, plan) }),
      stations: [{ name: 'node', servers: 1, places: null, discipline: 'fifo' }],
      activities: () => activities,
      moves: ({ name }) => (name === 'delete' ? null : name === 'set' ? 'in' : 'out'),
      front: {
        lookup: operation('get'),
        fill: operation('set'),
        drop: operation('delete'),
        holds,
        misses: (demand) => cacheMisses(settings, itemsThatFit(settings, held), grouped(settings, demand)),
      },
      notes: [
        ...(settings.negativeTtl === null
          ? []
          : [
              'reads of items that do not exist are taken to miss each time: what `negative-ttl` spares, the simulation tells',
            ]),
        ...(settings.groups?.by === 'version'
          ? ['items of an older version are taken to be gone; in truth they take room until they are evicted']
          : []),
      ],
      availability: 'availability.cache',
      rents: [
        {
          per: 'instance',
          constant: 'cost.cache.memory',
          amount: memoryOf(settings, held) / settings.nodes,
          unit: 'B',
        },
      ],
      entries: (account) => memoryEntries(component, settings, held, account),
    };
  },
};

/** What is written takes all of its group out, so that each key is dropped as often as a group is. */
function grouped({ groups }: CacheSettings, demand: FrontDemand): FrontDemand {
  if (groups === null) return demand;
  const { classes, drops } = demand;
  const each = drops.perKey.reduce((sum, rate, k) => sum + rate * classes.keys[k]!, 0) / groups.count;
  return { ...demand, drops: { ...drops, perKey: drops.perKey.map(() => each) } };
}

/** Bytes of memory, all nodes together. */
function memoryOf(settings: CacheSettings, { size }: PlanData): number {
  const { capacity, overhead } = settings;
  return 'items' in capacity ? capacity.items * (size.value + overhead) : capacity.bytes;
}

/** Items that fit, all nodes together. */
export function itemsThatFit({ capacity, overhead }: CacheSettings, { size }: PlanData): number {
  return 'items' in capacity ? capacity.items : Math.floor(capacity.bytes / (size.value + overhead));
}

function memoryEntries(
  { name }: PlanComponent,
  settings: CacheSettings,
  held: PlanData,
  { misses }: ComponentAccount,
): Entry[] {
  const each = held.size.value + settings.overhead;
  const fit = itemsThatFit(settings, held);
  const items = Math.min(misses?.items ?? 0, fit);
  const perItem = `${formatQuantity(held.size.value, 'size')} + ${formatQuantity(settings.overhead, 'size')}`;
  return [
    {
      name: `${name}.items-that-fit`,
      label: 'items that fit',
      value: fit,
      unit: '1',
      formula: 'memory ÷ (item + overhead)',
      working: () =>
        'items' in settings.capacity
          ? `${formatQuantity(fit, 'count')} items`
          : `${formatQuantity(settings.capacity.bytes, 'size')} ÷ (${perItem})`,
      source: 'the design; overhead: constant redis.item.overhead unless given',
    },
    {
      name: `${name}.memory`,
      label: 'memory in use',
      value: items * each,
      unit: 'B',
      formula: 'items held × (item + overhead)',
      working: () => `${formatQuantity(items, 'count')} × (${perItem})`,
      source: 'the design; items held as for the hit ratio',
    },
    {
      name: `${name}.memory-for-all`,
      label: 'memory that would hold everything',
      value: held.count.value * each,
      unit: 'B',
      formula: 'count × (item + overhead)',
      working: () => `${formatQuantity(held.count.value, 'count')} × (${perItem})`,
      source: 'the design',
    },
  ];
}
