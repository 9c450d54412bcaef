import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import { spreadNotes, spreadOf } from '../balancing.ts';
import type { ServiceSettings } from './describe.ts';

/** Stations of an instance: its cores, and its workers where they are limited. */
const CPU = 0;
const WORKERS = 1;

/** A request takes a worker (where they are limited) for as long as it lasts, and cores for its compute steps. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent) {
    const settings = component.settings as unknown as ServiceSettings;
    const { instances, cores, model, workers, queue, discipline, balance } = settings;
    const cpu = {
      name: 'cpu',
      servers: model === 'event-loop' ? 1 : cores,
      places: workers === null ? queue : null,
      discipline,
    } as const;
    const pool = {
      name: 'workers',
      servers: workers,
      places: queue,
      discipline: discipline === 'processor-sharing' ? 'fifo' : discipline,
    } as const;
    const steps: Activity = { does: 'steps', compute: CPU };
    const activities: readonly Activity[] =
      workers === null ? [steps] : [{ does: 'hold', station: WORKERS, during: [steps] }];
    return {
      instances,
      spread: spreadOf(balance),
      stations: workers === null ? [cpu] : [cpu, pool],
      activities: () => activities,
      availability: 'availability.instance',
      notes: spreadNotes(balance),
    };
  },
};
