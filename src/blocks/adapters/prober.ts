import type { Random } from '../../kernel/index.ts';
import type { Clock } from './clock.ts';

/** What is probed, how and when. */
export interface ProberOptions {
  readonly targets: number;
  readonly probe: (index: number, signal: AbortSignal) => boolean | PromiseLike<boolean>;
  /** Told how each probe came out; what threw, or took too long, came out badly. */
  readonly probed: (index: number, ok: boolean) => void;
  /** From the end of one probe of a target to the next, > 0. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Asks each of several targets again and again whether it is well, one probe at a time for each. The first ones
 * come at random within the interval, so that they do not go out together, nor those of many processes at once.
 */
export class Prober implements Disposable {
  private readonly options: ProberOptions;
  private readonly cancels: (() => void)[];
  private disposed = false;

  /** @throws RangeError when a time is out of range */
  constructor(options: ProberOptions) {
    const { targets, intervalMs, timeoutMs, random } = options;
    requireTime('intervalMs', intervalMs);
    requireTime('timeoutMs', timeoutMs);
    this.options = options;
    this.cancels = [];
    for (let index = 0; index < targets; index++) this.probeAfter(index, random.next() * intervalMs);
  }

  dispose(): void {
    this.disposed = true;
    for (const cancel of this.cancels) cancel();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private probeAfter(index: number, delayMs: number): void {
    this.cancels[index] = this.options.clock.after(delayMs, () => this.probe(index));
  }

  private probe(index: number): void {
    const { clock, intervalMs, timeoutMs } = this.options;
    const controller = new AbortController();
    let open = true;
    const end = (ok: boolean): void => {
      if (!open) return;
      open = false;
      cancelTimer();
      if (this.disposed) return;
      this.options.probed(index, ok);
      // Whoever was told may have disposed of this.
      if (!this.disposed) this.probeAfter(index, intervalMs);
    };
    const cancelTimer = clock.after(timeoutMs, () => {
      controller.abort();
      end(false);
    });
    this.cancels[index] = () => {
      cancelTimer();
      controller.abort();
    };
    this.ask(index, controller.signal).then(
      (ok) => end(ok === true),
      () => end(false),
    );
  }

  /** What is thrown at once becomes a rejection, as what is thrown later. */
  private async ask(index: number, signal: AbortSignal): Promise<boolean> {
    return this.options.probe(index, signal);
  }
}

function requireTime(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be > 0 and finite, got ${value}`);
  }
}
