/** Instances that do the work of a key together, in groups; how well each group does is its level. */
export interface Groups {
  /** How many groups are at each level, from the lowest. */
  readonly by: readonly number[];
  /** An instance has failed or is back, or others have found that out. */
  changed(instance: number, up: boolean, listed: boolean): void;
}

/** Levels of a primary with followers: none of them is up; some are, and none is the primary; the primary is. */
export const SOME_MEMBER = 1;
export const PRIMARY = 2;

/** Replicas, each group of them in a row; its level is how many are up. */
export function replicaGroups(instances: number, each: number): Groups {
  const count = instances / each;
  const isUp = new Uint8Array(instances).fill(1);
  const up = new Int32Array(count).fill(each);
  const by = Array.from({ length: each + 1 }, (_, level) => (level === each ? count : 0));
  return {
    by,
    changed(instance, nowUp) {
      const more = (nowUp ? 1 : 0) - isUp[instance]!;
      if (more === 0) return;
      isUp[instance] = nowUp ? 1 : 0;
      const group = Math.floor(instance / each);
      by[up[group]!]!--;
      up[group]! += more;
      by[up[group]!]!++;
    },
  };
}

/**
 * Primaries with their followers: instance m × groups + g is member m of group g.
 *
 * @param takesOver whether a follower becomes the primary once that is given up
 */
export function memberGroups(instances: number, each: number, takesOver: boolean): Groups {
  const count = instances / each;
  const isUp = new Uint8Array(instances).fill(1);
  const isListed = new Uint8Array(instances).fill(1);
  const primary = Int32Array.from({ length: count }, (_, group) => group);
  const levels = new Uint8Array(count).fill(PRIMARY);
  const by = [0, 0, count];
  return {
    by,
    changed(instance, up, listed) {
      isUp[instance] = up ? 1 : 0;
      isListed[instance] = listed ? 1 : 0;
      const group = instance % count;
      const members = Array.from({ length: each }, (_, m) => m * count + group);
      const first = members.find((member) => isUp[member] === 1);
      const given = isUp[primary[group]!] === 0 && isListed[primary[group]!] === 0;
      if (takesOver && given && first !== undefined) primary[group] = first;
      const level = isUp[primary[group]!] === 1 ? PRIMARY : first === undefined ? 0 : SOME_MEMBER;
      by[levels[group]!]!--;
      levels[group] = level;
      by[level]!++;
    },
  };
}
