/** A 4-ary min-heap of (time, payload) on typed arrays, for the floors with more than a handful of pending events. */
export class BareHeap {
  times = new Float64Array(1024);
  payloads = new Int32Array(1024);
  size = 0;

  push(time: number, payload: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, payloads } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      payloads[at] = payloads[parent]!;
      at = parent;
    }
    times[at] = time;
    payloads[at] = payload;
  }

  /** Drops the earliest event, which stands at index 0 of `times` and `payloads`. */
  drop(): void {
    const { times, payloads } = this;
    const size = --this.size;
    const time = times[size]!;
    const payload = payloads[size]!;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastTime = times[first]!;
      for (let child = first + 1; child < end; child++) {
        if (times[child]! < leastTime) {
          least = child;
          leastTime = times[child]!;
        }
      }
      if (leastTime >= time) break;
      times[at] = leastTime;
      payloads[at] = payloads[least]!;
      at = least;
    }
    times[at] = time;
    payloads[at] = payload;
  }

  private grow(): void {
    const times = new Float64Array(this.size * 2);
    const payloads = new Int32Array(this.size * 2);
    times.set(this.times);
    payloads.set(this.payloads);
    this.times = times;
    this.payloads = payloads;
  }
}
