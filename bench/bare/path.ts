/**
 * The floor for the request path of bench/designs/path.yaml: a hand-written event loop that keeps nothing
 * but the mean response time of the requests that were served.
 *
 * client → balancer (least connections) → 8 servers of 16 FIFO slots, exponential CPU time
 *        → cache (LRU of Zipf keys) → on a miss: database of 20 FIFO connections, then the cache is filled
 *
 * Every hop between two components takes an exponential time each way; the client is at the balancer's door.
 * A timed-out client or step goes on without the answer; the work that it asked for is done all the same.
 */
import { BareHeap } from './heap.ts';
import { BareLru } from './lru.ts';
import { BareTimers } from './timers.ts';
import { BUFFER, createState, fillExponential, fillUniform } from './variates.ts';
import { drawKey, type ZipfTable, zipfTable } from './zipf.ts';

/** Milliseconds throughout. */
export interface BarePath {
  readonly requestsPerMs: number;
  readonly hopMs: number;
  readonly servers: number;
  readonly slots: number;
  readonly cpuMs: number;
  readonly keys: number;
  readonly cached: number;
  readonly connections: number;
  readonly databaseMs: number;
  /** What gives up after `timeoutMs`: nothing, the client, or the server on each call to cache or database. */
  readonly timeout: 'none' | 'request' | 'step';
  readonly timeoutMs: number;
}

export interface BarePathResult {
  readonly finished: number;
  readonly mean: number;
  readonly hitRatio: number;
}

// What an event means, in the low four bits of its payload; the request stands above them.
const ARRIVAL = 0;
const AT_SERVER = 1;
const CPU_DONE = 2;
const AT_CACHE = 3;
const BACK_WITH_HIT = 4;
const BACK_WITH_MISS = 11;
const AT_DATABASE = 5;
const DATABASE_DONE = 6;
const BACK_FROM_DATABASE = 7;
const AT_CACHE_TO_FILL = 8;
const BACK_FROM_FILL = 9;
const BACK_AT_BALANCER = 10;

const NEVER = -1;

/** What a run starts with. */
export interface WarmCache {
  readonly zipf: ZipfTable;
  readonly lru: BareLru;
}

/** A cache that has seen so many requests that it is as it would be after any more. */
export function warmCache({ keys, cached }: BarePath, seed: number): WarmCache {
  const zipf = zipfTable(keys, 1);
  const lru = new BareLru(keys, cached);
  const uniforms = new Float64Array(BUFFER);
  const state = createState(seed);
  for (let drawn = 0; drawn < 2 * keys; drawn += BUFFER) {
    fillUniform(state, uniforms);
    for (const u of uniforms) lru.set(drawKey(zipf, u));
  }
  return { zipf, lru };
}

/** Runs until `requests` have ended, served or not. */
export function runBarePath(
  path: BarePath,
  { zipf, lru }: WarmCache,
  requests: number,
  seed: number,
): BarePathResult {
  const { hopMs, servers, slots, cpuMs, connections, databaseMs, timeoutMs } = path;
  const gapMs = 1 / path.requestsPerMs;
  const clientTimeout = path.timeout === 'request';
  const stepTimeout = path.timeout === 'step';

  const exponentials = new Float64Array(BUFFER);
  const uniforms = new Float64Array(BUFFER);
  const exponentialState = createState(seed);
  const uniformState = createState(seed ^ 0x5bd1e995);
  let nextExponential = BUFFER;
  let nextUniform = BUFFER;

  const events = new BareHeap();
  events.push(0, ARRIVAL);
  const timers = new BareTimers();

  let born = new Float64Array(1024);
  let deadline = new Float64Array(1024);
  let keyOf = new Int32Array(1024);
  let serverOf = new Int32Array(1024);
  let link = new Int32Array(1024);
  /** 0; 1 once the server gave up on a call, which goes on beside the answer; 2 when one of the two is over. */
  let gaveUp = new Int32Array(1024);
  let free = -1;
  let used = 0;

  const inFlight = new Int32Array(servers);
  const busySlots = new Int32Array(servers);
  const slotHead = new Int32Array(servers).fill(-1);
  const slotTail = new Int32Array(servers);
  let busyConnections = 0;
  let connectionHead = -1;
  let connectionTail = -1;

  let ended = 0;
  let served = 0;
  let total = 0;
  let lookups = 0;
  let hits = 0;

  while (ended < requests) {
    // One turn draws at most two exponentials and one uniform.
    if (nextExponential > BUFFER - 2) {
      fillExponential(exponentialState, exponentials);
      nextExponential = 0;
    }
    if (nextUniform === BUFFER) {
      fillUniform(uniformState, uniforms);
      nextUniform = 0;
    }
    if (timers.next[0]! < events.times[0]!) {
      const now = timers.next[0]!;
      const request = timers.pop();
      // A cancelled timer, or one of a request that is gone: the deadline is another by now.
      if (deadline[request] !== now) continue;
      deadline[request] = NEVER;
      if (clientTimeout) ended++;
      else {
        gaveUp[request] = 1;
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | BACK_AT_BALANCER);
      }
      continue;
    }
    const now = events.times[0]!;
    const payload = events.payloads[0]!;
    const request = payload >> 4;
    events.drop();

    switch (payload & 15) {
      case ARRIVAL: {
        events.push(now + exponentials[nextExponential++]! * gapMs, ARRIVAL);
        let arrived = free;
        if (arrived >= 0) free = link[arrived]!;
        else {
          if (used === born.length) {
            born = grown(born, new Float64Array(used * 2));
            deadline = grown(deadline, new Float64Array(used * 2));
            keyOf = grown(keyOf, new Int32Array(used * 2));
            serverOf = grown(serverOf, new Int32Array(used * 2));
            link = grown(link, new Int32Array(used * 2));
            gaveUp = grown(gaveUp, new Int32Array(used * 2));
          }
          arrived = used++;
        }
        born[arrived] = now;
        gaveUp[arrived] = 0;
        keyOf[arrived] = drawKey(zipf, uniforms[nextUniform++]!);
        let server = 0;
        for (let s = 1; s < servers; s++) if (inFlight[s]! < inFlight[server]!) server = s;
        inFlight[server] = inFlight[server]! + 1;
        serverOf[arrived] = server;
        if (clientTimeout) {
          deadline[arrived] = now + timeoutMs;
          timers.push(now + timeoutMs, arrived);
        }
        events.push(now + exponentials[nextExponential++]! * hopMs, (arrived << 4) | AT_SERVER);
        break;
      }
      case AT_SERVER: {
        const server = serverOf[request]!;
        if (busySlots[server]! < slots) {
          busySlots[server] = busySlots[server]! + 1;
          events.push(now + exponentials[nextExponential++]! * cpuMs, (request << 4) | CPU_DONE);
        } else {
          link[request] = -1;
          if (slotHead[server]! < 0) slotHead[server] = request;
          else link[slotTail[server]!] = request;
          slotTail[server] = request;
        }
        break;
      }
      case CPU_DONE: {
        const server = serverOf[request]!;
        const next = slotHead[server]!;
        if (next < 0) busySlots[server] = busySlots[server]! - 1;
        else {
          slotHead[server] = link[next]!;
          events.push(now + exponentials[nextExponential++]! * cpuMs, (next << 4) | CPU_DONE);
        }
        if (stepTimeout) {
          deadline[request] = now + timeoutMs;
          timers.push(now + timeoutMs, request);
        }
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | AT_CACHE);
        break;
      }
      case AT_CACHE: {
        lookups++;
        const hit = lru.get(keyOf[request]!);
        if (hit) hits++;
        const back = hit ? BACK_WITH_HIT : BACK_WITH_MISS;
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | back);
        break;
      }
      case BACK_WITH_HIT:
      case BACK_FROM_FILL: {
        if (gaveUp[request]! > 0) {
          if (gaveUp[request] === 1) gaveUp[request] = 2;
          else {
            link[request] = free;
            free = request;
          }
          break;
        }
        if (stepTimeout) deadline[request] = NEVER;
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | BACK_AT_BALANCER);
        break;
      }
      case BACK_WITH_MISS:
      case BACK_FROM_DATABASE: {
        if (gaveUp[request]! > 0) {
          if (gaveUp[request] === 1) gaveUp[request] = 2;
          else {
            link[request] = free;
            free = request;
          }
          break;
        }
        if (stepTimeout) {
          deadline[request] = now + timeoutMs;
          timers.push(now + timeoutMs, request);
        }
        const next = (payload & 15) === BACK_WITH_MISS ? AT_DATABASE : AT_CACHE_TO_FILL;
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | next);
        break;
      }
      case AT_DATABASE: {
        if (busyConnections < connections) {
          busyConnections++;
          events.push(now + exponentials[nextExponential++]! * databaseMs, (request << 4) | DATABASE_DONE);
        } else {
          link[request] = -1;
          if (connectionHead < 0) connectionHead = request;
          else link[connectionTail] = request;
          connectionTail = request;
        }
        break;
      }
      case DATABASE_DONE: {
        const next = connectionHead;
        if (next < 0) busyConnections--;
        else {
          connectionHead = link[next]!;
          events.push(now + exponentials[nextExponential++]! * databaseMs, (next << 4) | DATABASE_DONE);
        }
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | BACK_FROM_DATABASE);
        break;
      }
      case AT_CACHE_TO_FILL: {
        lru.set(keyOf[request]!);
        events.push(now + exponentials[nextExponential++]! * hopMs, (request << 4) | BACK_FROM_FILL);
        break;
      }
      case BACK_AT_BALANCER: {
        const server = serverOf[request]!;
        inFlight[server] = inFlight[server]! - 1;
        if (!clientTimeout || deadline[request]! !== NEVER) {
          ended++;
          if (gaveUp[request] === 0) {
            served++;
            total += now - born[request]!;
          }
        }
        deadline[request] = NEVER;
        if (gaveUp[request] === 1) gaveUp[request] = 2;
        else {
          link[request] = free;
          free = request;
        }
        break;
      }
    }
  }
  return { finished: ended, mean: total / served, hitRatio: hits / lookups };
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
