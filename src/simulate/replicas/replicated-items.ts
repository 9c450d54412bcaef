const NONE = -1;
/** Items that there is room for at first. */
const ROOM = 256;

/**
 * Which version of each item each replica has, which ones have been confirmed, and since when a replica has been behind.
 * Versions of an item are numbered from 1, in the order in which their writes begin; all items begin with version 0
 * everywhere. The last write wins: a replica keeps the highest number it has seen.
 *
 * A confirmation is kept, in a list by item, as long as some replica lacks that version. Each replica knows the first
 * one that is newer than what it has, so that nothing is searched for.
 */
export class ReplicatedItems {
  private readonly replicas: number;
  /** Rows of items that have been written, by name. */
  private readonly rows = new Map<number, number>();
  /** By row: the newest version that there is, and the newest confirmed; first and last of the list. */
  private newest = new Int32Array(ROOM);
  private confirmed = new Int32Array(ROOM);
  /** By row: when a write of the item was confirmed last. */
  private written = new Float64Array(ROOM).fill(Number.NEGATIVE_INFINITY);
  /** By row: versions above the one and up to the other were lost when they were last. */
  private kept = new Int32Array(ROOM);
  private lost = new Int32Array(ROOM);
  private first = new Int32Array(ROOM).fill(NONE);
  private last = new Int32Array(ROOM).fill(NONE);
  /** By row and replica: its version, and the first confirmation of a newer one. */
  private versions: Int32Array;
  private behind: Int32Array;
  /** Confirmations: of which version, when, and the next of the item, or the next that is free. */
  private confirmedVersion = new Int32Array(ROOM);
  private confirmedAt = new Float64Array(ROOM);
  private next = new Int32Array(ROOM);
  private used = 0;
  private free = NONE;

  /** @param replicas of each item, ≥ 1 */
  constructor(replicas: number) {
    this.replicas = replicas;
    this.versions = new Int32Array(ROOM * replicas);
    this.behind = new Int32Array(ROOM * replicas).fill(NONE);
  }

  /** The row of an item; −1 for one that was never written. */
  find(name: number): number {
    return this.rows.get(name) ?? NONE;
  }

  /** The same, and an item that was never written gets one. */
  rowOf(name: number): number {
    const known = this.rows.get(name);
    if (known !== undefined) return known;
    const row = this.rows.size;
    if (row === this.newest.length) this.growRows();
    this.rows.set(name, row);
    return row;
  }

  /** A write of the item begins: its version. */
  write(row: number): number {
    return ++this.newest[row]!;
  }

  /** The newest version that has been confirmed; 0 for an item that was never written. */
  confirmedOf(row: number): number {
    return row < 0 ? 0 : this.confirmed[row]!;
  }

  /** What is left of a version: itself, or, where it has been lost, the newest before it that was not. */
  leftOf(row: number, version: number): number {
    return row >= 0 && version <= this.lost[row]! ? Math.min(version, this.kept[row]!) : version;
  }

  /** When a write of the item was confirmed last; −Infinity for one that was never written. */
  writtenAt(row: number): number {
    return row < 0 ? Number.NEGATIVE_INFINITY : this.written[row]!;
  }

  /** A replica has got a version, and keeps it where it is newer than its own. */
  apply(row: number, replica: number, version: number): void {
    const at = row * this.replicas + replica;
    if (version <= this.versions[at]!) return;
    this.versions[at] = version;
    let newer = this.behind[at]!;
    if (newer === NONE) return;
    while (newer !== NONE && this.confirmedVersion[newer]! <= version) newer = this.next[newer]!;
    this.behind[at] = newer;
    this.prune(row);
  }

  /** Enough replicas have a version, as of now. */
  confirm(row: number, version: number, now: number): void {
    this.written[row] = now;
    if (version <= this.confirmed[row]!) return;
    this.confirmed[row] = version;
    const from = row * this.replicas;
    let entry = NONE;
    for (let at = from; at < from + this.replicas; at++) {
      if (this.versions[at]! >= version) continue;
      if (entry === NONE) entry = this.append(row, version, now);
      if (this.behind[at] === NONE) this.behind[at] = entry;
    }
  }

  /** Nobody has a newer version of an item any more, and none counts as confirmed. */
  rewind(row: number, version: number): void {
    this.kept[row] = version;
    this.lost[row] = this.newest[row]!;
    if (this.confirmed[row]! > version) this.confirmed[row] = version;
    const from = row * this.replicas;
    for (let at = from; at < from + this.replicas; at++) {
      if (this.versions[at]! > version) this.versions[at] = version;
      const newer = this.behind[at]!;
      if (newer !== NONE && this.confirmedVersion[newer]! > version) this.behind[at] = NONE;
    }
    // Of the confirmations that are left none is newer: a list ends at its last.
    let last = NONE;
    let entry = this.first[row]!;
    for (; entry !== NONE && this.confirmedVersion[entry]! <= version; entry = this.next[entry]!)
      last = entry;
    while (entry !== NONE) {
      const after = this.next[entry]!;
      this.next[entry] = this.free;
      this.free = entry;
      entry = after;
    }
    if (last === NONE) this.first[row] = NONE;
    else {
      this.next[last] = NONE;
      this.last[row] = last;
    }
    this.prune(row);
  }

  /** The version that a replica has. */
  versionAt(row: number, replica: number): number {
    return row < 0 ? 0 : this.versions[row * this.replicas + replica]!;
  }

  /** When a newer version than a replica's was confirmed for the first time; Infinity = none has been. */
  supersededAt(row: number, replica: number): number {
    const newer = row < 0 ? NONE : this.behind[row * this.replicas + replica]!;
    return newer === NONE ? Number.POSITIVE_INFINITY : this.confirmedAt[newer]!;
  }

  private append(row: number, version: number, now: number): number {
    const entry = this.take();
    this.confirmedVersion[entry] = version;
    this.confirmedAt[entry] = now;
    this.next[entry] = NONE;
    if (this.first[row] === NONE) this.first[row] = entry;
    else this.next[this.last[row]!] = entry;
    this.last[row] = entry;
    return entry;
  }

  /** Forgets confirmations that no replica lacks any more. */
  private prune(row: number): void {
    const from = row * this.replicas;
    for (;;) {
      const entry = this.first[row]!;
      if (entry === NONE) return;
      for (let at = from; at < from + this.replicas; at++) if (this.behind[at] === entry) return;
      this.first[row] = this.next[entry]!;
      this.next[entry] = this.free;
      this.free = entry;
    }
  }

  private take(): number {
    const entry = this.free;
    if (entry !== NONE) {
      this.free = this.next[entry]!;
      return entry;
    }
    if (this.used === this.next.length) {
      const room = 2 * this.used;
      this.confirmedVersion = longer(this.confirmedVersion, new Int32Array(room));
      this.confirmedAt = longer(this.confirmedAt, new Float64Array(room));
      this.next = longer(this.next, new Int32Array(room));
    }
    return this.used++;
  }

  private growRows(): void {
    const room = 2 * this.newest.length;
    const { replicas } = this;
    this.newest = longer(this.newest, new Int32Array(room));
    this.confirmed = longer(this.confirmed, new Int32Array(room));
    this.written = longer(this.written, new Float64Array(room).fill(Number.NEGATIVE_INFINITY));
    this.kept = longer(this.kept, new Int32Array(room));
    this.lost = longer(this.lost, new Int32Array(room));
    this.first = longer(this.first, new Int32Array(room).fill(NONE));
    this.last = longer(this.last, new Int32Array(room).fill(NONE));
    this.versions = longer(this.versions, new Int32Array(room * replicas));
    this.behind = longer(this.behind, new Int32Array(room * replicas).fill(NONE));
  }
}

function longer<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
