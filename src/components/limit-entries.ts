import type { ComponentAccount, Entry } from '../estimate/index.ts';
import { formatQuantity } from '../quantities/index.ts';

/** How much of a component's limit what comes to it takes up. */
export function limitEntries({ component, rates }: ComponentAccount, rate: number): Entry[] {
  const coming = component.operations.reduce((sum, operation) => sum + rates[operation]!, 0);
  return [
    {
      name: `${component.name}.limit`,
      label: 'of its limit',
      value: coming / rate,
      unit: '1',
      formula: 'requests a second ÷ the rate of the limit; beyond 1, the rest is refused',
      working: () => `${formatQuantity(coming, 'rate')} ÷ ${formatQuantity(rate, 'rate')}`,
      source: 'the design',
    },
  ];
}
