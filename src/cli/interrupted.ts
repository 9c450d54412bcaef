import type { Io } from './io.ts';

/** Thrown inside the shell when the user pressed Ctrl-C; `main` ends with status 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The outcome of some work, or an InterruptedError if Ctrl-C comes first. */
export async function untilInterrupted<T>(io: Pick<Io, 'onInterrupt'>, work: Promise<T>): Promise<T> {
  let unwatch = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    unwatch = io.onInterrupt(() => reject(new InterruptedError('interrupted')));
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    unwatch();
  }
}
