import { peakFactor } from '../../estimate/arrivals.ts';
import type { ComponentAccount, Entry } from '../../estimate/index.ts';
import { formatQuantity } from '../../quantities/index.ts';
import type { StreamSettings } from './describe.ts';

/** What a stream stores once it has kept messages for as long as it does; nothing where their size is not known. */
export function storageEntries(
  { plan, component, streams }: ComponentAccount,
  { retention, messageSize, replicas }: StreamSettings,
): Entry[] {
  if (messageSize === null || retention === null) return [];
  const publish = component.operations.find((o) => plan.operations[o]!.takesMessages === true)!;
  const rate = streams[publish]!.reduce(
    (sum, each) => sum + each.rate / peakFactor(plan.traffic[each.traffic]!.arrivals),
    0,
  );
  const copies = replicas === 1 ? '' : ` × ${replicas}`;
  return [
    {
      name: `${component.name}.storage`,
      label: `storage once ${formatQuantity(retention, 'time')} are kept`,
      value: rate * retention * messageSize * replicas,
      unit: 'B',
      formula: 'messages per second, mean × retention × message size × replicas',
      working: () =>
        `${formatQuantity(rate, 'rate')} × ${formatQuantity(retention, 'time')} × ${formatQuantity(messageSize, 'size')}${copies}`,
      source: 'the design; retention: constant stream.retention unless given; without indexes',
    },
  ];
}
