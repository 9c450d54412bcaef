import type { AvailabilityReport } from '../report/index.ts';

/**
 * What alone takes some requests with it, each once: of a component with several instances that of one of them, under
 * the name of the component, so that designs with more and fewer instances can be compared.
 */
export function singlePointsOf({ traffic }: Pick<AvailabilityReport, 'traffic'>): string[] {
  const all = Object.values(traffic).flatMap(({ singlePoints }) => singlePoints.map(({ what }) => what));
  return [...new Set(all.map((what) => what.replace(/^\d+ of \d+ /, '')))];
}
