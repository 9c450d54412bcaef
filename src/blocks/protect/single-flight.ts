import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireInstant, requirePositive, requireWhole } from './range.ts';

/** Bounds of a {@link SingleFlight}. */
export interface SingleFlightOptions {
  /** Keys with a leader at the same time, a whole number from 1 to 2^24. Beyond, every call goes alone. */
  readonly maxKeys: number;
  /**
   * How long others wait for one leader, above 0, in the caller's unit of time: who comes later leads anew.
   * Infinity: until it ends.
   */
  readonly leadFor: number;
}

/** What `SingleFlight.arrive` returns to those who do not lead. */
export const FLIGHT = {
  /** Another call for the key is out: wait for its answer. */
  join: 0,
  /** There are too many keys: call, and nobody joins. */
  alone: -1,
} as const;

interface Lead {
  ticket: number;
  since: number;
}

const OPTIONS: OptionNames<SingleFlightOptions> = { maxKeys: true, leadFor: true };

/**
 * One call at a time for one key: who comes while it is out waits for the same answer (groupcache's
 * singleflight). Decides who leads and who joins; the answer itself is the caller's affair. It has no
 * snapshot: the calls it knows of end with the process.
 */
export class SingleFlight<Key> {
  private readonly leads = new Map<Key, Lead>();
  private readonly maxKeys: number;
  private readonly leadFor: number;
  private nextTicket = 1;

  /** @throws RangeError when an option is out of range */
  constructor(options: SingleFlightOptions) {
    requireOptions('SingleFlight', options, OPTIONS);
    const { maxKeys, leadFor } = options;
    requireWhole('maxKeys', maxKeys, 1, 2 ** 24);
    if (leadFor !== Number.POSITIVE_INFINITY) requirePositive('leadFor', leadFor);
    this.maxKeys = maxKeys;
    this.leadFor = leadFor;
  }

  /** Keys that have a leader. */
  get size(): number {
    return this.leads.size;
  }

  /**
   * A call for `key` comes.
   *
   * @returns a ticket ≥ 1: it leads, and `finished` takes the ticket; or a {@link FLIGHT}
   */
  arrive(key: Key, now: number): number {
    requireInstant(now);
    const lead = this.leads.get(key);
    if (lead !== undefined) {
      // A clock that went back starts the wait anew.
      if (now < lead.since) lead.since = now;
      if (now - lead.since < this.leadFor) return FLIGHT.join;
      lead.since = now;
      lead.ticket = this.nextTicket++;
      return lead.ticket;
    }
    if (this.leads.size >= this.maxKeys) return FLIGHT.alone;
    const ticket = this.nextTicket++;
    this.leads.set(key, { ticket, since: now });
    return ticket;
  }

  /**
   * A leader's call ended.
   *
   * @returns false when another has taken the lead since: then its answer is for those who waited for it alone
   */
  finished(key: Key, ticket: number): boolean {
    if (this.leads.get(key)?.ticket !== ticket) return false;
    this.leads.delete(key);
    return true;
  }
}
