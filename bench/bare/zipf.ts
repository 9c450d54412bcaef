/** Zipf-distributed keys by the alias method (Walker 1977, built as Vose 1991 does): one uniform a draw. */
export interface ZipfTable {
  /** Share of column k that is key k itself; the rest of it is key `other[k]`. */
  readonly keep: Float64Array;
  readonly other: Int32Array;
}

/** Keys 0 (most popular) to `count` − 1, P(key k) proportional to (k + 1)^−exponent. */
export function zipfTable(count: number, exponent: number): ZipfTable {
  const keep = new Float64Array(count);
  const other = new Int32Array(count);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (k + 1) ** -exponent;
  const poor: number[] = [];
  const rich: number[] = [];
  for (let k = 0; k < count; k++) {
    keep[k] = ((k + 1) ** -exponent / sum) * count;
    (keep[k]! < 1 ? poor : rich).push(k);
  }
  while (poor.length > 0 && rich.length > 0) {
    const taker = poor.pop()!;
    const giver = rich.at(-1)!;
    other[taker] = giver;
    keep[giver] = keep[giver]! - (1 - keep[taker]!);
    if (keep[giver]! < 1) poor.push(rich.pop()!);
  }
  // What is left differs from a full column by rounding only.
  for (const k of [...poor, ...rich]) keep[k] = 1;
  return { keep, other };
}

/** The key that a uniform from [0, 1) stands for. */
export function drawKey({ keep, other }: ZipfTable, u: number): number {
  const column = u * keep.length;
  const whole = column | 0;
  return column - whole < keep[whole]! ? whole : other[whole]!;
}
