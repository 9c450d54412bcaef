/** Who wants to know whose work stops, and whose begins or goes on after it has waited. */
export interface PreemptionWatch {
  stopped(frame: number): void;
  resumed(frame: number): void;
}

/**
 * The jobs of one station that are served in an order in which others change when a job ends: by those who come, and
 * who leave before their end. It keeps them all, in service or not.
 */
export interface Preemptive {
  /** Jobs there. */
  readonly size: number;
  /** When the next job ends if nobody comes or goes; an event at another time is out of date. */
  readonly nextEnd: number;
  /** Seconds of work that the job had left which was last taken out before its end. */
  readonly left: number;
  /** Is told of those who wait while others are served; null: nobody. */
  watch: PreemptionWatch | null;
  /** Adds a job of `work` seconds at time `now`. */
  add(now: number, frame: number, work: number): void;
  /** Takes out the job that ends now and returns its frame. */
  take(now: number): number;
  /** Takes out the job of a frame before its end; false when there is none. */
  remove(now: number, frame: number): boolean;
  /** Calls `visit` with the frame of every job. */
  forEach(visit: (frame: number) => void): void;
  /** All jobs are gone. */
  clear(): void;
  /** The servers stand still. */
  halt(now: number): void;
  /** The servers go on. */
  go(now: number): void;
}
