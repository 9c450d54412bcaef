import { Placement } from '../design/placement.ts';
import type { PlacedKeys } from './model.ts';
import { MISSING_KEY, NEW_KEY } from './new-key.ts';

/** Which instance of a component has which key. */
export class Shards {
  private readonly placements: Placement[];
  private newKeys = 0;

  constructor(specs: readonly PlacedKeys[]) {
    this.placements = specs.map(placementOf);
  }

  /** The instance that has a key of the data, a code of its key space. */
  of(placement: number, data: number, key: number): number {
    const map = this.placements[placement]!;
    if (key >= 0) return map.shardOf(data, key >> 1);
    return map.shardOfNew(key === NEW_KEY ? this.newKeys++ : MISSING_KEY - key);
  }
}

/** Placements never change, so that replications share them. */
const known = new WeakMap<PlacedKeys, Placement>();

function placementOf(placed: PlacedKeys): Placement {
  let placement = known.get(placed);
  if (placement === undefined) {
    placement = new Placement(placed.spec, placed.stored);
    known.set(placed, placement);
  }
  return placement;
}
