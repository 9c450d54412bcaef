/** Sorts times and what belongs to them, from one place up to another, stably: for a few. */
export function insertionSort(times: Float64Array, payloads: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const time = times[i]!;
    const payload = payloads[i]!;
    let at = i;
    while (at > from && times[at - 1]! > time) {
      times[at] = times[at - 1]!;
      payloads[at] = payloads[at - 1]!;
      at--;
    }
    times[at] = time;
    payloads[at] = payload;
  }
}

/** The same for many, such as the rare long bucket that cannot be split; allocates. */
export function mergeSort(times: Float64Array, payloads: Int32Array, from: number, to: number): void {
  const order = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  order.sort((a, b) => times[a]! - times[b]! || a - b);
  const sortedTimes = Float64Array.from(order, (i) => times[i]!);
  const sortedPayloads = Int32Array.from(order, (i) => payloads[i]!);
  times.set(sortedTimes, from);
  payloads.set(sortedPayloads, from);
}
