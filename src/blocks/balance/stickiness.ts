import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireLength, requirePositive, requireVersion, requireWholeOption } from './checks.ts';

/** How many sessions are remembered, and for how long. */
export interface StickinessOptions {
  /** Sessions remembered at most, 1 to 2^24; beyond that, the one not asked for the longest is forgotten. */
  readonly maxSessions: number;
  /** Time after which a session that was not asked for is forgotten, > 0, Infinity for never; caller's unit. */
  readonly idleTime: number;
}

/** {@link Stickiness} as plain JSON. */
export interface StickinessState {
  readonly version: 1;
  /** Latest instant seen, null before the first. */
  readonly latest: number | null;
  /** Key, target and instant last asked for, the longest unasked first. */
  readonly sessions: readonly (readonly [key: string | number, target: number, askedAt: number])[];
}

interface Session {
  target: number;
  askedAt: number;
}

const OPTIONS: OptionNames<StickinessOptions> = { maxSessions: true, idleTime: true };

/**
 * Remembers which target a session went to, as HAProxy's stick tables do, in bounded memory: at most so many
 * sessions, each until it has not been asked for during the idle time. For targets that keep something of a
 * session; better to keep it elsewhere, since a target that dies takes its sessions with it.
 *
 * Time that went back counts as standing still until it has caught up.
 */
export class Stickiness {
  private readonly maxSessions: number;
  private readonly idleTime: number;
  /** In the order of last asking. */
  private readonly sessions = new Map<string | number, Session>();
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option or the state is impossible */
  constructor(options: StickinessOptions, state?: StickinessState) {
    requireOptions('Stickiness', options, OPTIONS);
    const { maxSessions, idleTime } = options;
    requireWholeOption('maxSessions', maxSessions, 1, 2 ** 24);
    if (idleTime !== Number.POSITIVE_INFINITY) requirePositive('idleTime', idleTime);
    this.maxSessions = maxSessions;
    this.idleTime = idleTime;
    if (state !== undefined) this.adopt(state);
  }

  /** Sessions held, expired ones included until they are noticed. */
  get size(): number {
    return this.sessions.size;
  }

  /** The target of a session, or −1 when it is not remembered. Counts as asking. */
  target(key: string | number, now: number): number {
    this.advance(now);
    const session = this.sessions.get(key);
    if (session === undefined) return -1;
    this.sessions.delete(key);
    if (this.latest - session.askedAt >= this.idleTime) return -1;
    session.askedAt = this.latest;
    this.sessions.set(key, session);
    return session.target;
  }

  /**
   * From now on the session belongs to `target`.
   * @throws RangeError when `target` is not a whole number from 0 to 2^24
   */
  assign(key: string | number, target: number, now: number): void {
    requireWholeOption('target', target, 0, 2 ** 24);
    this.advance(now);
    const session = this.sessions.get(key);
    if (session === undefined) {
      this.makeRoom();
      this.sessions.set(key, { target, askedAt: this.latest });
      return;
    }
    this.sessions.delete(key);
    session.target = target;
    session.askedAt = this.latest;
    this.sessions.set(key, session);
  }

  /** The session has ended; false when it was not remembered. */
  forget(key: string | number): boolean {
    return this.sessions.delete(key);
  }

  snapshot(): StickinessState {
    const sessions = [...this.sessions].map(([key, { target, askedAt }]) => [key, target, askedAt] as const);
    // Nothing has been asked at any instant yet: whatever is there counts as asked at the first.
    const latest = Number.isFinite(this.latest) ? this.latest : null;
    return { version: 1, latest, sessions: latest === null ? [] : sessions };
  }

  /** Drops the oldest ones that have expired, and one that has not where there is no room else. */
  private makeRoom(): void {
    for (const [key, { askedAt }] of this.sessions) {
      if (this.latest - askedAt < this.idleTime && this.sessions.size < this.maxSessions) return;
      this.sessions.delete(key);
    }
  }

  private advance(now: number): void {
    if (now > this.latest && now < Number.POSITIVE_INFINITY) this.latest = now;
  }

  private adopt(state: StickinessState): void {
    requireVersion(state.version);
    if (!Array.isArray(state.sessions) || state.sessions.length > this.maxSessions) {
      throw new RangeError(
        `state.sessions must be at most ${this.maxSessions}, got ${state.sessions?.length}`,
      );
    }
    for (const session of state.sessions) {
      requireLength('state.sessions', session, 3);
      const [key, target, askedAt] = session;
      const isKey = typeof key === 'string' || typeof key === 'number';
      if (!isKey || this.sessions.has(key) || !Number.isFinite(askedAt)) {
        throw new RangeError(`state.sessions must be distinct keys, targets and instants, got ${session}`);
      }
      requireWholeOption('state.sessions', target, 0, 2 ** 24);
      this.sessions.set(key, { target, askedAt });
    }
    this.latest = state.latest ?? Number.NEGATIVE_INFINITY;
  }
}
