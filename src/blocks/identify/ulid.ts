import type { Random } from '../../kernel/index.ts';
import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';

/** Crockford's base 32: digits and capitals without I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** All numbers of 10 bits, as two characters. */
const PAIRS = /* @__PURE__ */ Array.from({ length: 1024 }, (_, n) => ALPHABET[n >>> 5]! + ALPHABET[n & 31]!);

/** Greatest time that fits: 2^48 − 1 ms, in the year 10889. */
const LAST_TIME = 2 ** 48 - 1;
const TWO_40 = 2 ** 40;
const TWO_20 = 2 ** 20;

export interface UlidOptions {
  /**
   * Default true: each id is greater than the one before, also within a millisecond and when the clock goes back.
   * False: 80 random bits in every id, and no order within a millisecond.
   */
  readonly monotonic?: boolean;
}

export interface UlidState {
  readonly version: 1;
  /** Unix milliseconds in the last id; −1 before the first. */
  readonly time: number;
  /** Upper 40 bits of the random part of the last id. */
  readonly upper: number;
  /** Lower 40 bits. */
  readonly lower: number;
}

const OPTIONS: OptionNames<UlidOptions> = { monotonic: true };

/**
 * ULIDs (specification at github.com/ulid/spec): 48 bits of Unix milliseconds and 80 random bits in 26
 * characters of Crockford's base 32, which sort as text like the times they were made.
 *
 * Monotonic, an id of the same millisecond is the last one plus 1. Where that overflows the 80 bits the
 * specification lets generation fail; here the time in the id goes one millisecond ahead. A clock that goes
 * back counts as standing still. Neighbours can be guessed from each other; not so without `monotonic`.
 */
export class UlidGenerator {
  private readonly random: Random;
  private readonly monotonic: boolean;
  private time = -1;
  private upper = 0;
  private lower = 0;
  /** The first 18 characters: time and upper 40 bits. */
  private head = '';
  private timeText = '';
  private timeOfText = -1;

  /**
   * @param state goes on where a {@link UlidGenerator.snapshot} stood
   * @throws RangeError when the state is impossible
   */
  constructor(random: Random, options: UlidOptions = {}, state?: UlidState) {
    requireOptions('UlidGenerator', options, OPTIONS);
    this.random = random;
    this.monotonic = options.monotonic ?? true;
    if (state !== undefined) {
      requireState('state', state, true);
      this.time = requireWhole('state.time', state.time, -1, LAST_TIME);
      this.upper = requireWhole('state.upper', state.upper, 0, TWO_40 - 1);
      this.lower = requireWhole('state.lower', state.lower, 0, TWO_40 - 1);
      if (this.time >= 0) this.setHead();
    }
  }

  /**
   * The next id.
   *
   * @param now Unix milliseconds; fractions are cut off, what is before 1970 counts as 1970
   * @throws RangeError when `now` is no number or after the year 10889, or all ids up to then are used up
   */
  next(now: number): string {
    if (!(now <= LAST_TIME)) throw new RangeError(`now must be a number up to ${LAST_TIME}, got ${now}`);
    const time = now > 0 ? Math.floor(now) : 0;
    if (!this.monotonic || time > this.time) this.begin(time);
    else this.increment();
    const high = Math.floor(this.lower / TWO_20);
    const low = this.lower % TWO_20;
    return (
      this.head + (PAIRS[high >>> 10]! + PAIRS[high & 1023]! + (PAIRS[low >>> 10]! + PAIRS[low & 1023]!))
    );
  }

  snapshot(): UlidState {
    return { version: 1, time: this.time, upper: this.upper, lower: this.lower };
  }

  private begin(time: number): void {
    if (time > LAST_TIME) throw new RangeError(`now must be before the last millisecond, ${LAST_TIME}`);
    this.time = time;
    this.upper = Math.floor(this.random.next() * TWO_40);
    this.lower = Math.floor(this.random.next() * TWO_40);
    this.setHead();
  }

  private increment(): void {
    if (this.lower < TWO_40 - 1) {
      this.lower++;
    } else if (this.upper < TWO_40 - 1) {
      this.lower = 0;
      this.upper++;
      this.setHead();
    } else {
      this.begin(this.time + 1);
    }
  }

  private setHead(): void {
    if (this.time !== this.timeOfText) {
      this.timeText = encodeTime(this.time);
      this.timeOfText = this.time;
    }
    const high = Math.floor(this.upper / TWO_20);
    const low = this.upper % TWO_20;
    this.head =
      this.timeText + (PAIRS[high >>> 10]! + PAIRS[high & 1023]! + (PAIRS[low >>> 10]! + PAIRS[low & 1023]!));
  }
}

function encodeTime(time: number): string {
  const upper = Math.floor(time / 2 ** 30);
  const middle = Math.floor(time / 2 ** 10) % TWO_20;
  return (
    PAIRS[upper >>> 10]! +
    PAIRS[upper & 1023]! +
    PAIRS[middle >>> 10]! +
    PAIRS[middle & 1023]! +
    PAIRS[time % 1024]!
  );
}

/** Unix milliseconds in a ULID, in capitals or not; −1 when the text is none. */
export function ulidTime(ulid: string): number {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(ulid)) return -1;
  let time = 0;
  for (const character of ulid.slice(0, 10).toUpperCase()) time = time * 32 + ALPHABET.indexOf(character);
  return time;
}
