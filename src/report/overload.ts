import { valueText } from './figure-text.ts';
import type { Report, StationReport } from './report.ts';
import { themeOf } from './theme.ts';

/** A station counts as overloaded from this share of its capacity on: below, noise may have put it there. */
const OVERLOADED_FROM = 0.98;
const NAMED = 3;

/**
 * Says of the stations that are asked for more than they can do what is offered and what they can serve, the
 * worst first. At most three are named, the rest is counted.
 */
export function overloadSentences(stations: Report['stations']): string[] {
  const loaded = Object.entries(stations)
    .map(([name, station]) => ({ name, station, load: loadOf(station) }))
    .filter(({ load }) => load >= OVERLOADED_FROM)
    .sort((a, b) => b.load - a.load);
  const sentences = loaded.slice(0, NAMED).map(({ name, station, load }) => sentence(name, station, load));
  const more = loaded.length - sentences.length;
  if (more > 0) sentences.push(`${more} more station${more === 1 ? '' : 's'} at or above capacity.`);
  return sentences;
}

function sentence(
  name: string,
  { servers, utilization, busiest, arrivals, service }: StationReport,
  load: number,
): string {
  const theme = themeOf({});
  if (busiest !== undefined && utilization.value !== null && utilization.value < OVERLOADED_FROM) {
    const which = busiest.instance === null ? 'the busiest instance' : `instance ${busiest.instance}`;
    const share = valueText(utilization.value, '1', theme, 'share');
    return `${name}: ${which} is always busy and its queue grows without end; all together are ${share} busy.`;
  }
  if (servers === null || arrivals.value === null || service.value === null || service.value <= 0) {
    return `${name} is always busy and its queue grows without end.`;
  }
  const offered = valueText(arrivals.value, '1/s', theme);
  const capacity = valueText(servers / service.value, '1/s', theme);
  return `${name} is offered ${offered} and can serve ${capacity}: ${ratioText(load)} times its capacity.`;
}

/** What is asked of a station, as a multiple of its capacity. */
function loadOf({ servers, arrivals, service, utilization, busiest }: StationReport): number {
  if (servers === null) return 0;
  const most = busiest?.utilization.value ?? 0;
  if (most >= OVERLOADED_FROM && (utilization.value ?? 0) < OVERLOADED_FROM) return most;
  if (arrivals.value === null || service.value === null) return utilization.value ?? 0;
  return (arrivals.value * service.value) / servers;
}

/** A ratio as it is said, e.g. 1.25. */
export const ratioText = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0));
