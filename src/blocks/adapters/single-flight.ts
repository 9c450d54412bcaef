import { FLIGHT, SingleFlight } from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { Call, type CallOptions, callOf, deadlineIsOver, start, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** Bounds of a single flight. */
export interface SingleFlightGuardOptions {
  /** Keys with a call out at the same time; beyond, every call goes alone. */
  readonly maxKeys: number;
  /** Who comes later than this after the leader makes a call anew. Default: Infinity, until it ends. */
  readonly leadForMs?: number;
  readonly clock?: Clock;
}

/** Decisions of a single flight. */
export type SingleFlightEvent<Key> =
  | { readonly guard: 'single-flight'; readonly type: 'joined'; readonly key: Key }
  | { readonly guard: 'single-flight'; readonly type: 'alone'; readonly reason: 'keys'; readonly key: Key }
  | {
      readonly guard: 'single-flight';
      readonly type: 'refused';
      readonly reason: 'deadline';
      readonly key: Key;
    };

interface Flight {
  readonly answer: Promise<unknown>;
  readonly call: Call;
  readonly end: () => void;
  waiting: number;
}

const OPTIONS: OptionNames<SingleFlightGuardOptions> = { maxKeys: true, leadForMs: true, clock: true };

/**
 * One call at a time for one key; all who come meanwhile get its answer, or its error. The call's own signal is
 * aborted when nobody waits any more; one caller's abort ends only that caller's waiting. The shared call has
 * no deadline, since its callers' differ: put a timeout inside.
 */
export class SingleFlightGuard<Key> {
  private readonly core: SingleFlight<Key>;
  private readonly flights = new Map<Key, Flight>();
  private readonly clock: Clock;
  private readonly listeners = new Listeners<SingleFlightEvent<Key>>();

  /** @throws RangeError when an option is out of range */
  constructor(options: SingleFlightGuardOptions) {
    requireOptions('SingleFlightGuard', options, OPTIONS);
    const { maxKeys, leadForMs = Number.POSITIVE_INFINITY, clock = systemClock } = options;
    this.core = new SingleFlight<Key>({ maxKeys, leadFor: leadForMs });
    this.clock = clock;
  }

  /** Keys with a call out. */
  get size(): number {
    return this.core.size;
  }

  listen(listener: (event: SingleFlightEvent<Key>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /** Calls `work` for `key`, or waits for the one that is out. Calls of one key must be for the same answer. */
  async run<T>(key: Key, work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) {
      if (this.listeners.any) {
        this.listeners.tell({ guard: 'single-flight', type: 'refused', reason: 'deadline', key });
      }
      throw new RefusedError('deadline', DEADLINE_OVER);
    }
    const ticket = this.core.arrive(key, this.clock.now());
    if (ticket === FLIGHT.alone) {
      if (this.listeners.any) {
        this.listeners.tell({ guard: 'single-flight', type: 'alone', reason: 'keys', key });
      }
      return work(call);
    }
    if (ticket !== FLIGHT.join) this.lead(key, ticket, work);
    else if (this.listeners.any) this.listeners.tell({ guard: 'single-flight', type: 'joined', key });
    const flight = this.flights.get(key);
    // The leader's function asks for its own key before it has returned: nobody could answer it.
    if (flight === undefined) return work(call);
    return waitFor(flight, call) as Promise<T>;
  }

  private lead<T>(key: Key, ticket: number, work: Work<T>): void {
    const call = new Call(null, Number.POSITIVE_INFINITY, 1, null, true);
    const end = (): void => {
      if (this.core.finished(key, ticket)) this.flights.delete(key);
    };
    const answer = start(work, call);
    this.flights.set(key, { answer, call, end, waiting: 0 });
    answer.then(end, end);
  }
}

function waitFor(flight: Flight, call: Call): Promise<unknown> {
  const signal = call.abortSignal;
  flight.waiting++;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      flight.waiting--;
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      settle();
      reject(signal?.reason);
      if (flight.waiting > 0) return;
      // Before the abort: who comes now is not to join what is being ended.
      flight.end();
      flight.call.cancel(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort);
    flight.answer.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}
