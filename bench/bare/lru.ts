/** Least recently used set of keys 0 … count − 1: a doubly linked list over arrays indexed by key. */
export class BareLru {
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private readonly held: Uint8Array;
  private newest = -1;
  private oldest = -1;
  private size = 0;
  private readonly capacity: number;

  constructor(count: number, capacity: number) {
    this.newer = new Int32Array(count).fill(-1);
    this.older = new Int32Array(count).fill(-1);
    this.held = new Uint8Array(count);
    this.capacity = capacity;
  }

  /** True when the key is held; it becomes the newest then. */
  get(key: number): boolean {
    if (this.held[key] === 0) return false;
    if (key !== this.newest) {
      this.unlink(key);
      this.linkNewest(key);
    }
    return true;
  }

  /** Holds the key as the newest; the oldest goes where there is no room. */
  set(key: number): void {
    if (this.get(key)) return;
    if (this.size === this.capacity) {
      const gone = this.oldest;
      this.unlink(gone);
      this.held[gone] = 0;
    } else this.size++;
    this.held[key] = 1;
    this.linkNewest(key);
  }

  private unlink(key: number): void {
    const newer = this.newer[key]!;
    const older = this.older[key]!;
    if (newer < 0) this.newest = older;
    else this.older[newer] = older;
    if (older < 0) this.oldest = newer;
    else this.newer[older] = newer;
  }

  private linkNewest(key: number): void {
    this.newer[key] = -1;
    this.older[key] = this.newest;
    if (this.newest < 0) this.oldest = key;
    else this.newer[this.newest] = key;
    this.newest = key;
  }
}
