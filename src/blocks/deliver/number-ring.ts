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

  /** Takes the first one equal to `value` out; those behind it move up. */
  remove(value: number): boolean {
    const { values, head } = this;
    for (let i = 0; i < this.size; i++) {
      if (values[(head + i) % values.length] !== value) continue;
      for (let j = i + 1; j < this.size; j++) {
        values[(head + j - 1) % values.length] = values[(head + j) % values.length]!;
      }
      this.size--;
      return true;
    }
    return false;
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
