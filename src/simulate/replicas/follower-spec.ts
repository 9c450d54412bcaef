/** Which members of a shard reads go to: its primary, its followers, or all of them by chance. */
export type ReadsFrom = 'primary' | 'replicas' | 'any';

/**
 * How a read gets to see what was written: for so many seconds after a write of an item was acknowledged, its reads go to the
 * primary; or always to members that have applied that write. null = by neither.
 */
export type ReadYourWrites = number | 'token' | null;

/**
 * A component whose shards have a primary, which takes the writes, and followers. Instance `m × shards + s` is member m of
 * shard s; member 0 is its primary when a run begins.
 */
export interface FollowerSpec {
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  /** Index of its operation that writes; the other ones read. */
  readonly writes: number;
  readonly shards: number;
  /** Of each shard, the primary among them. */
  readonly members: number;
  readonly reads: ReadsFrom;
  readonly readYourWrites: ReadYourWrites;
  /** Followers that have to have a write before it is acknowledged. */
  readonly confirmedBy: number;
  /** Seconds until a primary is known to be gone, and from then until a follower serves; null = nobody takes over. */
  readonly takeover: { readonly detection: number; readonly promotion: number } | null;
  /** Writes that a follower that comes back takes in at the same time. */
  readonly lanes: number;
  /** Reasons: of connections that are refused, and of requests for which there is no primary. */
  readonly refused: number;
  readonly noPrimary: number;
  /** Where the code begins by which a follower fetches what it lacks, an array of one; and its local for whom it asks. */
  readonly fetches: Int32Array;
  readonly to: number;
}
