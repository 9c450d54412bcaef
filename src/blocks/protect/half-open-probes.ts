import { type OptionNames, requireOptions } from '../require-options.ts';
import type { HalfOpenOptions } from './breaker-options.ts';
import { requirePositive, requireWhole } from './range.ts';

const MAX_PROBES = 1024;

const OPTIONS: OptionNames<HalfOpenOptions> = {
  probes: true,
  inFlight: true,
  toleratedFailures: true,
  giveUpAfter: true,
};

/** Books over the probes of one half-open state: which are out, since when, and what came of the others. */
export class HalfOpenProbes {
  private readonly limit: number;
  private readonly giveUpAfter: number;
  private readonly tolerated: number;
  private readonly total: number;
  /** Permits of the probes in flight, and when each was given; the first `inFlight` places count. */
  private readonly permits: Float64Array;
  private readonly startedAt: Float64Array;
  private inFlight = 0;
  private returned = 0;
  private failed = 0;

  constructor(options: HalfOpenOptions, tolerated: number) {
    requireOptions('halfOpen', options, OPTIONS);
    const { probes, inFlight = probes, giveUpAfter } = options;
    requireWhole('probes', probes, 1, MAX_PROBES);
    requireWhole('inFlight', inFlight, 1, probes);
    requireWhole('toleratedFailures', tolerated, 0, probes - 1);
    requirePositive('giveUpAfter', giveUpAfter);
    this.total = probes;
    this.limit = inFlight;
    this.tolerated = tolerated;
    this.giveUpAfter = giveUpAfter;
    this.permits = new Float64Array(inFlight);
    this.startedAt = new Float64Array(inFlight);
  }

  reset(): void {
    this.inFlight = 0;
    this.returned = 0;
    this.failed = 0;
  }

  /** Sends a probe; false when enough are out, or have been. */
  start(permit: number, now: number): boolean {
    if (this.inFlight === this.limit || this.inFlight + this.returned === this.total) return false;
    this.permits[this.inFlight] = permit;
    this.startedAt[this.inFlight] = now;
    this.inFlight++;
    return true;
  }

  /** Takes a probe's outcome; false when there is no such probe in flight. */
  finish(permit: number, failed: boolean): boolean {
    const place = this.placeOf(permit);
    if (place < 0) return false;
    this.drop(place);
    this.returned++;
    if (failed) this.failed++;
    return true;
  }

  /** Takes a probe back as though it had not been sent. */
  release(permit: number): void {
    const place = this.placeOf(permit);
    if (place >= 0) this.drop(place);
  }

  /** Gives up what has been out for too long; false when nothing has. */
  giveUp(now: number): boolean {
    let any = false;
    for (let place = this.inFlight - 1; place >= 0; place--) {
      if (this.waited(place, now) < this.giveUpAfter) continue;
      this.drop(place);
      this.returned++;
      this.failed++;
      any = true;
    }
    return any;
  }

  /** None while probes are out or still to be sent. */
  verdict(): 'passed' | 'failed' | null {
    if (this.returned < this.total) return null;
    return this.failed > this.tolerated ? 'failed' : 'passed';
  }

  /** 0 when a probe may go, else until the oldest in flight is given up. */
  retryAfter(now: number): number {
    if (this.inFlight < this.limit && this.inFlight + this.returned < this.total) return 0;
    let longest = 0;
    for (let place = 0; place < this.inFlight; place++) {
      longest = Math.max(longest, this.waited(place, now));
    }
    return Math.max(0, this.giveUpAfter - longest);
  }

  counts(): { readonly inFlight: number; readonly returned: number; readonly failed: number } {
    return { inFlight: this.inFlight, returned: this.returned, failed: this.failed };
  }

  /** How long a probe has been out. A clock that went back starts its wait anew. */
  private waited(place: number, now: number): number {
    if (now < this.startedAt[place]!) this.startedAt[place] = now;
    return now - this.startedAt[place]!;
  }

  private placeOf(permit: number): number {
    for (let place = 0; place < this.inFlight; place++) {
      if (this.permits[place] === permit) return place;
    }
    return -1;
  }

  private drop(place: number): void {
    const last = --this.inFlight;
    this.permits[place] = this.permits[last]!;
    this.startedAt[place] = this.startedAt[last]!;
  }
}
