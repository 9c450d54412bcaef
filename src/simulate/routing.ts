import { pickRoute } from '../blocks/index.ts';
import type { RandomStream } from '../kernel/index.ts';
import type { Equipment } from './equipment.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { Model } from './model.ts';
import type { RouteSpec } from './program/forwarding-specs.ts';
import type * as op from './program/instructions.ts';

const REQUEST_KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;

/** Sends requests along the routes of components; of their headers, the traffic they are of tells. */
export class Routing {
  private readonly specs: readonly RouteSpec[];
  private readonly streams: readonly RandomStream[];
  private readonly code: Int32Array;
  private readonly frames: Frames;

  constructor(model: Model, { stream }: Pick<Equipment, 'stream'>, frames: Frames) {
    this.specs = model.routes;
    this.streams = model.routes.map(({ purpose }) => stream(purpose));
    this.code = model.code;
    this.frames = frames;
  }

  /**
   * ROUTE.
   * @returns where the frame goes on
   */
  execute(frame: number, pc: number): number {
    const number = this.code[pc + 1]!;
    const { forks, alike, targets, seed } = this.specs[number]!;
    const { ints } = this.frames;
    const held = ints[frame * FIELDS + REQUEST_KEY]!;
    // Keys that were never used before are all different, and have no number that a hash could tell apart.
    const key = held < 0 ? null : held >> 1;
    const of = forks[alike[ints[frame * FIELDS + TRAFFIC]!]!]!;
    const route = pickRoute(of, this.streams[number]!, key, seed);
    return route < 0 ? targets[targets.length - 1]! : targets[route]!;
  }

  /**
   * ON_INSTANCE.
   * @returns where the frame goes on
   */
  onInstance(pc: number, fp: number): number {
    const { code } = this;
    return this.frames.stack[fp + SLOT_INSTANCE] === code[pc + 2] ? code[pc + 1]! : pc + WIDTH;
  }
}
