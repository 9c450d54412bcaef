/** Room that is there at once; more comes by doubling. */
const ROOM_AT_ONCE = 1024;

/** Numbers in the order they came, up to so many. */
export class NumberRing {
  size = 0;
  private readonly capacity: number;
  private values: Float64Array;
  private head = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.values = new Float64Array(Math.min(capacity, ROOM_AT_ONCE));
  }

  /** False when it is full. */
  push(value: number): boolean {
    if (this.size === this.capacity) return false;
    if (this.size === this.values.length) this.grow();
    this.values[(this.head + this.size++) % this.values.length] = value;
    return true;
  }

  /** −1 when it is empty. */
  shift(): number {
    if (this.size === 0) return -1;
    const value = this.values[this.head]!;
    this.head = (this.head + 1) % this.values.length;
    this.size--;
    return value;
  }

  /** The one that came first; −1 when it is empty. */
  get first(): number {
    return this.size === 0 ? -1 : this.values[this.head]!;
  }

  /** Takes the first one equal to `value` out; those on its shorter side move up. */
  remove(value: number): boolean {
    const { values, head } = this;
    const room = values.length;
    let at = 0;
    while (at < this.size && values[(head + at) % room] !== value) at++;
    if (at === this.size) return false;
    // Those who wait too long go in the order in which they came: from the head.
    if (2 * at < this.size) {
      for (let i = at; i > 0; i--) values[(head + i) % room] = values[(head + i - 1) % room]!;
      this.head = (head + 1) % room;
    } else {
      for (let i = at + 1; i < this.size; i++) values[(head + i - 1) % room] = values[(head + i) % room]!;
    }
    this.size--;
    return true;
  }

  toArray(): number[] {
    return Array.from({ length: this.size }, (_, i) => this.values[(this.head + i) % this.values.length]!);
  }

  private grow(): void {
    const values = new Float64Array(Math.min(this.capacity, 2 * this.values.length));
    values.set(this.toArray());
    this.values = values;
    this.head = 0;
  }
}
