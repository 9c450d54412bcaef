import type { Plan } from '../../design/plan.ts';
import type { Model } from '../model.ts';

/** Faults that find nothing to change. */
export function idleFaultNotes({ components }: Plan, { faults, stationGroups, channels }: Model): string[] {
  const slowed = new Set(
    (faults?.faults ?? []).flatMap((fault) => (fault.fault === 'slow' ? [fault.component] : [])),
  );
  const worked = new Set(stationGroups.map(({ component }) => component));
  // Those of a queue or stream are its consumers, which are components of their own.
  for (const { of } of channels) worked.delete(of);
  return [...slowed]
    .filter((component) => !worked.has(component))
    .map(
      (component) =>
        `${components[component]!.name} is made slow to no effect: it has no station, and the time that it takes is not work.`,
    );
}
