import type { Sampler } from '../../kernel/index.ts';
import type { Controls } from '../controls.ts';
import { isWorthSweeping } from '../sweeping.ts';
import type { StationGroup } from './station-group.ts';
import type * as outcome from './stations.ts';
import { Stations } from './stations.ts';
import { copied, NOT_HERE } from './waiting-list.ts';

const QUEUED = 2 satisfies typeof outcome.QUEUED;
const NONE = -1;
/** Waits that may be timed at once, those included that have ended before their time was over. */
const MOST = 2 ** 26;

/** What times those who wait: what is due besides requests, and the laws of the model. */
export interface Timing {
  readonly controls: Controls;
  readonly samplers: readonly Sampler[];
}

/** Who waits, and until when at most: one number for each wait, free again when its time is over. */
class Waits {
  private frames = new Int32Array(1024).fill(NONE);
  private stations = new Int32Array(1024);
  private readonly free: number[] = [];
  private used = 0;
  /** By frame: the number of its wait. */
  private numbers = new Int32Array(1024).fill(NONE);

  /** Room for waits at present. */
  get room(): number {
    return this.frames.length;
  }

  /** Whether there is no number free with the room there is. */
  get isFull(): boolean {
    return this.free.length === 0 && this.used === this.frames.length;
  }

  /** How many waits have ended before their time is over, when it is full. */
  get over(): number {
    let over = 0;
    for (let number = 0; number < this.used; number++) if (this.frames[number] === NONE) over++;
    return over;
  }

  /** Frees a number whose wait has ended; false where it has not. */
  forget(number: number): boolean {
    if (this.frames[number] !== NONE) return false;
    this.free.push(number);
    return true;
  }

  begin(frame: number, station: number): number {
    const number = this.free.pop() ?? this.used++;
    if (number >= this.frames.length) {
      this.frames = enlarged(this.frames, 2 * number);
      this.stations = enlarged(this.stations, 2 * number);
    }
    if (frame >= this.numbers.length) this.numbers = enlarged(this.numbers, 2 * frame);
    this.frames[number] = frame;
    this.stations[number] = station;
    this.numbers[frame] = number;
    return number;
  }

  /** The wait of a frame is over, if it had one. */
  end(frame: number): void {
    if (frame >= this.numbers.length) return;
    const number = this.numbers[frame]!;
    if (number === NONE) return;
    this.numbers[frame] = NONE;
    this.frames[number] = NONE;
  }

  /** The time of a wait is over. @returns whose it is, −1 where it has ended before */
  due(number: number): number {
    this.free.push(number);
    const frame = this.frames[number]!;
    if (frame !== NONE) this.end(frame);
    return frame;
  }

  stationOf(number: number): number {
    return this.stations[number]!;
  }
}

function enlarged(values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  return copied(values, new Int32Array(length).fill(NONE));
}

/** Stations whose queues some leave who have waited for too long: apart, so that others do not even ask. */
export class ImpatientStations extends Stations {
  private readonly timed: Waits;
  private readonly timing: Timing;
  private readonly clockOf: Float64Array;
  private readonly first: number;
  private readonly turn: (frame: number, reason: number) => void;

  constructor(timing: Timing, ...needs: ConstructorParameters<typeof Stations>) {
    const [groups, priorities, frames, clock, stream, turnAway] = needs;
    const waits = new Waits();
    const turn = (frame: number, reason: number): void => {
      waits.end(frame);
      turnAway(frame, reason);
    };
    super(groups, priorities, frames, clock, stream, turn);
    this.timed = waits;
    this.timing = timing;
    this.clockOf = clock;
    this.turn = turn;
    this.first = timing.controls.reserve(MOST, (number) => this.give(number));
  }

  override enter(station: number, frame: number, traffic: number): number {
    const outcome = super.enter(station, frame, traffic);
    if (outcome === QUEUED) this.time(station, frame);
    return outcome;
  }

  override leave(station: number): number {
    const frame = super.leave(station);
    if (frame !== NONE) this.timed.end(frame);
    return frame;
  }

  override withdraw(station: number, frame: number, refused?: boolean): number {
    const outcome = super.withdraw(station, frame, refused);
    if (outcome !== NOT_HERE) this.timed.end(frame);
    return outcome;
  }

  override empty(station: number, visit: (frame: number) => void): void {
    super.empty(station, (frame) => {
      this.timed.end(frame);
      visit(frame);
    });
  }

  private time(station: number, frame: number): void {
    const { patience }: StationGroup = this.groupOf(station);
    if (patience === undefined) return;
    const seconds = this.timing.samplers[patience.lasts]!.draw();
    if (seconds === Number.POSITIVE_INFINITY) return;
    if (this.timed.isFull) this.sweep();
    const number = this.timed.begin(frame, station);
    this.timing.controls.at(this.clockOf[0]! + seconds, this.first + number);
  }

  /** Before there is room for more waits: those that have ended are taken off the calendar, where they are many. */
  private sweep(): void {
    const { timed, first } = this;
    const { controls } = this.timing;
    if (!isWorthSweeping(timed.over, timed.room, controls.pending)) return;
    controls.sweep(first, timed.room, (number) => timed.forget(number));
  }

  /** The time of a wait is over: who still waits gives up. */
  private give(number: number): void {
    const station = this.timed.stationOf(number);
    const frame = this.timed.due(number);
    if (frame === NONE) return;
    this.withdraw(station, frame, true);
    this.turn(frame, this.groupOf(station).patience!.late);
  }
}
