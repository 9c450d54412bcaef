import { HashIndex } from './hash-index.ts';

const NONE = -1;

/** Integers an entry has: its neighbours and its identity. */
const STRIDE = 3;
const NEWER = 0;
const OLDER = 1;
const ID = 2;

/** Identities and weights of entries that were evicted lately, first in, first out. It bounds nothing by itself. */
export class GhostList {
  size = 0;
  weight = 0;
  private nodes = new Int32Array(STRIDE * 8);
  private weights = new Float64Array(8);
  private readonly index = new HashIndex(8);
  private untouched = 0;
  private freed: number = NONE;
  private newest: number = NONE;
  private oldest: number = NONE;

  has(id: number): boolean {
    return this.index.get(id) >= 0;
  }

  /** Takes an identity in as the newest; one that is there already is moved. */
  push(id: number, weight: number): void {
    this.remove(id);
    let at = this.freed;
    if (at !== NONE) {
      this.freed = this.nodes[STRIDE * at + NEWER]!;
    } else {
      if (this.untouched === this.weights.length) this.grow();
      at = this.untouched++;
    }
    const { nodes, newest } = this;
    nodes[STRIDE * at + NEWER] = NONE;
    nodes[STRIDE * at + OLDER] = newest;
    nodes[STRIDE * at + ID] = id;
    this.weights[at] = weight;
    if (newest === NONE) this.oldest = at;
    else nodes[STRIDE * newest + NEWER] = at;
    this.newest = at;
    this.index.add(id, at);
    this.size++;
    this.weight += weight;
  }

  /** Takes an identity out; false when it was not there. */
  remove(id: number): boolean {
    const at = this.index.get(id);
    if (at < 0) return false;
    this.drop(at);
    return true;
  }

  /** Forgets the oldest; there must be one. */
  dropOldest(): void {
    this.drop(this.oldest);
  }

  clear(): void {
    this.index.clear();
    this.size = 0;
    this.weight = 0;
    this.untouched = 0;
    this.freed = NONE;
    this.newest = NONE;
    this.oldest = NONE;
  }

  private drop(at: number): void {
    const { nodes } = this;
    const newer = nodes[STRIDE * at + NEWER]!;
    const older = nodes[STRIDE * at + OLDER]!;
    if (newer === NONE) this.newest = older;
    else nodes[STRIDE * newer + OLDER] = older;
    if (older === NONE) this.oldest = newer;
    else nodes[STRIDE * older + NEWER] = newer;
    this.index.delete(nodes[STRIDE * at + ID]!);
    this.size--;
    this.weight = this.size === 0 ? 0 : this.weight - this.weights[at]!;
    nodes[STRIDE * at + NEWER] = this.freed;
    this.freed = at;
  }

  private grow(): void {
    const nodes = new Int32Array(2 * this.nodes.length);
    nodes.set(this.nodes);
    this.nodes = nodes;
    const weights = new Float64Array(2 * this.weights.length);
    weights.set(this.weights);
    this.weights = weights;
  }
}
