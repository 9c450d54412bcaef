import type { KeySpace } from './key-space.ts';

/** Entries that are remembered, of all caches together: 16 bytes each, or 24 where they count accesses. */
const MOST_ENTRIES = 2 ** 22;
const FIRST_ENTRIES = 1024;

/** Everything that the contents of a warm cache follow from. */
export interface ContentsCause {
  /** The stream that they are drawn from. */
  readonly drawnFrom: string;
  readonly policy: string;
  readonly space: KeySpace;
  readonly capacity: number;
  readonly rate: number;
  readonly removals: number;
  readonly sliding: boolean;
  /** Lifetimes that are picked from; null = entries never expire. */
  readonly lifetimes: Float64Array | null;
}

/** What was put into a cache, in order. */
export class Contents {
  length = 0;
  private keys = new Int32Array(FIRST_ENTRIES);
  private groups = new Int32Array(FIRST_ENTRIES);
  /** null where all are endless, and where all are 1. */
  private expiries: Float64Array | null = null;
  private frequencies: Float64Array | null = null;

  add(key: number, group: number, expiresAt: number, frequency: number): void {
    const at = this.length++;
    if (at === this.keys.length) this.grow();
    this.keys[at] = key;
    this.groups[at] = group;
    if (expiresAt !== Number.POSITIVE_INFINITY) {
      this.expiries ??= new Float64Array(this.keys.length).fill(Number.POSITIVE_INFINITY);
    }
    if (frequency !== 1) this.frequencies ??= new Float64Array(this.keys.length).fill(1);
    if (this.expiries !== null) this.expiries[at] = expiresAt;
    if (this.frequencies !== null) this.frequencies[at] = frequency;
  }

  /** Puts the same in again. */
  replay(put: (key: number, group: number, expiresAt: number, frequency: number) => void): void {
    const { keys, groups, expiries, frequencies, length } = this;
    for (let at = 0; at < length; at++) {
      const expiresAt = expiries === null ? Number.POSITIVE_INFINITY : expiries[at]!;
      put(keys[at]!, groups[at]!, expiresAt, frequencies === null ? 1 : frequencies[at]!);
    }
  }

  private grow(): void {
    const twice = <A extends Int32Array | Float64Array>(values: A, more: A): A => {
      more.set(values);
      return more;
    };
    const slots = 2 * this.keys.length;
    this.keys = twice(this.keys, new Int32Array(slots));
    this.groups = twice(this.groups, new Int32Array(slots));
    if (this.expiries !== null) {
      this.expiries = twice(this.expiries, new Float64Array(slots).fill(Number.POSITIVE_INFINITY));
    }
    if (this.frequencies !== null)
      this.frequencies = twice(this.frequencies, new Float64Array(slots).fill(1));
  }
}

/** Causes that are remembered. */
const MOST_CAUSES = 1024;

/**
 * What caches were filled from lately, the latest last. Answers simulate one replication again and again, of designs that
 * differ in what no cache knows of: what was drawn for one of them is what would be drawn for all. Many a cause comes
 * once and not again, as the loads of a search do; so what it led to is kept from its second time on.
 */
const known: { readonly cause: ContentsCause; contents: Contents | null }[] = [];

/** What the same cause led to before, or an empty record to keep it in; null where the cause is a new one. */
export function contentsFor(cause: ContentsCause): Contents | null {
  const at = known.findIndex((each) => isSame(each.cause, cause));
  if (at === -1) {
    if (known.push({ cause, contents: null }) > MOST_CAUSES) known.shift();
    return null;
  }
  const [met] = known.splice(at, 1) as [(typeof known)[number]];
  known.push(met);
  met.contents ??= new Contents();
  return met.contents;
}

/** Forgets what was asked for the longest ago, as far as there is too much of it. */
export function forgetContents(): void {
  let entries = known.reduce((sum, { contents }) => sum + (contents?.length ?? 0), 0);
  while (entries > MOST_ENTRIES) entries -= known.shift()!.contents?.length ?? 0;
}

function isSame(a: ContentsCause, b: ContentsCause): boolean {
  return (
    a.drawnFrom === b.drawnFrom &&
    a.policy === b.policy &&
    a.space === b.space &&
    a.capacity === b.capacity &&
    a.rate === b.rate &&
    a.removals === b.removals &&
    a.sliding === b.sliding &&
    isEqual(a.lifetimes, b.lifetimes)
  );
}

const isEqual = (a: Float64Array | null, b: Float64Array | null): boolean =>
  a === b || (a !== null && b !== null && a.every((value, i) => value === b[i]));
