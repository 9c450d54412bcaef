import type { QuorumSizes } from '../../blocks/index.ts';
import type { PlacementSpec } from '../../design/placement.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { InstanceChoice, Occasion } from '../instances.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';
import { emitShard } from './placement-emission.ts';

/** Locals of a read or write by quorum: row and version of the item, shard, replica asked first, and instance asked. */
export const SLOT_ROW = 0;
export const SLOT_VERSION = 1;
export const SLOT_SHARD = 2;
export const SLOT_FIRST = 3;
export const SLOT_REPLICA = 4;
/** What an instruction has for a read, and for a write. */
export const READ = 0;
export const WRITE = 1;

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  attempt(body: () => void): boolean;
  exchange(operation: number, chosen?: InstanceChoice, network?: boolean, about?: Occasion): void;
  replicas(names: readonly string[], bodies: readonly (() => void)[], need: number): void;
}

/**
 * Emits a request to all replicas of the key. Whoever asks is the coordinator, and each replica is asked over the network;
 * those that the coordinator does not wait for do their part all the same.
 */
export function emitQuorum(
  code: Code,
  operation: number,
  { quorum, placement }: Extract<InstanceChoice, { by: 'quorum' }>,
  network: boolean,
  about: Occasion,
): void {
  const { assembly } = code;
  const { sizes, component, noQuorum, writes } = assembly.quorums[quorum]!;
  const { replicas } = sizes;
  const verb = writes === operation ? WRITE : READ;
  const base = code.slot();
  for (let local = SLOT_VERSION; local < SLOT_SHARD; local++) code.slot();
  const item = emitShard(code, component, placement, about);
  code.slot();
  const to = code.slot();
  code.emit(op.QUORUM_BEGIN, quorum, base, verb + 2 * item);
  const ask = (turn: number): void => {
    code.emit(op.QUORUM_ASK, quorum, base, turn);
    code.exchange(operation, { by: 'slot', slot: to }, network, about);
    if (verb === READ) code.emit(op.QUORUM_ANSWER, quorum, base);
  };
  const turns = Array.from({ length: replicas }, (_, turn) => turn);
  const lacks = code.attempt(() =>
    code.replicas(
      turns.map((turn) => `replica asked as number ${turn + 1}`),
      turns.map((turn) => () => ask(turn)),
      verb === WRITE ? sizes.writes : sizes.reads,
    ),
  );
  const enough = code.label();
  if (lacks) {
    const failed = code.label();
    code.emit(op.CHECK, failed);
    code.jump(enough);
    code.place(failed);
    code.emit(op.FAIL, noQuorum, code.failureLabel);
  }
  code.place(enough);
  code.emit(op.QUORUM_END, quorum, base, verb + 2 * item);
}

/** Emits that a replica has done its work: it has the version that a write brings, or gives the one it has. */
export function emitReplica(
  code: Pick<Code, 'emit'>,
  { quorum }: Extract<InstanceChoice, { by: 'quorum' }>,
  writes: boolean,
): void {
  code.emit(op.REPLICA, quorum, writes ? WRITE : READ);
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
