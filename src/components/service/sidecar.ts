import { count, distribution, type KindFinding, type Settling, section } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, ComponentModel, Rent, StationModel } from '../../estimate/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { Assembly } from '../../simulate/program/assembly.ts';
import type { Sidecar } from '../../simulate/program/sidecar-emission.ts';

/** A proxy beside each instance, through which all requests come in and all calls go out. Times in seconds. */
export interface SidecarSettings {
  /** CPU time of a request that passes it, with its answer. */
  readonly cpu: Distribution;
  /** Time that such a request takes besides. */
  readonly latency: Distribution;
  /** Of its own; null = it computes on those of the instance. */
  readonly cores: number | null;
}

export const sidecarField = section('sidecar', {
  cpu: distribution('time', {
    is: 'CPU time of each request that comes in or goes out, its answer included; the constant sidecar.cpu unless said.',
  }).optional(),
  latency: distribution('time', { is: 'Time that each takes besides; none unless said.' }).optional(),
  cores: count(
    { is: 'Cores of its own beside each instance; without them, it computes on those of the instance.' },
    { most: 10_000 },
  ).optional(),
})
  .meta({ description: 'A proxy beside each instance, through which requests come in and calls go out.' })
  .optional();

interface WrittenSidecar {
  readonly cpu?: Distribution | undefined;
  readonly latency?: Distribution | undefined;
  readonly cores?: number | undefined;
}

const none = { law: 'constant', value: 0 } as const;
const takesTime = (law: Distribution): boolean => law.law !== 'constant' || law.value > 0;

/** What is written, with the defaults. */
export function sidecarOf(written: WrittenSidecar, settling: Settling): SidecarSettings {
  const { cpu, latency = none, cores = null } = written;
  return { cpu: cpu ?? { law: 'constant', value: settling.constant('sidecar.cpu') }, latency, cores };
}

/** Whether it computes on the cores of its instance. */
export function sharesCpu(sidecar: SidecarSettings | undefined): boolean {
  return sidecar !== undefined && sidecar.cores === null && takesTime(sidecar.cpu);
}

/** Reports one that does nothing, and cores that have nothing to do. */
export function checkSidecar(sidecar: SidecarSettings | undefined): KindFinding[] {
  if (sidecar === undefined || takesTime(sidecar.cpu)) return [];
  if (sidecar.cores !== null) {
    return [{ code: 'idle-knob', setting: ['sidecar', 'cores'], message: 'a request costs it no CPU time' }];
  }
  if (takesTime(sidecar.latency)) return [];
  return [{ code: 'idle-knob', setting: ['sidecar'], message: 'a request costs it no time at all' }];
}

/** Declares it, and has the calls of the component go out by it; what comes in passes it by what is returned. */
export function assembleSidecar(
  sidecar: SidecarSettings,
  component: PlanComponent,
  { instances, cpu }: { readonly instances: number; readonly cpu: number },
  assembly: Assembly,
): Sidecar {
  const station =
    sidecar.cores === null
      ? cpu
      : assembly.station(component, 'sidecar', {
          instances,
          servers: sidecar.cores,
          places: null,
          discipline: 'fifo',
        });
  const proxy = { station, cpu: sidecar.cpu, latency: sidecar.latency };
  assembly.sidecars.set(component.index, proxy);
  return proxy;
}

/**
 * The same to the estimate.
 *
 * @param cpu the station of the instance's cores
 * @param own the number of its station, where it has cores of its own
 */
export function estimatedSidecar(
  sidecar: SidecarSettings | undefined,
  cpu: number,
  own: number,
): {
  readonly stations: readonly StationModel[];
  readonly incoming: readonly Activity[];
  readonly model: Pick<ComponentModel, 'outgoing'>;
  readonly rents: readonly Rent[];
} {
  if (sidecar === undefined) return { stations: [], incoming: [], model: {}, rents: [] };
  const { cores, cpu: time, latency } = sidecar;
  const station = cores === null ? cpu : own;
  return {
    stations: cores === null ? [] : [{ name: 'sidecar', servers: cores, places: null, discipline: 'fifo' }],
    incoming: [
      ...(takesTime(time) ? [{ does: 'visit', station, time } as const] : []),
      ...(takesTime(latency) ? [{ does: 'wait', time: latency } as const] : []),
    ],
    model: { outgoing: { station, time, latency } },
    rents: cores === null ? [] : [{ per: 'instance', constant: 'cost.core', amount: cores, unit: '1' }],
  };
}
