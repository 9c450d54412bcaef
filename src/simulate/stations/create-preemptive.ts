import type { Preemptive } from './preemptive.ts';
import { SharedProcessor } from './processor-sharing.ts';
import { UNLIMITED } from './queue-disciplines.ts';
import { ShortestRemaining } from './shortest-remaining.ts';
import type { StationGroup } from './station-group.ts';

/** What serves the jobs of a station, where those who come may stop, or slow, who is served; null where none may. */
export function createPreemptive({ discipline, servers }: StationGroup): Preemptive | null {
  if (discipline === 'processor-sharing') return new SharedProcessor(servers ?? UNLIMITED);
  return discipline === 'srpt' ? new ShortestRemaining(servers ?? UNLIMITED) : null;
}
