import type { RandomStream } from '../../kernel/index.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import { ImpatientStations, type Timing } from '../stations/impatient-stations.ts';
import type { PreemptionWatch } from '../stations/preemptive.ts';
import type * as outcome from '../stations/stations.ts';
import { Stations } from '../stations/stations.ts';

const QUEUED = 2 satisfies typeof outcome.QUEUED;
const NONE = -1;

/** Who wants to know how those who come to stations fare. */
export interface StationWatch {
  /** A frame waits for a server. */
  queued(frame: number): void;
  /** A frame that waited gets a server. */
  served(frame: number): void;
  /** A frame begins work of so many seconds on a shared processor. */
  shared(frame: number, work: number): void;
  /** Who is told when that work stops for that of others, and goes on; null: nobody. */
  readonly preemption: PreemptionWatch | null;
}

/**
 * The stations of a model.
 *
 * @param clock the present time, an array of one
 * @param stream the random stream for a purpose
 * @param turnAway what becomes of a frame that waited and is dropped
 * @param timing of those who wait for so long and no longer
 * @param watch is told what happens; default: nobody wants to know
 */
export function stationsOf(
  { stationGroups, traffic }: Model,
  frames: Frames,
  clock: Float64Array,
  stream: (purpose: string) => RandomStream,
  turnAway: (frame: number, reason: number) => void,
  timing: Timing,
  watch: StationWatch | null = null,
): Stations {
  const priorities = traffic.map(({ priority }) => priority);
  const needs = [stationGroups, priorities, frames, clock, stream, turnAway] as const;
  if (watch !== null) return new TracedStations(watch, timing, ...needs);
  const impatient = stationGroups.some(({ patience }) => patience !== undefined);
  return impatient ? new ImpatientStations(timing, ...needs) : new Stations(...needs);
}

/** Stations that tell when waiting begins and ends: apart, so that runs without a trace do not even ask. */
class TracedStations extends ImpatientStations {
  private readonly watch: StationWatch;

  constructor(watch: StationWatch, ...needs: ConstructorParameters<typeof ImpatientStations>) {
    super(...needs);
    this.watch = watch;
    const [, groups] = needs;
    for (const { first, instances } of groups) {
      for (let station = first; station < first + instances; station++) {
        const preemptive = this.sharing(station);
        if (preemptive !== null) preemptive.watch = watch.preemption;
      }
    }
  }

  override enter(station: number, frame: number, traffic: number): number {
    const outcome = super.enter(station, frame, traffic);
    if (outcome === QUEUED) this.watch.queued(frame);
    return outcome;
  }

  override leave(station: number): number {
    const frame = super.leave(station);
    if (frame !== NONE) this.watch.served(frame);
    return frame;
  }

  override join(station: number, frame: number, work: number): boolean {
    const joined = super.join(station, frame, work);
    if (joined) this.watch.shared(frame, work);
    return joined;
  }
}
