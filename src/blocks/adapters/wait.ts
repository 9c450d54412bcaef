import type { Call } from './call.ts';
import type { Clock } from './clock.ts';

/** Waits for a while; rejects with the signal's reason when the call is aborted before. Leaves nothing behind. */
export function wait(delayMs: number, call: Call, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const signal = call.abortSignal;
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      reject(signal?.reason);
    };
    const cancelTimer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort);
  });
}
