import type { PlanData } from '../../design/plan.ts';
import type { Entry } from '../../estimate/index.ts';
import { formatQuantity } from '../../quantities/index.ts';

const YEAR = 365 * 86_400;

/** Storage of one data set now, and once it has grown as long as items are kept. */
export function storageEntries(component: string, data: PlanData, several: boolean): Entry[] {
  const { count, size, growth, keep } = data;
  const of = several ? `${component}.${data.name}` : component;
  const each = formatQuantity(size.value, 'size');
  const now: Entry = {
    name: `${of}.storage`,
    label: several ? `storage of ${data.name} now` : 'storage now',
    value: count.value * size.value,
    unit: 'B',
    formula: 'count × size',
    working: () => `${formatQuantity(count.value, 'count')} × ${each}`,
    source: 'the design; without indexes and copies',
  };
  if (growth.value === 0) return [now];
  const rate = formatQuantity(growth.value, 'growth');
  if (keep === null) {
    return [
      now,
      {
        name: `${of}.storage-in-a-year`,
        label: 'storage in a year, growing without end',
        value: (count.value + growth.value * YEAR) * size.value,
        unit: 'B',
        formula: '(count + growth × 365 days) × size',
        working: () => `(${formatQuantity(count.value, 'count')} + ${rate} × 365day) × ${each}`,
        source: 'the design; without indexes and copies',
      },
    ];
  }
  return [
    now,
    {
      name: `${of}.storage-after-retention`,
      label: `storage once ${formatQuantity(keep, 'time')} are kept`,
      value: growth.value * keep * size.value,
      unit: 'B',
      formula: 'growth × keep × size',
      working: () => `${rate} × ${formatQuantity(keep, 'time')} × ${each}`,
      source: 'the design; without indexes and copies',
    },
  ];
}

/** Storage of all copies of what a component stores. */
export function replicaStorageEntry(component: string, stored: number, copies: number): Entry {
  return {
    name: `${component}.storage-of-replicas`,
    label: 'storage now, all replicas',
    value: stored * copies,
    unit: 'B',
    formula: 'count × size × replicas',
    working: () => `${formatQuantity(stored, 'size')} × ${copies}`,
    source: 'the design; without indexes',
  };
}
