/**
 * The shard of each key when keys are placed one by one, the heaviest first, each on the shard that has least until
 * then; the first of equals. From empty shards on, no other placement has less than 3/4 of its greatest load (R. L. Graham, "Bounds on
 * multiprocessing timing anomalies", SIAM Journal on Applied Mathematics 17(2), 1969).
 *
 * @param weights of the keys, descending, finite and ≥ 0
 * @param loads what each shard has already; taken over and added to
 * @throws RangeError when weights do not descend, or there is no shard
 */
export function placeHeaviestFirst(weights: ArrayLike<number>, loads: Float64Array): Int32Array {
  if (loads.length === 0) throw new RangeError('loads must have an entry for each shard, got none');
  const placed = new Int32Array(weights.length);
  let before = Number.POSITIVE_INFINITY;
  for (let key = 0; key < placed.length; key++) {
    const weight = weights[key]!;
    if (!(weight >= 0 && weight <= before && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weights must be finite, ≥ 0 and descend, got ${weight} at ${key}`);
    }
    before = weight;
    let least = 0;
    for (let shard = 1; shard < loads.length; shard++) if (loads[shard]! < loads[least]!) least = shard;
    placed[key] = least;
    loads[least]! += weight;
  }
  return placed;
}
