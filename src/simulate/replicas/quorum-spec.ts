import type { QuorumSizes } from '../../blocks/index.ts';

/** A component whose reads and writes ask replicas. Instance i is replica `i mod N` of shard `⌊i ÷ N⌋`. */
export interface QuorumSpec {
  readonly name: string;
  readonly sizes: QuorumSizes;
  /** Index of the component. */
  readonly component: number;
  /** Index of its operation that writes; the other ones read. */
  readonly writes: number;
  /** Reason of what too few replicas answer. */
  readonly noQuorum: number;
}
