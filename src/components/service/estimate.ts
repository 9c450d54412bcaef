import { constantOf } from '../../design/index.ts';
import type { Plan, PlanComponent, PlanOperation } from '../../design/plan.ts';
import type { Activity, EstimatedKind, StationModel } from '../../estimate/index.ts';
import { answerNotes, compressionActivities, linkModel, sendingActivities } from '../answer-link.ts';
import { choosingNotes, choosingOf } from '../balancing.ts';
import { failoverOf, healthNotes } from '../health.ts';
import { corePrice } from '../machine.ts';
import { behindWorkers, type ServiceSettings } from './describe.ts';
import { scalingNotes, settledEntry, settlesAt } from './scaled-estimate.ts';
import { estimatedSidecar } from './sidecar.ts';

/** Stations of an instance: its cores, and its workers where they are limited. */
const CPU = 0;
const WORKERS = 1;

/** A request takes a worker (where they are limited) for as long as it lasts, and cores for its compute steps. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const settings = component.settings as unknown as ServiceSettings;
    const { instances, cores, model, workers, queue, balance, options, speeds, autoscale } = settings;
    const choosing = choosingOf(balance, options);
    const behind = behindWorkers(settings.discipline);
    const discipline = behind === 'srpt' ? 'fifo' : behind;
    const control = controlOf(settings);
    const cpu = {
      name: 'cpu',
      servers: model === 'event-loop' ? 1 : cores,
      places: workers === null ? queue : null,
      discipline,
      ...(speeds && { speeds: speeds.slice(0, instances) }),
      ...(workers === null && control),
      ...(behind === 'srpt' && { control: '`discipline: srpt`' }),
    } as const;
    const pool = {
      name: 'workers',
      servers: workers,
      places: queue,
      discipline: discipline === 'processor-sharing' ? 'fifo' : discipline,
      ...control,
    } as const;
    const memory =
      settings.room === undefined
        ? []
        : [
            {
              name: 'memory',
              servers: settings.room,
              places: 0,
              discipline: 'fifo',
              ...(settings.restart !== undefined && { fatal: settings.restart }),
            } as const,
          ];
    const inside = [cpu, ...(workers === null ? [] : [pool]), ...memory];
    const sidecar = estimatedSidecar(settings.sidecar, CPU, inside.length);
    const steps: Activity = { does: 'steps', compute: CPU };
    const worked = (operation: PlanOperation): readonly Activity[] => {
      const during = [steps, ...compressionActivities(settings, plan, operation, CPU)];
      return workers === null ? during : [{ does: 'hold', station: WORKERS, during }];
    };
    const remembered = (operation: PlanOperation): readonly Activity[] =>
      memory.length === 0
        ? worked(operation)
        : [{ does: 'hold', station: inside.length - 1, during: worked(operation) }];
    const link = inside.length + sidecar.stations.length;
    return {
      instances,
      spread: choosing.spread,
      choosing,
      stations: [...inside, ...sidecar.stations, ...linkModel(settings)],
      activities: (operation) => [
        ...sidecar.incoming,
        ...remembered(operation),
        ...sendingActivities(settings, plan, operation, link),
      ],
      ...sidecar.model,
      availability: 'availability.instance',
      failover: failoverOf(settings.health, component.settings),
      rents: [
        {
          per: 'instance',
          constant: corePrice(cores, (name) => constantOf(plan, name).value),
          amount: cores,
          unit: '1',
        },
        ...sidecar.rents,
      ],
      notes: [
        ...choosingNotes(balance),
        ...healthNotes(settings.health, plan, [component.index]),
        ...(autoscale ? scalingNotes(settings, autoscale) : []),
        ...(memory.length > 0
          ? ['that memory bounds how many wait for the CPU is left out of the waiting times']
          : []),
        ...(settings.restart === undefined
          ? []
          : [
              'what dies with an instance that is killed, and who comes until it is back, is not estimated: where that is more than one request in a million, what becomes of those that come to it is unknown',
            ]),
        ...(settings.pauses ? ['its pauses are left out'] : []),
        ...answerNotes(settings),
        ...(settings.discovery && autoscale
          ? ['that its callers learn late of instances that come and go is left out']
          : []),
      ],
      ...(autoscale?.busy !== undefined && {
        entries: () => [settledEntry(component.name, settings, autoscale)],
      }),
    };
  },
  scales(component) {
    const { autoscale } = component.settings as unknown as ServiceSettings;
    return autoscale?.utilization != null && autoscale.queue === null;
  },
  scaled(component, stations) {
    const settings = component.settings as unknown as ServiceSettings;
    const { offered, service } = stations[CPU]!;
    const autoscale = { ...settings.autoscale!, busy: offered * service };
    return { ...component, settings: { ...settings, autoscale, instances: settlesAt(settings, autoscale) } };
  },
};

/** What the formulas leave out of the queue at the door. */
function controlOf({
  discipline,
  shed,
  queueTimeout,
}: ServiceSettings): Pick<StationModel, 'control' | 'impatient'> {
  const names = [
    ...(discipline === behindWorkers(discipline) ? [] : [`\`discipline: ${discipline}\``]),
    ...(shed === undefined ? [] : ['`shed`']),
    ...(queueTimeout === undefined ? [] : ['`queue-timeout`']),
  ];
  if (names.length === 0) return {};
  // With adaptive-lifo and fair, a queue without limit grows: those who came first, or most often, wait for ever.
  const impatient = queueTimeout !== undefined || shed !== undefined || discipline === 'codel';
  return { control: names.join(' and '), ...(impatient && { impatient }) };
}
