import type { Frames, FrameWatch } from '../frames.ts';
import type { Model } from '../model.ts';
import type { StationWatch } from './traced-stations.ts';

/** Follows a run of traced code. It draws no random numbers and changes nothing, so the run is the same without it. */
export interface Tracer extends FrameWatch {
  /** Who is told of stations; null: nobody. */
  readonly stations: StationWatch | null;
  /**
   * A run is about to begin.
   * @param clock the present time, an array of one
   */
  attach(model: Model, frames: Frames, clock: Float64Array): void;
  /**
   * Does the instruction at `pc`, SPAN_BEGIN or SPAN_END.
   * @returns where the frame goes on
   */
  execute(frame: number, pc: number, fp: number): number;
}
