import { Calendar, normal, type RandomStream } from '../../kernel/index.ts';
import type { Backoff, BackoffOptions } from './index.ts';

/** What arrives next at a client or the row: the payload of an event is 4 · client + step. */
const READ = 0;
const READ_REPLY = 1;
const WRITE = 2;
const WRITE_REPLY = 3;

/** What a contention came to. */
export interface Contention {
  /** Milliseconds until the last client had its answer. */
  readonly time: number;
  /** Writes, those in vain included. */
  readonly calls: number;
}

/**
 * Clients that each update one row once, optimistically: read, write with the version read, on a conflict wait
 * and read again. Every message takes |Normal(10, 2)| ms, and so does the way to the retried read (Brooker,
 * aws-arch-backoff-simulator).
 */
export function contend(clients: number, backoff: Backoff, random: RandomStream): Contention {
  const calendar = new Calendar();
  const send = (after: number, client: number, step: number): void =>
    calendar.push(calendar.now[0]! + after + Math.abs(10 + 2 * normal(random)), 4 * client + step);
  const attempts = new Uint32Array(clients);
  const waited = new Float64Array(clients);
  /** The version each has read, and whether its write was in time. */
  const versions = new Int32Array(clients);
  const won = new Uint8Array(clients);
  for (let client = 0; client < clients; client++) send(0, client, READ);
  let calls = 0;
  let row = 0;
  while (calendar.size > 0) {
    const message = calendar.pop();
    const client = message >> 2;
    const step = message & 3;
    if (step === READ) {
      versions[client] = row;
      send(0, client, READ_REPLY);
    } else if (step === READ_REPLY) send(0, client, WRITE);
    else if (step === WRITE) {
      calls++;
      if (versions[client] === row) {
        row++;
        won[client] = 1;
      }
      send(0, client, WRITE_REPLY);
    } else if (won[client] === 0) {
      attempts[client] = attempts[client]! + 1;
      waited[client] = backoff(attempts[client]!, waited[client]!, random);
      send(waited[client]!, client, READ);
    }
  }
  return { time: calendar.now[0]!, calls };
}

/** The original's 5 · 2^n with n from 1, and its decorrelated jitter from 5. */
export const contentionBackoffs: Readonly<Record<string, BackoffOptions>> = {
  none: { kind: 'none' },
  exponential: { kind: 'exponential', base: 10, cap: 2000 },
  equal: { kind: 'equal-jitter', base: 10, cap: 2000 },
  full: { kind: 'full-jitter', base: 10, cap: 2000 },
  decorrelated: { kind: 'decorrelated-jitter', base: 5, cap: 2000 },
};
