/** Whether a frame was taken out of a queue: it waited in none, it is out, or it is when its turn comes. */
export const NOT_HERE = 0;
export const OUT = 1;
export const LATER = 2;

const NONE = -1;

/**
 * Takes a frame out of the list of those who wait at a station.
 *
 * @param heads first frame of each list, −1 for an empty one
 * @param tails last frame of each list that has some
 * @param next by frame: the one behind it, −1 for the last
 * @returns false when it is not in the list
 */
export function unlink(
  frame: number,
  list: number,
  heads: Int32Array,
  tails: Int32Array,
  next: Int32Array,
): boolean {
  let previous = NONE;
  for (let each = heads[list]!; each !== NONE; each = next[each]!) {
    if (each === frame) {
      if (previous === NONE) heads[list] = next[each]!;
      else next[previous] = next[each]!;
      if (tails[list] === frame) tails[list] = previous;
      return true;
    }
    previous = each;
  }
  return false;
}

/** The longer of two arrays, beginning with what the other holds. */
export function copied<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
