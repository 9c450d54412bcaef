import { describe, expect, it } from 'vitest';
import { createRandom, normal, type RandomStream } from '../../kernel/index.ts';
import { type Backoff, type BackoffOptions, createBackoff } from './index.ts';

/** What arrives next, and where; the client's number and the version it carries. */
type Step = 'read' | 'read-reply' | 'write' | 'write-reply';
interface Message {
  readonly at: number;
  readonly step: Step;
  readonly client: number;
  readonly version: number;
}

/** Messages by time of arrival: a binary heap. */
class Network {
  private readonly heap: Message[] = [];

  send(message: Message): void {
    const { heap } = this;
    let i = heap.push(message) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.at <= message.at) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = message;
  }

  receive(): Message | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

/**
 * Clients that each update one row once, optimistically: read, write with the version read, on a conflict wait
 * and read again. Every message takes |Normal(10, 2)| ms, and so does the way to the retried read.
 */
function contend(clients: number, backoff: Backoff, random: RandomStream): { time: number; calls: number } {
  const network = new Network();
  const delay = () => Math.abs(10 + 2 * normal(random));
  const attempts = new Uint32Array(clients);
  const waited = new Float64Array(clients);
  for (let client = 0; client < clients; client++) {
    network.send({ at: delay(), step: 'read', client, version: 0 });
  }
  let time = 0;
  let calls = 0;
  let row = 0;
  for (let message = network.receive(); message !== undefined; message = network.receive()) {
    const { client, version } = message;
    time = message.at;
    const at = time + delay();
    if (message.step === 'read') network.send({ at, step: 'read-reply', client, version: row });
    else if (message.step === 'read-reply') network.send({ at, step: 'write', client, version });
    else if (message.step === 'write') {
      calls++;
      const won = version === row;
      if (won) row++;
      network.send({ at, step: 'write-reply', client, version: won ? 1 : 0 });
    } else if (version === 0) {
      attempts[client] = attempts[client]! + 1;
      waited[client] = backoff(attempts[client]!, waited[client]!, random);
      network.send({ at: at + waited[client]!, step: 'read', client, version: 0 });
    }
  }
  return { time, calls };
}

/** Means over independent runs. */
function means(clients: number, options: BackoffOptions, runs: number): { time: number; calls: number } {
  const backoff = createBackoff(options);
  const random = createRandom(clients, options.kind);
  let time = 0;
  let calls = 0;
  for (let run = 0; run < runs; run++) {
    const one = contend(clients, backoff, random);
    time += one.time / runs;
    calls += one.calls / runs;
  }
  return { time, calls };
}

/** The original's 5 · 2^n with n from 1, and its decorrelated jitter from 5. */
const kinds: Record<string, BackoffOptions> = {
  none: { kind: 'none' },
  exponential: { kind: 'exponential', base: 10, cap: 2000 },
  equal: { kind: 'equal-jitter', base: 10, cap: 2000 },
  full: { kind: 'full-jitter', base: 10, cap: 2000 },
  decorrelated: { kind: 'decorrelated-jitter', base: 5, cap: 2000 },
};

describe('O-R01 optimistic updates of one row (Brooker 2015)', () => {
  it.each([
    [10, 'none', 380.2, 50.88],
    [10, 'exponential', 3466, 50.83],
    [10, 'equal', 728.2, 42.46],
    [10, 'full', 466.0, 39.03],
    [10, 'decorrelated', 435.3, 37.66],
    [50, 'none', 1140.6, 690.2],
    [50, 'exponential', 36450, 624.0],
    [50, 'equal', 4241, 347.2],
    [50, 'full', 2884, 332.6],
    [50, 'decorrelated', 2204, 374.4],
    [100, 'none', 2026.8, 2421.8],
    [100, 'exponential', 63525, 1855.3],
    [100, 'equal', 6619, 812.4],
    [100, 'full', 4902, 796.0],
    [100, 'decorrelated', 4603, 1002.0],
  ])('O-R01 %d clients, %s: done after %d ms, with %d calls', (clients, kind, time, calls) => {
    // 4000 runs have half-widths of 0.4 % and 0.1 %, so 400 runs have 1.3 % and 0.3 %: the tolerances are
    // beyond three times that.
    const ours = means(clients, kinds[kind]!, 400);
    expect(Math.abs(ours.calls / calls - 1)).toBeLessThan(0.02);
    expect(Math.abs(ours.time / time - 1)).toBeLessThan(0.04);
  });

  it('O-R01 with 100 clients jitter more than halves the calls, and ends ten times as early', () => {
    const plain = means(100, kinds['exponential']!, 20);
    for (const kind of ['equal', 'full', 'decorrelated']) {
      const jittered = means(100, kinds[kind]!, 20);
      expect(jittered.calls).toBeLessThan(0.6 * plain.calls);
      expect(jittered.time).toBeLessThan(0.12 * plain.time);
    }
    expect(means(100, kinds['full']!, 20).calls).toBeLessThan(0.5 * plain.calls);
  });
});
