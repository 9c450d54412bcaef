import type { QuorumSizes } from '../blocks/index.ts';
import type { PlacementSpec } from '../design/placement.ts';
import type { PlanComponent } from '../design/plan.ts';
import type { Assembly } from './assembly.ts';
import type { InstanceChoice } from './instances.ts';

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

/** Declares that callers ask all replicas of a component; gives how they choose. */
export function choiceByQuorum(
  assembly: Assembly,
  component: PlanComponent,
  sizes: QuorumSizes,
  sharding: PlacementSpec,
): Extract<InstanceChoice, { by: 'quorum' }> {
  const { name, index, operations } = component;
  const byKey = assembly.choiceByKey(component, sharding);
  const writes = operations.find((o) => assembly.operation(o).name === 'write')!;
  const noQuorum = assembly.reason(`${name} has no quorum`);
  const quorum = assembly.quorums.push({ name, sizes, component: index, writes, noQuorum }) - 1;
  for (const data of Object.values(component.data))
    assembly.keySpaces[data] = { ...assembly.keySpaces[data]!, alone: true };
  return { by: 'quorum', quorum, placement: byKey.by === 'key' ? byKey.placement : null };
}
