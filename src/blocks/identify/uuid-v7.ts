import type { Random } from '../../kernel/index.ts';
import { requireState, requireWhole } from '../require.ts';

/** Greatest time that fits: 2^48 − 1 ms, in the year 10889. */
const LAST_TIME = 2 ** 48 - 1;
const LAST_COUNTER = 2 ** 32 - 1;

/** All numbers of 12 bits, as three hexadecimal digits. */
const HEX = /* @__PURE__ */ Array.from({ length: 4096 }, (_, n) => n.toString(16).padStart(3, '0'));

export interface UuidV7State {
  readonly version: 1;
  /** Unix milliseconds in the last id; −1 before the first. */
  readonly time: number;
  /** Counter in the last id. */
  readonly counter: number;
}

/**
 * UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then what keeps order and tells apart. Each is
 * greater than the one before, as number and as text.
 *
 * Within a millisecond a counter of 32 bits goes up (RFC 9562, 6.2, method 1). It starts each millisecond at 31
 * random bits, the top bit left clear as a guard against overflow, and the last 42 bits of every id are random.
 * When the clock goes back, time stands still and the counter goes on; when the counter overflows, the time in
 * the id goes one millisecond ahead. How hard ids are to guess is up to the random source.
 */
export class UuidV7Generator {
  private readonly random: Random;
  private time = -1;
  private counter = 0;
  /** The first 24 characters of ids with the present time and upper 26 bits of the counter. */
  private head = '';
  private headCounter = -1;

  /**
   * @param state goes on where a {@link UuidV7Generator.snapshot} stood
   * @throws RangeError when the state is impossible
   */
  constructor(random: Random, state?: UuidV7State) {
    this.random = random;
    if (state !== undefined) {
      requireState('state', state, true);
      this.time = requireWhole('state.time', state.time, -1, LAST_TIME);
      this.counter = requireWhole('state.counter', state.counter, 0, LAST_COUNTER);
    }
  }

  /**
   * The next id, in lower case.
   *
   * @param now Unix milliseconds; fractions are cut off, what is before 1970 counts as 1970
   * @throws RangeError when `now` is no number or after the year 10889, or all ids up to then are used up
   */
  next(now: number): string {
    if (!(now <= LAST_TIME)) throw new RangeError(`now must be a number up to ${LAST_TIME}, got ${now}`);
    const time = Math.floor(now);
    if (time > this.time && time >= 0) this.begin(time);
    else if (this.time < 0) this.begin(0);
    else if (this.counter < LAST_COUNTER) this.counter++;
    else this.begin(this.time + 1);
    const counter = this.counter;
    if (counter >>> 6 !== this.headCounter) this.setHead(counter);
    const scaled = this.random.next() * 0x40000;
    const upper = scaled | 0;
    const high = ((counter & 63) << 18) | upper;
    const low = ((scaled - upper) * 0x1000000) | 0;
    // Twelve characters are one flat string yet, in V8; adding the head is one more.
    return this.head + (HEX[high >>> 12]! + HEX[high & 4095]! + (HEX[low >>> 12]! + HEX[low & 4095]!));
  }

  snapshot(): UuidV7State {
    return { version: 1, time: this.time, counter: this.counter };
  }

  private begin(time: number): void {
    if (time > LAST_TIME) throw new RangeError(`now must be before the last millisecond, ${LAST_TIME}`);
    this.time = time;
    this.counter = Math.floor(this.random.next() * 0x80000000);
    this.headCounter = -1;
  }

  private setHead(counter: number): void {
    const high = Math.floor(this.time / 0x1000000);
    const low = this.time % 0x1000000;
    const middle = HEX[low >>> 12]!;
    this.headCounter = counter >>> 6;
    // Joined, not added: a flat string, which all ids with this head share.
    this.head = [
      HEX[high >>> 12]!,
      HEX[high & 4095]!,
      middle.slice(0, 2),
      '-',
      middle.slice(2),
      HEX[low & 4095]!,
      '-7',
      HEX[counter >>> 20]!,
      '-',
      '89ab'[(counter >>> 18) & 3]!,
      HEX[(counter >>> 6) & 4095]!,
      '-',
    ].join('');
  }
}

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Unix milliseconds in a UUID of version 7; −1 when the text is no such UUID. */
export function uuidV7Time(uuid: string): number {
  if (!SHAPE.test(uuid)) return -1;
  return Number.parseInt(uuid.slice(0, 8), 16) * 0x10000 + Number.parseInt(uuid.slice(9, 13), 16);
}
