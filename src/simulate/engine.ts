import { hashInteger } from '../blocks/index.ts';
import { Calendar, type Sampler } from '../kernel/index.ts';
import type { Autoscaling } from './autoscaling.ts';
import { chooseTarget } from './balancing/choice.ts';
import { Branches } from './branches.ts';
import { CacheContents } from './caching/cache-contents.ts';
import { Controls } from './controls.ts';
import type { Equipment } from './equipment.ts';
import type * as event from './events.ts';
import { MARK_END, MARK_MEASURE, MARK_SERIES, MARK_WINDOW } from './events.ts';
import type { Faults } from './faults/faults.ts';
import type { Freeze } from './faults/freeze.ts';
import type * as field from './frames.ts';
import { Frames } from './frames.ts';
import { LocalTime } from './local-time.ts';
import type { Model } from './model.ts';
import { NEW_KEY } from './new-key.ts';
import type { WastedWork } from './outcome/accounts.ts';
import type { Ending, Measurement } from './outcome/measurement.ts';
import type { Recorder } from './outcome/recorder.ts';
import type { Pauses } from './pauses.ts';
import type * as op from './program/instructions.ts';
import type { RareInstructions } from './rare-instructions.ts';
import { ReadyQueue } from './ready-queue.ts';
import type * as outcome from './stations/stations.ts';
import type { Stations } from './stations/stations.ts';
import { surround } from './surroundings.ts';
import { stationsOf } from './tracing/traced-stations.ts';
import type { Tracer } from './tracing/tracer.ts';
import { TrafficSource } from './traffic-source.ts';

// V8 folds the constants of a module into its code, but not those it imports: a tenth of the speed. Hence these
// copies, which the types hold to their originals.
const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const MISS = 3 satisfies typeof field.MISS;
const KEY = 4 satisfies typeof field.KEY;
const REQUEST_KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const STATION = 12 satisfies typeof field.STATION;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const LINK = 44 satisfies typeof op.LINK;
const SLOT_RETURN = 0 satisfies typeof op.SLOT_RETURN;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const OPCODE_COMPUTE = 0 satisfies typeof op.COMPUTE;
const REFUSED = 0 satisfies typeof outcome.REFUSED;
const QUEUED = 2 satisfies typeof outcome.QUEUED;

const COMPLETE = 0 satisfies typeof event.COMPLETE;
const RESUME = 1 satisfies typeof event.RESUME;
const ARRIVAL = 2 satisfies typeof event.ARRIVAL;
const USER = 3 satisfies typeof event.USER;
const SHARED = 4 satisfies typeof event.SHARED;
const MARK = 6 satisfies typeof event.MARK;

const NONE = -1;
/** Where so many events happen at one instant, and so many for each frame in use, time will not go on. */
export const INSTANT_LIMIT = 1_000_000;
const INSTANT_LIMIT_EACH = 8;

/** Runs a model once. Create one for each run. */
export class Engine {
  private readonly model: Model;
  private readonly equipment: Equipment;
  private readonly code: Int32Array;
  private readonly samplers: readonly Sampler[];
  private readonly calendar = new Calendar();
  private readonly stations: Stations;
  private readonly pace: Float64Array;

  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly recorder: Recorder;
  private readonly waste: WastedWork | null;

  private readonly localTime = new LocalTime();
  private readonly ready = new ReadyQueue();
  private readonly contents: CacheContents;
  private readonly sources: readonly TrafficSource[];
  private readonly faults: Faults | null;
  private readonly rare: RareInstructions;
  /** null where nothing can stand still. */
  private readonly freeze: Freeze | null;
  private readonly pauses: Pauses | null;
  private readonly controls = new Controls(this.calendar);
  private readonly autoscaling: Autoscaling;
  private newKeys = 0;
  private ended: Ending = 'time';

  /** @param tracer follows a model of traced code; null for any other */
  constructor(model: Model, equipment: Equipment, tracer: Tracer | null = null) {
    this.model = model;
    this.equipment = equipment;
    this.code = model.code;
    this.frames = new Frames(model.stackDepth, this.calendar.now);
    this.samplers = equipment.samplers;
    const { now } = this.calendar;
    const turnAway = (frame: number, reason: number): void => this.turnAway(frame, reason);
    tracer?.attach(model, this.frames, now);
    const timing = { controls: this.controls, samplers: this.samplers };
    const { stream } = equipment;
    this.stations = stationsOf(model, this.frames, now, stream, turnAway, timing, tracer?.stations);
    this.pace = this.stations.pace;
    this.branches = new Branches(model, this.frames, this.ready, this.calendar);
    this.waste = this.branches.accounts.waste;
    this.contents = new CacheContents(model, equipment, now);
    this.sources = model.traffic.map((spec, t) => new TrafficSource(spec, t, equipment));
    const { frames, stations, branches, ready, contents, calendar, controls } = this;
    const leave = (station: number) => this.leaveStation(station);
    const core = { model, equipment, frames, stations, branches, ready, contents, calendar, controls, leave };
    const around = surround(core, tracer);
    this.freeze = around.freeze;
    this.pauses = around.pauses;
    this.autoscaling = around.autoscaling;
    this.faults = around.faults;
    this.rare = around.rare;
    this.recorder = around.recorder;
  }

  /**
   * Runs from time 0 to `warmup + seconds` and measures the last `seconds`.
   * @param windows number of equal windows the series of work in progress is cut into; 0 = no series
   * @param mostEvents ends earlier after so many events; default: no limit
   * @param seriesWindows number of equal windows that the measured seconds are watched in; 0 = not
   */
  run(
    warmup: number,
    seconds: number,
    windows: number,
    mostEvents = Number.POSITIVE_INFINITY,
    seriesWindows = 0,
  ): Measurement {
    const end = warmup + seconds;
    const calendar = this.calendar;
    if (warmup > 0) calendar.push(warmup, MARK + 8 * MARK_MEASURE);
    else this.recorder.watch(seconds, seriesWindows);
    const series = new Float64Array(windows);
    if (windows > 0) calendar.push(end / windows, MARK + 8 * MARK_WINDOW);
    calendar.push(end, MARK + 8 * MARK_END);
    this.faults?.schedule(warmup);
    this.pauses?.begin();
    this.autoscaling.begin();
    for (let t = 0; t < this.sources.length; t++) {
      this.sources[t]!.shapeFrom(warmup);
      this.open(this.sources[t]!, t);
    }
    let events = 0;
    let window = 0;
    let look = Math.min(mostEvents, INSTANT_LIMIT);
    let seen = -1;
    for (;;) {
      const payload = calendar.pop();
      events++;
      const subject = payload >>> 3;
      switch (payload & 7) {
        case 0 satisfies typeof COMPLETE:
          this.complete(subject);
          break;
        case 1 satisfies typeof RESUME:
          this.execute(subject);
          break;
        case 2 satisfies typeof ARRIVAL:
          this.arrive(subject);
          break;
        case 3 satisfies typeof USER:
          this.begin(subject);
          break;
        case 4 satisfies typeof SHARED:
          this.completeShared(subject);
          break;
        case 5 satisfies typeof event.TIMER:
          this.branches.expire(subject);
          break;
        case 6 satisfies typeof MARK:
          if (subject === MARK_MEASURE) this.recorder.restart(seconds, seriesWindows);
          else if (subject === MARK_SERIES) this.recorder.cut(end);
          else if (subject === MARK_WINDOW) {
            series[window++] = this.frames.cutWork() / (end / windows);
            if (window < windows) calendar.push(((window + 1) * end) / windows, MARK + 8 * MARK_WINDOW);
          } else {
            // The last windows end at the same instant, after this mark.
            this.recorder.cut(end);
            if (window < windows) series[window] = this.frames.cutWork() / (end / windows);
            return this.recorder.measurement(events, series, this.ended);
          }
          break;
        case 7 satisfies typeof event.CONTROL:
          this.controls.run(subject);
          break;
      }
      while (!this.ready.isEmpty) {
        events++;
        this.execute(this.ready.take());
      }
      if (events >= look) {
        if (events >= mostEvents) this.ended = 'events';
        else if (calendar.now[0] === seen) this.ended = 'instant';
        seen = calendar.now[0]!;
        const many = Math.max(INSTANT_LIMIT, this.frames.inUse * INSTANT_LIMIT_EACH);
        look = Math.min(mostEvents, events + many);
      }
      if (this.frames.isExhausted) this.ended = 'progress';
      if (this.ended !== 'time') return this.recorder.measurement(events, series, this.ended);
    }
  }

  private open(source: TrafficSource, t: number): void {
    if (source.users === 0) this.scheduleArrival(source, t);
    else
      for (let user = 0; user < source.users; user++)
        this.calendar.push(source.firstThinkTime(), USER + 8 * t);
  }

  private scheduleArrival(source: TrafficSource, t: number): void {
    const at = source.nextArrival(this.calendar.now[0]!);
    if (at !== Number.POSITIVE_INFINITY) this.calendar.push(at, ARRIVAL + 8 * t);
  }

  private arrive(t: number): void {
    const source = this.sources[t]!;
    this.scheduleArrival(source, t);
    const size = source.batchSize();
    for (let i = 0; i < size; i++) this.begin(t);
  }

  /** A request of traffic `t` arrives now. */
  private begin(t: number): void {
    const source = this.sources[t]!;
    const frame = this.frames.take();
    if (frame === NONE) return;
    const now = this.calendar.now[0]!;
    this.frames.startRequest(frame, source.entry, t, source.nextKey(), now);
    this.recorder.begin(t);
    this.execute(frame);
  }

  /** The request ends; a user of a closed population thinks and comes again. */
  private finish(frame: number, t: number): void {
    const now = this.calendar.now[0]!;
    const status = this.frames.ints[frame * FIELDS + STATUS]!;
    this.recorder.end(t, this.frames.starts[frame]!, status);
    this.frames.release(frame);
    const source = this.sources[t]!;
    if (source.users > 0) this.calendar.push(now + source.thinkTime(), USER + 8 * t);
  }

  /**
   * Runs a frame until it waits or ends. The cases are literals, checked against their names, because only
   * those become a jump table.
   */
  private execute(frame: number): void {
    const code = this.code;
    // The pool grows only where this function returns right after, so these stay the present arrays.
    const ints = this.frames.ints;
    const stack = this.frames.stack;
    const at = frame * FIELDS;
    let pc = ints[at + PC]!;
    let fp = ints[at + FP]!;
    for (;;) {
      const a = code[pc + 1]!;
      switch (code[pc]!) {
        case 0 satisfies typeof op.COMPUTE: {
          const station = a + stack[fp + SLOT_INSTANCE]!;
          ints[at + PC] = pc;
          ints[at + FP] = fp;
          ints[at + STATION] = station;
          if (this.enterStation(station, frame, code[pc + 2]!)) return;
          pc = code[pc + 3]!;
          continue;
        }
        case 1 satisfies typeof op.ACQUIRE: {
          const station = a + stack[fp + SLOT_INSTANCE]!;
          const outcome = this.stations.enter(station, frame, ints[at + TRAFFIC]!);
          if (outcome === QUEUED) {
            this.rest(frame, pc, fp);
            return;
          }
          if (outcome === REFUSED) {
            ints[at + STATUS] = this.stations.refusal(station);
            pc = code[pc + 3]!;
            continue;
          }
          pc += WIDTH;
          continue;
        }
        case 2 satisfies typeof op.RELEASE:
          this.leaveStation(a + stack[fp + SLOT_INSTANCE]!);
          pc += WIDTH;
          continue;
        case 3 satisfies typeof op.DELAY:
          ints[at + PC] = pc + WIDTH;
          ints[at + FP] = fp;
          this.calendar.push(this.calendar.now[0]! + this.samplers[a]!.draw(), RESUME + 8 * frame);
          return;
        case 4 satisfies typeof op.CALL: {
          const slot = code[pc + 3]!;
          const instance = slot < 0 ? 0 : stack[fp + slot]!;
          fp += code[pc + 2]!;
          stack[fp + SLOT_RETURN] = pc;
          stack[fp + SLOT_INSTANCE] = instance;
          pc = a;
          continue;
        }
        case 5 satisfies typeof op.RETURN:
          pc = stack[fp + SLOT_RETURN]!;
          fp -= code[pc + 2]!;
          pc += WIDTH;
          continue;
        case 6 satisfies typeof op.JUMP:
          pc = a;
          continue;
        case 7 satisfies typeof op.CHECK:
          pc = ints[at + STATUS] === 0 ? pc + WIDTH : a;
          continue;
        case 8 satisfies typeof op.PICK: {
          const balancer = this.equipment.balancers[a]!;
          const now = this.calendar.now[0]!;
          const key = this.model.balancers[a]!.byKey ? this.hashOf(ints[at + KEY]!) : 0;
          const target = balancer.pick(this.equipment.balancerStreams[a]!, now, key);
          balancer.started(target, now);
          stack[fp + code[pc + 2]!] = target;
          const timed = code[pc + 3]!;
          if (timed > 0) this.localTime.put(stack, fp + timed, now);
          pc += WIDTH;
          continue;
        }
        case 9 satisfies typeof op.SETTLE: {
          const now = this.calendar.now[0]!;
          const timed = code[pc + 3]!;
          const latency = timed > 0 ? now - this.localTime.get(stack, fp + timed) : 0;
          const target = stack[fp + code[pc + 2]!]!;
          this.equipment.balancers[a]!.finished(target, now, latency, ints[at + STATUS] === 0);
          pc += WIDTH;
          continue;
        }
        case 10 satisfies typeof op.NODE:
          stack[fp + code[pc + 2]!] = this.equipment.shards.of(a, code[pc + 3]!, ints[at + KEY]!);
          pc += WIDTH;
          continue;
        case 11 satisfies typeof op.LOOKUP:
          ints[at + MISS] = this.contents.lookup(a, ints[at + KEY]!) ? 0 : 1;
          pc += WIDTH;
          continue;
        case 12 satisfies typeof op.FILL:
          this.contents.fill(a, ints[at + KEY]!);
          pc += WIDTH;
          continue;
        case 13 satisfies typeof op.DROP:
          this.contents.drop(a, ints[at + KEY]!);
          pc += WIDTH;
          continue;
        case 14 satisfies typeof op.IF_HIT:
          pc = ints[at + MISS] === 0 ? a : pc + WIDTH;
          continue;
        case 15 satisfies typeof op.DRAW_KEY:
          stack[fp + code[pc + 2]!] =
            a === NEW_KEY ? NEW_KEY : this.equipment.keySpaces[a]!.sample(this.equipment.keyStreams[a]!);
          pc += WIDTH;
          continue;
        case 16 satisfies typeof op.USE_KEY:
          ints[at + KEY] = a < 0 ? ints[at + REQUEST_KEY]! : stack[fp + a]!;
          pc += WIDTH;
          continue;
        case 25 satisfies typeof op.SWAP_KEY: {
          const key = stack[fp + a]!;
          stack[fp + a] = ints[at + REQUEST_KEY]!;
          ints[at + REQUEST_KEY] = key;
          pc += WIDTH;
          continue;
        }
        case 17 satisfies typeof op.CHOOSE:
          pc = chooseTarget(this.model.choices[a]!, this.equipment.choiceStreams[a]!.next());
          continue;
        case 18 satisfies typeof op.SET:
          stack[fp + a] = code[pc + 2]!;
          pc += WIDTH;
          continue;
        case 19 satisfies typeof op.LOOP: {
          const left = stack[fp + a]! - 1;
          stack[fp + a] = left;
          pc = left > 0 ? code[pc + 2]! : pc + WIDTH;
          continue;
        }
        case 20 satisfies typeof op.FAIL:
          ints[at + STATUS] = a;
          pc = code[pc + 2]!;
          continue;
        case 21 satisfies typeof op.FORK:
          this.rest(frame, pc + WIDTH, fp);
          this.branches.fork(frame, a, code[pc + 2]!);
          return;
        case 22 satisfies typeof op.SPAWN:
          this.rest(frame, pc + WIDTH, fp);
          this.branches.within(frame, a, code[pc + 2]!, code[pc + 3]!);
          return;
        case 23 satisfies typeof op.END:
          this.branches.answer(frame);
          return;
        case 24 satisfies typeof op.FINISH:
          this.finish(frame, a);
          return;
        default:
          // Apart, so that what every request does stays small enough for the compiler to do well.
          if (code[pc]! < LINK) pc = this.rare.protections.execute(frame, pc, fp);
          else pc = this.rare.execute(frame, pc, fp);
          if (pc < 0) return;
      }
    }
  }

  /** The frame waits, and goes on at `pc`. */
  private rest(frame: number, pc: number, fp: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
  }

  /** COMPUTE: true when the frame waits now, false when it was refused. */
  private enterStation(station: number, frame: number, sampler: number): boolean {
    this.freeze?.forget(frame);
    const shared = this.stations.sharing(station);
    if (shared !== null) {
      const work = this.samplers[sampler]!.draw() * this.pace[station]!;
      if (this.stations.join(station, frame, work)) {
        this.waste?.begins(frame, work);
        this.calendar.push(shared.nextEnd, SHARED + 8 * station);
        return true;
      }
    } else {
      const outcome = this.stations.enter(station, frame, this.frames.ints[frame * FIELDS + TRAFFIC]!);
      if (outcome !== REFUSED) {
        if (outcome !== QUEUED) this.serve(frame, station, sampler);
        return true;
      }
    }
    this.frames.ints[frame * FIELDS + STATION] = NONE;
    this.frames.ints[frame * FIELDS + STATUS] = this.stations.refusal(station);
    return false;
  }

  /** The work of a COMPUTE begins on a server. */
  private serve(frame: number, station: number, sampler: number): void {
    const seconds = this.samplers[sampler]!.draw() * this.pace[station]!;
    if (this.waste !== null) this.waste.begins(frame, seconds);
    this.calendar.push(this.calendar.now[0]! + seconds, COMPLETE + 8 * frame);
  }

  /** The work of a COMPUTE is done. */
  private complete(frame: number): void {
    if (this.freeze?.postpones(frame)) return;
    const at = frame * FIELDS;
    const station = this.frames.ints[at + STATION]!;
    if (this.waste !== null) this.waste.done(frame, station);
    this.leaveStation(station);
    this.frames.ints[at + STATION] = NONE;
    this.frames.ints[at + PC]! += WIDTH;
    this.execute(frame);
  }

  private completeShared(station: number): void {
    const shared = this.stations.sharing(station)!;
    const now = this.calendar.now[0]!;
    if (shared.nextEnd !== now) return;
    const frame = this.stations.part(station);
    if (shared.size > 0) this.calendar.push(shared.nextEnd, SHARED + 8 * station);
    this.waste?.done(frame, station);
    this.frames.ints[frame * FIELDS + STATION] = NONE;
    this.frames.ints[frame * FIELDS + PC]! += WIDTH;
    this.execute(frame);
  }

  /** Gives a server back; the next in line gets it and, when it only wanted to hold it, goes on at once. */
  private leaveStation(station: number): void {
    const next = this.stations.leave(station);
    if (next === NONE) return;
    const pc = this.frames.ints[next * FIELDS + PC]!;
    if (this.code[pc] === OPCODE_COMPUTE) {
      this.serve(next, station, this.code[pc + 2]!);
    } else {
      this.frames.ints[next * FIELDS + PC] = pc + WIDTH;
      this.ready.add(next);
    }
  }

  /** The frame waited for a server and is not to get one: it goes on where its instruction sends who is refused. */
  private turnAway(frame: number, reason: number): void {
    const { ints } = this.frames;
    const at = frame * FIELDS;
    ints[at + STATUS] = reason;
    ints[at + STATION] = NONE;
    ints[at + PC] = this.code[ints[at + PC]! + 3]!;
    this.ready.add(frame);
  }

  /** A hash of a key for balancers; keys never used before are all different. */
  private hashOf(key: number): number {
    return hashInteger(key === NEW_KEY ? -1 - this.newKeys++ : key);
  }
}
