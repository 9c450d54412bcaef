import type { Frames } from './frames.ts';

const NONE = -1;

/**
 * Which branches a frame waits for: lists through arrays, each branch with the one before and the one after it. And how
 * often a frame was used, so that a message for one that has ended is told from one for its successor.
 */
export class Families {
  private readonly frames: Pick<Frames, 'capacity'>;
  private firsts = new Int32Array(0);
  private following = new Int32Array(0);
  private before = new Int32Array(0);
  /** −1 for a frame that is in no list. */
  private parents = new Int32Array(0);
  private ages = new Int32Array(0);

  constructor(frames: Pick<Frames, 'capacity'>) {
    this.frames = frames;
    this.makeRoom();
  }

  /** The branch of a frame that is first in its list; −1 for none. */
  first(parent: number): number {
    return parent < this.firsts.length ? this.firsts[parent]! : NONE;
  }

  add(parent: number, branch: number): void {
    if (Math.max(parent, branch) >= this.firsts.length) this.makeRoom();
    const next = this.firsts[parent]!;
    this.parents[branch] = parent;
    this.before[branch] = NONE;
    this.following[branch] = next;
    if (next !== NONE) this.before[next] = branch;
    this.firsts[parent] = branch;
  }

  /** Takes a branch out of the list it is in, if any. */
  remove(branch: number): void {
    if (branch >= this.parents.length || this.parents[branch] === NONE) return;
    const next = this.following[branch]!;
    const previous = this.before[branch]!;
    if (next !== NONE) this.before[next] = previous;
    if (previous !== NONE) this.following[previous] = next;
    else this.firsts[this.parents[branch]!] = next;
    this.parents[branch] = NONE;
  }

  /** Another frame takes the place of a branch. */
  replace(branch: number, heir: number): void {
    if (branch >= this.parents.length || this.parents[branch] === NONE) return;
    const parent = this.parents[branch]!;
    this.remove(branch);
    this.add(parent, heir);
  }

  /** How many uses of a frame were forgotten. */
  age(frame: number): number {
    if (frame >= this.ages.length) this.makeRoom();
    return this.ages[frame]!;
  }

  /** The present use of a frame is over. */
  forget(frame: number): void {
    if (frame < this.ages.length) this.ages[frame]!++;
  }

  private makeRoom(): void {
    const room = this.frames.capacity;
    this.firsts = grown(this.firsts, room, NONE);
    this.following = grown(this.following, room, NONE);
    this.before = grown(this.before, room, NONE);
    this.parents = grown(this.parents, room, NONE);
    this.ages = grown(this.ages, room, 0);
  }
}

function grown(values: Int32Array, room: number, value: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(room).fill(value);
  more.set(values);
  return more;
}
