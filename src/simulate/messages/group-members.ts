import { assignRange, assignRoundRobin, assignSticky } from '../../blocks/index.ts';
import type { Assignment } from './channel-spec.ts';

const NONE = -1;
const NEVER = Number.POSITIVE_INFINITY;

/** What a consumer is to its group. */
const AWAY = 0;
const HERE = 1;
/** It says nothing, and asks again once it has been taken for dead. */
const SILENT = 2;
const DEAD = 3;

/** The consumers of a group, and which of them has which partition. */
export class GroupMembers {
  /** By partition; −1 = nobody. */
  owners: Int32Array;
  /** When the partitions that were taken from somebody get their next consumer; Infinity while there are none. */
  settlesAt = NEVER;
  /** When the next of those that say nothing is taken for dead. */
  expelsAt = NEVER;
  private readonly assignment: Assignment;
  private readonly states: Uint8Array;
  private readonly heardUntil: Float64Array;
  private planned: Int32Array;
  private held: number[][] = [];

  /** @param isThere whether a consumer is there at the start */
  constructor(
    partitions: number,
    consumers: number,
    assignment: Assignment,
    isThere: (consumer: number) => boolean,
  ) {
    this.assignment = assignment;
    this.states = Uint8Array.from({ length: consumers }, (_, m) => (isThere(m) ? HERE : AWAY));
    this.heardUntil = new Float64Array(consumers).fill(NEVER);
    this.owners = new Int32Array(partitions).fill(NONE);
    this.planned = this.owners;
    this.plan(0);
    this.settle();
  }

  /** The partitions that a consumer has, in their order. */
  partitionsOf(consumer: number): readonly number[] {
    return this.held[consumer]!;
  }

  isHeard(consumer: number): boolean {
    return this.states[consumer] === HERE;
  }

  /** Whether a consumer went without a word. */
  wasLost(consumer: number): boolean {
    return this.heardUntil[consumer] !== NEVER;
  }

  /**
   * Nothing is heard of a consumer any more, which is noticed at a time.
   * @param dies it does not come back by itself
   * @returns false where that is no news
   */
  falls(consumer: number, noticed: number, dies: boolean): boolean {
    if (this.states[consumer] !== HERE) {
      if (dies && this.states[consumer] === SILENT) this.states[consumer] = DEAD;
      return false;
    }
    this.states[consumer] = dies ? DEAD : SILENT;
    this.heardUntil[consumer] = noticed;
    this.expelsAt = Math.min(this.expelsAt, noticed);
    return true;
  }

  /** @returns whether that changes the group */
  joins(consumer: number): boolean {
    if (this.states[consumer] === HERE) return false;
    this.states[consumer] = HERE;
    return true;
  }

  /** Leaves in good order. @returns whether that changes the group */
  leaves(consumer: number): boolean {
    if (this.states[consumer] !== HERE) return false;
    this.states[consumer] = AWAY;
    return true;
  }

  /** Takes for dead what has said nothing for long enough. @returns whether that changes the group */
  expel(now: number): boolean {
    if (now < this.expelsAt) return false;
    let changes = false;
    for (let m = 0; m < this.states.length; m++) {
      if (this.heardUntil[m]! > now) continue;
      changes = true;
      if (this.states[m] === DEAD) this.states[m] = AWAY;
      if (this.states[m] === SILENT) this.states[m] = HERE;
    }
    return changes;
  }

  /**
   * Shares the partitions out among those who are there, from a time on. Until then those stand still that change hands;
   * with an assignment that is not sticky, all do.
   */
  plan(from: number): void {
    const { assignment, owners } = this;
    for (let m = 0; m < this.states.length; m++) {
      if (this.states[m] === DEAD) this.states[m] = AWAY;
      if (this.states[m] !== SILENT) this.heardUntil[m] = NEVER;
    }
    this.expelsAt = this.heardUntil.reduce((first, until) => Math.min(first, until), NEVER);
    const here = [...this.states.keys()].filter((m) => this.states[m] === HERE);
    const partitions = owners.length;
    if (here.length === 0) this.planned = new Int32Array(partitions).fill(NONE);
    else if (assignment === 'range') this.planned = assignRange(partitions, here);
    else if (assignment === 'round-robin') this.planned = assignRoundRobin(partitions, here);
    else this.planned = assignSticky(partitions, here, owners);
    this.owners = owners.map((owner, p) =>
      assignment === 'sticky' && this.planned[p] === owner ? owner : NONE,
    );
    this.settlesAt = from;
    this.list();
  }

  /** What was planned becomes so. */
  settle(): void {
    this.owners = this.planned;
    this.settlesAt = NEVER;
    this.list();
  }

  private list(): void {
    this.held = Array.from(this.states, () => []);
    this.owners.forEach((owner, partition) => {
      if (owner !== NONE) this.held[owner]!.push(partition);
    });
  }
}
