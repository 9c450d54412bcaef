import type { Entry } from '../../estimate/index.ts';
import { printNumber } from '../../quantities/index.ts';
import type { AutoscaleSettings } from './autoscale.ts';
import type { ServiceSettings } from './describe.ts';

/** Instances at which a load of so many busy servers holds the CPU at its target. */
export function settlesAt(settings: ServiceSettings, { busy = 0, ...scaling }: AutoscaleSettings): number {
  const { from, to, utilization } = scaling;
  // What rounding adds to a whole number is no instance.
  const wanted = Math.ceil((busy / serversOf(settings) / utilization!) * (1 - 1e-12));
  return Math.min(to, Math.max(from, wanted));
}

/** That number as a line of the sheet. */
export function settledEntry(name: string, settings: ServiceSettings, scaling: AutoscaleSettings): Entry {
  const { busy = 0, utilization, from, to } = scaling;
  const percent = printNumber(utilization!, 'ratio');
  const servers = serversOf(settings);
  return {
    name: `${name}.instances-autoscaled`,
    label: 'instances that autoscaling settles at',
    value: settings.instances,
    unit: '1',
    formula: '⌈busy cores ÷ (cores an instance × target)⌉, within from and to',
    working: () => `⌈${busy.toPrecision(4)} ÷ (${servers} × ${percent})⌉, from ${from} to ${to}`,
    source: 'Kubernetes documentation, Horizontal Pod Autoscaling: algorithm details',
  };
}

/** What the formulas leave out of autoscaling. */
export function scalingNotes(
  { instances }: ServiceSettings,
  { queue, from, to }: AutoscaleSettings,
): string[] {
  if (from === to) return [];
  if (queue !== null) {
    return [
      `it is estimated with the ${instances} instances of the start; no formula says how many a target for the queue makes of them`,
    ];
  }
  return [
    'its instances are those that autoscaling settles at; how the load moves, and how late it follows, is left out',
  ];
}

function serversOf({ model, cores }: ServiceSettings): number {
  return model === 'event-loop' ? 1 : cores;
}
