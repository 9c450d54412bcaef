import type { PlacementSpec } from '../../design/placement.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { InstanceChoice, Occasion } from '../instances.ts';
import type { Label } from '../label.ts';
import type { FollowerSpec } from '../replicas/follower-spec.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';
import { emitTravel } from './network-emission.ts';
import { emitShard } from './placement-emission.ts';

/** Locals of a read or write: row of the item and its newest version, shard, and the instance asked. */
export const SLOT_ROW = 0;
export const SLOT_VERSION = 1;
export const SLOT_SHARD = 2;
export const SLOT_MEMBER = 3;

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  emitSized(opcode: number, a: number, b: Label): void;
  attempt(body: () => void): boolean;
  delay(time: Distribution, what: string): void;
  compute(station: number, time: Distribution, what: string): void;
  exchange(operation: number, chosen?: InstanceChoice, network?: boolean, about?: Occasion): void;
  targets(labels: readonly Label[]): Int32Array;
  purposeOf(what: string): string;
}

type Choice = Extract<InstanceChoice, { by: 'followers' }>;

/** Emits a request to the member of a shard that it is for: the primary, or whom reads go to. */
export function emitMember(
  code: Code,
  operation: number,
  { followers, placement }: Choice,
  network: boolean,
  about: Occasion,
): void {
  const { assembly } = code;
  const { component, writes } = assembly.followers[followers]!;
  const base = code.slot();
  for (let local = SLOT_VERSION; local < SLOT_SHARD; local++) code.slot();
  const item = emitShard(code, component, placement, about);
  const member = code.slot();
  const what = (operation === writes ? 1 : 0) + 2 * item;
  code.emit(op.MEMBER_BEGIN, followers, base, what);
  code.emit(op.CHECK, code.failureLabel);
  code.attempt(() => code.exchange(operation, { by: 'slot', slot: member }, network, about));
  code.emit(op.MEMBER_END, followers, base, what);
  code.emit(op.CHECK, code.failureLabel);
}

/** Emits that a member has done the work of a read. */
export function emitMemberRead(code: Pick<Code, 'emit'>, { followers }: Choice): void {
  code.emit(op.MEMBER_READ, followers);
}

/** What a follower does with a write. */
export interface Applying {
  /** From the commit until it is sent; where followers confirm, from when it has come until it is applied. */
  readonly lag: Distribution;
  readonly cpu: number;
  readonly disk: number;
  readonly work: { readonly cpu: Distribution; readonly disk: Distribution };
}

/**
 * Emits the commit of a write, and the wait until enough followers have it.
 * @param ship where the code of `emitReplication` is going to be that sends it
 */
export function emitCommit(code: Code, { followers }: Choice, ship: Label): void {
  code.emit(op.COMMIT, followers, 0, code.failureLabel);
  code.emitSized(op.SHIP, followers, ship);
  code.emit(op.CONFIRMED, followers, 0, code.failureLabel);
}

/** Emits how a write gets from the primary to a follower, and how a follower fetches those that it lacks. */
export function emitReplication(
  code: Code,
  { followers }: Choice,
  { index, data }: PlanComponent,
  { lag, cpu, disk, work }: Applying,
  ship: Label,
): void {
  const { assembly } = code;
  const to = code.slot();
  const [fetch, next, applies, ends] = [code.label(), code.label(), code.label(), code.label()];
  const [unsent, over] = [code.label(), code.label()];
  const [acknowledge, acknowledged] = [code.label(), code.label()];
  const spec = assembly.followers[followers]!;
  const confirms = spec.confirmedBy > 0;
  const sizes = Object.values(data).map((each) => assembly.plan.data[each]!.size.value);
  const item = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const way = { caller: index, traffic: null, callee: index, slot: to, call: null, item };
  code.jump(over);
  code.place(ship);
  if (!confirms) code.delay(lag, 'replication lag');
  emitTravel(code, { ...way, way: 'request' }, true, unsent);
  code.emit(op.RECEIVE, followers, to, ends);
  if (confirms) code.emitSized(op.ACKNOWLEDGE, followers, acknowledge);
  if (confirms) code.delay(lag, 'replication lag');
  code.jump(applies);
  code.place(fetch);
  emitTravel(code, { ...way, way: 'request' }, true, next);
  code.place(next);
  code.emit(op.FETCH_NEXT, followers, 0, ends);
  if (confirms) code.emitSized(op.ACKNOWLEDGE, followers, acknowledge);
  code.place(applies);
  code.compute(cpu, work.cpu, 'replication cpu');
  code.compute(disk, work.disk, 'replication disk');
  code.emit(op.APPLY, followers, next);
  code.jump(ends);
  code.place(unsent);
  code.emit(op.UNSENT, followers);
  code.place(ends);
  code.emit(op.VANISH);
  if (confirms) {
    code.place(acknowledge);
    emitTravel(code, { ...way, way: 'answer' }, true, acknowledged);
    code.emit(op.ACKNOWLEDGED, followers);
    code.place(acknowledged);
    code.emit(op.VANISH);
  }
  code.place(over);
  assembly.followers[followers] = { ...spec, fetches: code.targets([fetch]), to };
}

/** Declares that a component has a primary and followers; gives how callers choose among them. */
export function choiceByRole(
  assembly: Assembly,
  { name, index, data, operations }: PlanComponent,
  about: Pick<FollowerSpec, 'members' | 'reads' | 'readYourWrites' | 'confirmedBy' | 'takeover' | 'lanes'>,
  placement: InstanceChoice,
  { shards }: PlacementSpec,
): Choice {
  const spec: FollowerSpec = {
    ...about,
    name,
    component: index,
    writes: operations.find((o) => assembly.operation(o).name === 'write')!,
    shards,
    refused: assembly.reason(`${name} down`),
    noPrimary: assembly.reason(`${name} has no primary`),
    fetches: new Int32Array(0),
    to: 0,
  };
  for (const each of Object.values(data))
    assembly.keySpaces[each] = { ...assembly.keySpaces[each]!, alone: true };
  return {
    by: 'followers',
    followers: assembly.followers.push(spec) - 1,
    placement: placement.by === 'key' ? placement.placement : null,
  };
}
