import { requireWhole } from '../require.ts';

/**
 * Which member of a consumer group reads which partition: a function of the partitions and the members, so that
 * all members work out the same answer by themselves. Members are whole numbers of the caller's, all different.
 *
 * @returns the member of each partition. Each has one; the counts of any two members differ by at most 1
 */
export type Assignor = (partitions: number, members: readonly number[]) => Int32Array;

/**
 * Neighbouring partitions together, in the order of the members; the first partitions % members get one more
 * (Kafka's RangeAssignor for one topic). Given topic by topic, the first members get all the ones more.
 *
 * @throws RangeError when there is no member, a member twice, or no whole number of partitions from 0 to 2^20
 */
export function assignRange(partitions: number, members: readonly number[]): Int32Array {
  requireGroup(partitions, members);
  const owners = new Int32Array(partitions);
  const least = Math.floor(partitions / members.length);
  const more = partitions % members.length;
  let next = 0;
  for (const [at, member] of members.entries()) {
    const end = next + least + (at < more ? 1 : 0);
    owners.fill(member, next, end);
    next = end;
  }
  return owners;
}

/**
 * Dealt like cards, in the order of the members (Kafka's RoundRobinAssignor).
 *
 * @throws RangeError as {@link assignRange}
 */
export function assignRoundRobin(partitions: number, members: readonly number[]): Int32Array {
  requireGroup(partitions, members);
  return Int32Array.from({ length: partitions }, (_, partition) => members[partition % members.length]!);
}

/**
 * As balanced as the others, and no more partitions than that takes change their member: what
 * Kafka's StickyAssignor is for, where all members read all partitions.
 *
 * Of P partitions and n members, P mod n members have ⌈P/n⌉ and the others ⌊P/n⌋. A member keeps what it had up
 * to its share; the greater shares go to those that had more than the smaller one. No choice keeps more.
 *
 * @param previous member of each partition before; members that are gone, and −1, mean none. May be shorter or
 *   longer than the partitions are now
 * @throws RangeError as {@link assignRange}
 */
export function assignSticky(
  partitions: number,
  members: readonly number[],
  previous: ArrayLike<number>,
): Int32Array {
  requireGroup(partitions, members);
  const places = new Map(members.map((member, at) => [member, at]));
  /** Index in `members` by partition, −1 for none. */
  const before = Int32Array.from({ length: partitions }, (_, i) => places.get(previous[i] ?? -1) ?? -1);
  const held = new Int32Array(members.length);
  for (const at of before) if (at >= 0) held[at] = held[at]! + 1;
  const room = shares(partitions, held);

  const owners = new Int32Array(partitions);
  const open: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const at = before[partition]!;
    if (at >= 0 && room[at]! > 0) {
      room[at] = room[at]! - 1;
      owners[partition] = members[at]!;
    } else open.push(partition);
  }
  // The rest is dealt to those with room left, one each round.
  let at = 0;
  for (const partition of open) {
    while (room[at]! === 0) at = (at + 1) % members.length;
    room[at] = room[at]! - 1;
    owners[partition] = members[at]!;
    at = (at + 1) % members.length;
  }
  return owners;
}

/** Partitions that have another member than before, or one for the first time. */
export function partitionsMoved(owners: ArrayLike<number>, previous: ArrayLike<number>): number {
  let moved = 0;
  for (let partition = 0; partition < owners.length; partition++) {
    if (owners[partition] !== previous[partition]) moved++;
  }
  return moved;
}

/** How many partitions each member gets, the greater shares first to those that hold more than the smaller one. */
function shares(partitions: number, held: Int32Array): Int32Array {
  const least = Math.floor(partitions / held.length);
  let more = partitions % held.length;
  const room = new Int32Array(held.length).fill(least);
  for (const wanted of [true, false]) {
    for (let at = 0; at < held.length && more > 0; at++) {
      if (held[at]! > least === wanted) {
        room[at] = least + 1;
        more--;
      }
    }
  }
  return room;
}

function requireGroup(partitions: number, members: readonly number[]): void {
  requireWhole('partitions', partitions, 0, 2 ** 20);
  if (members.length === 0) throw new RangeError('members must be at least one, got none');
  for (const member of members) requireWhole('members', member, 0, 2 ** 31 - 1);
  if (new Set(members).size !== members.length) {
    throw new RangeError(`members must be different, got ${members.join(', ')}`);
  }
}
