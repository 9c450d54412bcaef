import { createRandom, type Random } from '../../kernel/index.ts';

/** Real time, as adapters need it. In tests, one that is moved by hand. */
export interface Clock {
  /** Milliseconds since any instant, never running backwards. */
  now(): number;
  /**
   * Calls back once after so many milliseconds (≥ 0).
   * @returns takes it back; no effect when it has happened already
   */
  after(delayMs: number, callback: () => void): () => void;
}

/** Delays beyond this many milliseconds overflow the timers of every runtime, and would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of the runtime: Node, browsers, Deno, Bun and edge workers have these two. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    let timer: unknown;
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_TIMER_MS);
      const next = (): void => (left > step ? wait(left - step) : callback());
      timer = setTimeout(next, step);
    };
    wait(Math.max(0, delayMs));
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  },
};

/**
 * A random stream of this process, seeded by the runtime at the first draw: edge workers forbid random values while
 * their modules are loaded, which is when policies are made.
 */
export function systemRandom(): Random {
  let stream: Random | null = null;
  return {
    next() {
      stream ??= createRandom(systemSeed());
      return stream.next();
    },
  };
}

function systemSeed(): number {
  const words = new Uint32Array(2);
  crypto.getRandomValues(words);
  // A safe integer has 53 bits.
  return words[0]! * 2 ** 21 + (words[1]! >>> 11);
}
