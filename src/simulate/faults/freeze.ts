import type { Calendar } from '../../kernel/index.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { Stations } from '../stations/stations.ts';

const PC = 0 satisfies typeof field.PC;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const STATION = 12 satisfies typeof field.STATION;
const FIELDS = 16 satisfies typeof field.FIELDS;
const OPCODE_COMPUTE = 0 satisfies typeof op.COMPUTE;
const COMPLETE = 0 satisfies typeof event.COMPLETE;
const SHARED = 4 satisfies typeof event.SHARED;

interface Stoppable {
  readonly model: Pick<Model, 'code'>;
  readonly frames: Frames;
  readonly stations: Stations;
  readonly calendar: Calendar;
  /** A server of this station has become free. */
  readonly leave: (station: number) => void;
}

/**
 * Stations that stand still for a while. Work in service ends later by as long as that takes; nothing new is
 * begun, and who comes waits, or is refused where no place is left.
 */
export class Freeze {
  private readonly model: Pick<Model, 'code'>;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly calendar: Calendar;
  private readonly leave: (station: number) => void;
  /** Seconds by which the work of a frame ends later than its event says. */
  private late = new Float64Array(0);
  /** Pauses a station is in. */
  private readonly pauses: Int32Array;

  /** Until when a station stands still, as far as is known. */
  private readonly until: Float64Array;

  constructor(run: Stoppable) {
    this.model = run.model;
    this.frames = run.frames;
    this.stations = run.stations;
    this.calendar = run.calendar;
    this.leave = run.leave;
    this.pauses = new Int32Array(run.stations.pace.length);
    this.until = new Float64Array(run.stations.pace.length);
  }

  /** The station stands still from now on, for so many seconds. */
  begin(station: number, seconds: number): void {
    const { frames, stations } = this;
    if (this.late.length < frames.capacity) {
      const late = new Float64Array(frames.capacity);
      late.set(this.late);
      this.late = late;
    }
    if (++this.pauses[station]! === 1) stations.halt(station);
    // Where it stands still already, only the rest comes on top.
    const now = this.calendar.now[0]!;
    const later = Math.max(0, now + seconds - Math.max(now, this.until[station]!));
    this.until[station] = Math.max(this.until[station]!, now + seconds);
    if (stations.sharing(station) !== null) return;
    const waiting = new Set<number>();
    stations.forEachWaiting(station, (frame) => waiting.add(frame));
    const { ints } = frames;
    frames.forEach((frame) => {
      const at = frame * FIELDS;
      // One that comes to this station next looks the same; it is forgotten when it enters.
      const inService =
        ints[at + TRAFFIC]! >= 0 &&
        ints[at + STATION] === station &&
        this.model.code[ints[at + PC]!] === OPCODE_COMPUTE &&
        !waiting.has(frame);
      if (inService) this.late[frame]! += later;
    });
  }

  /** The station goes on. */
  end(station: number): void {
    if (--this.pauses[station]! > 0) return;
    const { stations } = this;
    stations.go(station);
    const shared = stations.sharing(station);
    if (shared !== null) {
      if (shared.size > 0) this.calendar.push(shared.nextEnd, SHARED + 8 * station);
      return;
    }
    while (stations.seize(station)) this.leave(station);
  }

  /** Whether the work of a frame is not done yet, since its instance stood still; its event comes again when it is. */
  postpones(frame: number): boolean {
    if (frame >= this.late.length || this.late[frame] === 0) return false;
    this.calendar.push(this.calendar.now[0]! + this.late[frame]!, COMPLETE + 8 * frame);
    this.late[frame] = 0;
    return true;
  }

  /** The frame asks for a server: whatever it was late by is past. */
  forget(frame: number): void {
    if (frame < this.late.length) this.late[frame] = 0;
  }
}
