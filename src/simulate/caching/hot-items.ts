import { HotKeys } from '../../blocks/index.ts';
import type { PlanHotKeys } from '../../design/hot-keys.ts';

/** Reads of whose items instances keep those that are hot. */
export interface HotItemsSpec extends PlanHotKeys {
  /** The operation that reads: `component.operation`. */
  readonly of: string;
  /** `component.operation hot-keys`, of further ones of the same operation with its number. */
  readonly name: string;
  /** Index of the component that reads, and how many instances it has at most. */
  readonly component: number;
  readonly instances: number;
}

/** What became of such reads. */
export interface HotItemsMeasurement {
  readonly reads: number;
  /** Served from memory, and the seconds since what they were served was read, all together. */
  readonly served: number;
  readonly ageSum: number;
}

/** What one instance knows and keeps. */
interface Memory {
  readonly hot: HotKeys<number>;
  /** By key code: when what is kept was read. */
  readonly kept: Map<number, number>;
}

/**
 * Items that instances found to be hot among their reads, in their own memory. The block says what is hot; here is what is
 * kept of it. An instance that has crashed knows nothing.
 */
export class HotItems {
  private readonly specs: readonly HotItemsSpec[];
  /** The present time, an array of one. */
  private readonly clock: Float64Array;
  private readonly memories: Memory[][];
  private readonly reads: Float64Array;
  private readonly served: Float64Array;
  private readonly ageSums: Float64Array;
  /** Reads of items that are met once. */
  private strangers = 0;

  constructor(specs: readonly HotItemsSpec[], clock: Float64Array) {
    this.specs = specs;
    this.clock = clock;
    this.memories = specs.map((spec) => Array.from({ length: spec.instances }, () => memoryOf(spec)));
    this.reads = new Float64Array(specs.length);
    this.served = new Float64Array(specs.length);
    this.ageSums = new Float64Array(specs.length);
  }

  /**
   * An instance is about to read an item.
   * @returns whether it is served from memory
   */
  read(spec: number, instance: number, key: number): boolean {
    const { hot, kept } = this.memories[spec]![instance]!;
    const now = this.clock[0]!;
    this.reads[spec]!++;
    // Each of the many that share a code is another one: together they weigh what they should, and none is hot.
    hot.record(isOwn(key) ? key : -1 - this.strangers++, now);
    const since = kept.get(key);
    if (since === undefined) return false;
    const age = now - since;
    if (age >= this.specs[spec]!.keep) {
      kept.delete(key);
      return false;
    }
    this.served[spec]!++;
    this.ageSums[spec]! += age;
    return true;
  }

  /** An instance has read an item, and keeps it where it is hot. */
  keep(spec: number, instance: number, key: number): void {
    const { hot, kept } = this.memories[spec]![instance]!;
    const now = this.clock[0]!;
    if (!isOwn(key) || !hot.isHot(key, now)) return;
    kept.set(key, now);
    if (kept.size <= 2 * hot.capacity) return;
    for (const [each, since] of kept) if (now - since >= this.specs[spec]!.keep) kept.delete(each);
  }

  /** An instance of a component has lost its memory. */
  lose(component: number, instance: number): void {
    this.specs.forEach((spec, s) => {
      if (spec.component === component) this.memories[s]![instance] = memoryOf(spec);
    });
  }

  /** Forgets what was counted; what is known and kept stays. */
  reset(): void {
    this.reads.fill(0);
    this.served.fill(0);
    this.ageSums.fill(0);
  }

  measured(): HotItemsMeasurement[] {
    return this.specs.map((_, s) => ({
      reads: this.reads[s]!,
      served: this.served[s]!,
      ageSum: this.ageSums[s]!,
    }));
  }
}

/** Whether a code is that of one key alone, which may come again. */
const isOwn = (key: number): boolean => key >= 0 && (key & 1) === 1;

function memoryOf({ threshold, halfLife, capacity, minimumRequests }: HotItemsSpec): Memory {
  const hot = new HotKeys<number>({
    threshold,
    halfLife,
    ...(capacity !== null && { capacity }),
    ...(minimumRequests !== null && { minimumRequests }),
  });
  return { hot, kept: new Map() };
}
