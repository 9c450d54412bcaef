import type { Random } from '../../kernel/index.ts';

const SCALE = 2 ** 32;

/**
 * Draws from a finite law in constant time: the alias method (Walker 1977), built in linear time as by Vose,
 * "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991.
 *
 * The plain method looks at a column drawn evenly from the whole table, which for a million outcomes is a
 * cache miss each time. Here outcomes 2^i to 2^(i+1) − 1 have a table of their own, and a small table chooses
 * among those: where the first outcomes are the most likely ones, so are their columns, and they stay in the
 * processor's cache. Draws are exact in either case; each takes two uniform numbers.
 *
 * Thresholds have 32 bits, so a probability is off by at most 2^-32 of an average one of its table.
 */
export class AliasTable {
  readonly outcomes: number;
  /** Threshold and alias of each column, side by side. */
  private readonly columns: Uint32Array;
  private readonly blocks: Uint32Array;

  /**
   * @param weights of the outcomes, ≥ 0, one of them > 0; 1 to 2^21 of them, so that a draw has bits enough
   * @throws RangeError when there are too few or too many
   */
  constructor(weights: Float64Array) {
    const outcomes = weights.length;
    if (!(outcomes >= 1 && outcomes <= 2 ** 21)) {
      throw new RangeError(`weights must have 1 to 2^21 entries, got ${outcomes}`);
    }
    this.outcomes = outcomes;
    this.columns = new Uint32Array(2 * outcomes);
    const totals: number[] = [];
    for (let from = 0; from < outcomes; from = blockEnd(from)) {
      totals.push(fill(this.columns, weights, from, Math.min(outcomes, blockEnd(from))));
    }
    this.blocks = new Uint32Array(2 * totals.length);
    fill(this.blocks, Float64Array.from(totals), 0, totals.length);
  }

  /** The outcome, 0 to outcomes − 1. */
  sample(random: Random): number {
    const { blocks, columns, outcomes } = this;
    const block = draw(blocks, 0, blocks.length >> 1, random);
    // Block 0 is outcome 0, block i is outcomes 2^(i−1) to 2^i − 1.
    const from = block === 0 ? 0 : 1 << (block - 1);
    return draw(columns, from, Math.min(1 << block, outcomes), random);
  }
}

/** End of the block that begins with outcome `from`. */
function blockEnd(from: number): number {
  return from === 0 ? 1 : 2 * from;
}

function draw(columns: Uint32Array, from: number, to: number, random: Random): number {
  const place = random.next() * (to - from);
  const offset = Math.floor(place);
  const column = from + offset;
  return (place - offset) * SCALE < columns[2 * column]! ? column : columns[2 * column + 1]!;
}

/** Builds the table of outcomes `from` to `to` − 1 in their columns. Returns the sum of their weights. */
function fill(columns: Uint32Array, weights: Float64Array, from: number, to: number): number {
  const outcomes = to - from;
  let total = 0;
  for (let i = from; i < to; i++) total += weights[i]!;
  // Shares of a full column. Outcomes of no weight at all may be alike: their table is never drawn from.
  const shares = Float64Array.from({ length: outcomes }, (_, i) =>
    total > 0 ? (weights[from + i]! / total) * outcomes : 1,
  );
  // One stack from each end: columns that lack, and columns that have to spare.
  const stacks = new Int32Array(outcomes);
  let lacking = 0;
  let sparing = outcomes;
  for (let i = outcomes - 1; i >= 0; i--) {
    if (shares[i]! < 1) stacks[lacking++] = i;
    else stacks[--sparing] = i;
  }
  while (lacking > 0 && sparing < outcomes) {
    const poor = stacks[--lacking]!;
    const rich = stacks[sparing]!;
    setColumn(columns, from + poor, shares[poor]!, from + rich);
    shares[rich] = shares[rich]! - (1 - shares[poor]!);
    if (shares[rich]! < 1) {
      sparing++;
      stacks[lacking++] = rich;
    }
  }
  // What is left is full but for rounding.
  while (lacking > 0) setFull(columns, from + stacks[--lacking]!);
  while (sparing < outcomes) setFull(columns, from + stacks[sparing++]!);
  return total;
}

function setColumn(columns: Uint32Array, column: number, share: number, alias: number): void {
  columns[2 * column] = Math.min(SCALE - 1, Math.round(share * SCALE));
  columns[2 * column + 1] = alias;
}

function setFull(columns: Uint32Array, column: number): void {
  setColumn(columns, column, 1, column);
}
