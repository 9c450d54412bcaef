import type { Balancer } from '../blocks/index.ts';
import { HealthyBalancer } from './balancing/healthy-balancer.ts';
import type { Refreshing } from './caching/refreshing.ts';
import type { Connections } from './connections.ts';
import type { Frames } from './frames.ts';
import { HeldTable } from './held.ts';
import { LocalTime } from './local-time.ts';
import type { Model } from './model.ts';
import type * as op from './program/instructions.ts';
import type { Protections } from './protection/protections.ts';
import type { Stations } from './stations/stations.ts';

const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const WIDTH = 4 satisfies typeof op.WIDTH;
const NONE = -1;

/** What a run has that ends work before its time. */
export interface Unwound {
  readonly model: Model;
  readonly frames: Frames;
  readonly stations: Stations;
  readonly protections: Protections;
  readonly refreshing: Refreshing;
  readonly connections: Connections;
  readonly balancers: readonly Balancer[];
  /** The present time, an array of one. */
  readonly clock: Float64Array;
  /** A server of this station has become free. */
  readonly leave: (station: number) => void;
}

/**
 * Gives back what one level of a frame holds, when it ends before it comes to the code that would do so: where its
 * instance dies, and where its work is cancelled. What is held is known from the place in the code alone, so that
 * nothing is noted while the code runs.
 */
export class Unwinding {
  private readonly run: Unwound;
  private readonly held: HeldTable;
  private readonly time = new LocalTime();

  constructor(run: Unwound) {
    this.run = run;
    this.held = new HeldTable(run.model.held, run.model.code.length, WIDTH);
  }

  /**
   * The level of a frame whose locals are at `fp` dies with its instance, at the instruction at `pc`. Its connections
   * end, and whoever waits for its fetch fails, for this reason; what it holds on its own instance is gone with that.
   */
  die(pc: number, fp: number, reason: number): void {
    this.each(pc, (at) => {
      const { what } = this.held.stretches[at]!;
      if (what === 'target' || what === 'fetch') this.giveBack(at, fp, reason);
    });
  }

  /**
   * The same of a level that is told to stop: it gives all back itself.
   * @returns whether what it has called is told to stop as well
   */
  stop(pc: number, fp: number, reason: number): boolean {
    let tells = true;
    this.each(pc, (at) => {
      if (this.held.stretches[at]!.what === 'kept') tells = false;
      this.giveBack(at, fp, reason);
    });
    return tells;
  }

  /** An instance of a component has died, and its connections with it. */
  cut(component: number, instance: number): void {
    this.run.connections.cut(component, instance);
  }

  /** An instance of a component refuses the request of a frame, and with it the connection that it came over. */
  refused(frame: number, component: number, instance: number): void {
    this.run.connections.refused(frame, component, instance);
  }

  /** A server of the station is free; one that stands still begins nothing with it. */
  free(station: number): void {
    if (!this.run.stations.staysIdle(station)) this.run.leave(station);
  }

  private each(pc: number, visit: (stretch: number) => void): void {
    const { held } = this;
    for (let at = held.at(pc); at !== NONE && held.stretches[at]!.what !== 'branch'; at = held.around(at))
      visit(at);
  }

  private giveBack(stretch: number, fp: number, reason: number): void {
    const { frames, protections, refreshing, connections, balancers, clock } = this.run;
    const { stack } = frames;
    const { what, of, slot, timed } = this.held.stretches[stretch]!;
    const now = clock[0]!;
    switch (what) {
      case 'server':
        this.free(of + stack[fp + SLOT_INSTANCE]!);
        return;
      case 'target': {
        const latency = timed > 0 ? now - this.time.get(stack, fp + timed) : 0;
        const balancer = balancers[of]!;
        // The slot behind is that of the connection, where there is one.
        connections.about(of, stack[fp + slot + 1]!);
        // That its caller is no more is not the target's fault.
        if (balancer instanceof HealthyBalancer) balancer.abandoned(stack[fp + slot]!, now);
        else balancer.finished(stack[fp + slot]!, now, latency, false);
        return;
      }
      case 'permit':
        protections.release(of + stack[fp + SLOT_INSTANCE]!, fp + slot);
        return;
      case 'place':
        protections.vacate(of + stack[fp + SLOT_INSTANCE]!, fp + slot);
        return;
      case 'connection':
        connections.release(of, Math.floor(fp / frames.depth), stack[fp + slot]!);
        return;
      case 'fetch':
        refreshing.abandon(of, fp, reason);
        return;
      default:
        return;
    }
  }
}
