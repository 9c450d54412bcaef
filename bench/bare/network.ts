/**
 * The floor for networks of FIFO stations: a hand-written event loop on typed arrays that keeps nothing but
 * the mean response time. Events stand in a sorted array (few are pending), customers in a pool.
 */
import { BUFFER, createState, fillExponential, fillUniform } from './variates.ts';

/** An open network with Poisson arrivals at station 0 and exponential service everywhere. */
export interface BareNetwork {
  /** Customers per unit of time. */
  readonly arrivalRate: number;
  readonly servers: readonly number[];
  /** Mean service time of each station. */
  readonly serviceTime: readonly number[];
  /** `routing[i][j]`: probability to go from station i to station j; what is left of 1 leaves. */
  readonly routing: readonly (readonly number[])[];
}

export interface BareResult {
  readonly finished: number;
  readonly mean: number;
}

/** Runs until `customers` have left; the system starts empty. */
export function runBareNetwork(network: BareNetwork, customers: number, seed: number): BareResult {
  const stations = network.servers.length;
  const servers = Int32Array.from(network.servers);
  const serviceTime = Float64Array.from(network.serviceTime);
  const gap = 1 / network.arrivalRate;
  const routes = compileRouting(network.routing);
  const routeEnd = routes.end;
  const routeTo = routes.to;
  const routeBelow = routes.below;

  const exponentials = new Float64Array(BUFFER);
  const uniforms = new Float64Array(BUFFER);
  const exponentialState = createState(seed);
  const uniformState = createState(seed ^ 0x5bd1e995);
  let nextExponential = BUFFER;
  let nextUniform = BUFFER;

  // Pending events, latest first: the next one is at the end. Payload: −1 = arrival, else the customer.
  let eventTime = new Float64Array(64);
  let eventPayload = new Int32Array(64);
  let pending = 0;

  let born = new Float64Array(1024);
  let station = new Int32Array(1024);
  let link = new Int32Array(1024);
  let free = -1;
  let used = 0;

  // One linked queue per station, first in, first out.
  const busy = new Int32Array(stations);
  const queueHead = new Int32Array(stations).fill(-1);
  const queueTail = new Int32Array(stations);

  let finished = 0;
  let total = 0;

  fillExponential(exponentialState, exponentials);
  eventTime[0] = exponentials[0]! * gap;
  eventPayload[0] = -1;
  pending = 1;
  nextExponential = 1;

  while (finished < customers) {
    // One turn draws at most two exponentials and one uniform, and adds at most two events.
    if (nextExponential > BUFFER - 2) {
      fillExponential(exponentialState, exponentials);
      nextExponential = 0;
    }
    if (nextUniform === BUFFER) {
      fillUniform(uniformState, uniforms);
      nextUniform = 0;
    }
    if (pending + 2 > eventTime.length) {
      eventTime = grown(eventTime, new Float64Array(pending * 2));
      eventPayload = grown(eventPayload, new Int32Array(pending * 2));
    }

    pending--;
    const now = eventTime[pending]!;
    let customer = eventPayload[pending]!;
    let to = 0;
    if (customer < 0) {
      const time = now + exponentials[nextExponential++]! * gap;
      insert(eventTime, eventPayload, pending++, time, -1);
      customer = free;
      if (customer >= 0) free = link[customer]!;
      else {
        if (used === born.length) {
          born = grown(born, new Float64Array(used * 2));
          station = grown(station, new Int32Array(used * 2));
          link = grown(link, new Int32Array(used * 2));
        }
        customer = used++;
      }
      born[customer] = now;
    } else {
      const from = station[customer]!;
      const next = queueHead[from]!;
      if (next < 0) busy[from] = busy[from]! - 1;
      else {
        queueHead[from] = link[next]!;
        const time = now + exponentials[nextExponential++]! * serviceTime[from]!;
        insert(eventTime, eventPayload, pending++, time, next);
      }
      let route = from === 0 ? 0 : routeEnd[from - 1]!;
      const end = routeEnd[from]!;
      if (route < end) {
        const u = uniforms[nextUniform++]!;
        while (route < end && u >= routeBelow[route]!) route++;
      }
      if (route === end) {
        total += now - born[customer]!;
        finished++;
        link[customer] = free;
        free = customer;
        continue;
      }
      to = routeTo[route]!;
    }

    station[customer] = to;
    if (busy[to]! < servers[to]!) {
      busy[to] = busy[to]! + 1;
      const time = now + exponentials[nextExponential++]! * serviceTime[to]!;
      insert(eventTime, eventPayload, pending++, time, customer);
    } else {
      link[customer] = -1;
      if (queueHead[to]! < 0) queueHead[to] = customer;
      else link[queueTail[to]!] = customer;
      queueTail[to] = customer;
    }
  }
  return { finished, mean: total / finished };
}

/** Puts an event among `count` sorted ones, behind those of the same time. */
function insert(
  times: Float64Array,
  payloads: Int32Array,
  count: number,
  time: number,
  payload: number,
): void {
  let at = count;
  while (at > 0 && times[at - 1]! <= time) {
    times[at] = times[at - 1]!;
    payloads[at] = payloads[at - 1]!;
    at--;
  }
  times[at] = time;
  payloads[at] = payload;
}

/** Rows of the routing matrix as cumulative probabilities, one after the other. */
function compileRouting(routing: readonly (readonly number[])[]) {
  const to: number[] = [];
  const below: number[] = [];
  const end: number[] = [];
  for (const row of routing) {
    let sum = 0;
    row.forEach((probability, station) => {
      if (probability === 0) return;
      sum += probability;
      to.push(station);
      below.push(sum);
    });
    end.push(to.length);
  }
  return { to: Int32Array.from(to), below: Float64Array.from(below), end: Int32Array.from(end) };
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
