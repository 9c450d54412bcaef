import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that is moved by hand, and knows its timers. */
export class ManualClock implements Clock {
  private time = 0;
  private timers: Timer[] = [];

  /** Timers that have neither gone off nor been taken back. */
  get pending(): number {
    return this.timers.length;
  }

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + delayMs, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Moves on, lets timers go off in order, and lets everything that waits for them happen. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const next = this.timers.reduce<Timer | null>(
        (first, timer) => (timer.at <= end && (first === null || timer.at < first.at) ? timer : first),
        null,
      );
      if (next === null) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settled();
    }
    this.time = end;
  }

  /** A promise that is kept after a while. */
  sleep<T>(ms: number, value: T): Promise<T> {
    return new Promise((resolve) => {
      this.after(ms, () => resolve(value));
    });
  }

  /** A promise that is broken after a while. */
  failAfter(ms: number, error: unknown): Promise<never> {
    return new Promise((_, reject) => {
      this.after(ms, () => reject(error));
    });
  }
}

/** Longer than any chain of promises of these tests. */
const MANY_TURNS = 100;

/** After all promises that can be settled now. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < MANY_TURNS; turn++) await null;
}

/** A controller that knows how many listen to its signal. */
export function watchedController(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...of: Parameters<typeof add>) => {
    count++;
    add(...of);
  };
  signal.removeEventListener = (...of: Parameters<typeof remove>) => {
    count--;
    remove(...of);
  };
  return { controller, listeners: () => count };
}

/** What a promise came to. */
export function outcome<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
