import type { RandomStream, Sampler } from '../kernel/index.ts';
import { type ShapePoint, shapedArrival } from './arrival-shape.ts';
import { NEW_KEY } from './cache-contents.ts';
import type { Equipment } from './equipment.ts';
import type { KeySpace } from './keyspace/index.ts';
import type { TrafficSpec } from './model.ts';

/** One traffic at run time: when its requests come, with which keys. */
export class TrafficSource {
  /** Where the code of its requests begins. */
  readonly entry: number;
  /** Users of a closed population; 0 for open traffic. */
  readonly users: number;
  private readonly gap: Sampler | null;
  private readonly batch: Sampler | null;
  private readonly think: Sampler | null;
  private readonly shape: readonly ShapePoint[] | null;
  private readonly keySpace: KeySpace | null;
  private readonly keyStream: RandomStream;

  constructor(spec: TrafficSpec, equipment: Equipment, keyStream: RandomStream) {
    const { arrivals } = spec;
    const sampler = (index: number | null): Sampler | null =>
      index === null ? null : equipment.samplers[index]!;
    const open = arrivals.type === 'open';
    this.entry = spec.entry;
    this.users = open ? 0 : arrivals.users;
    this.gap = open ? sampler(arrivals.gap) : null;
    this.batch = open ? sampler(arrivals.batch) : null;
    this.shape = open && arrivals.shape.length > 0 ? arrivals.shape : null;
    this.think = open ? null : sampler(arrivals.think);
    const keyed = spec.keySpace !== null && spec.keySpace >= 0;
    this.keySpace = keyed ? equipment.keySpaces[spec.keySpace]! : null;
    this.keyStream = keyStream;
  }

  /** When open traffic arrives next after `now`; Infinity when it does not come again. */
  nextArrival(now: number): number {
    const gap = this.gap!.draw();
    return this.shape === null ? now + gap : shapedArrival(this.shape, now, gap);
  }

  /** How many requests arrive at once. */
  batchSize(): number {
    return this.batch === null ? 1 : Math.round(this.batch.draw());
  }

  /** Seconds a user thinks before the next request. */
  thinkTime(): number {
    return this.think!.draw();
  }

  /** The key of a request. */
  nextKey(): number {
    return this.keySpace === null ? NEW_KEY : this.keySpace.sample(this.keyStream);
  }
}
