/** Every call goes to several servers at once, and the copies that are late are cancelled: the hedge as services run it. */
import { type Clock, HedgeGuard } from '../src/blocks/adapters/index.ts';
import { Calendar, createRandom, exponential, meanInterval, type RandomStream } from '../src/kernel/index.ts';
import type { Case, DirectModel } from './case.ts';
import { within } from './case.ts';

/** One copy of a call, at one server. */
interface Copy {
  readonly server: number;
  readonly finish: () => void;
}

/** Seconds before the other copies go; a hedge wants some. */
const AT_ONCE = Number.MIN_VALUE;

/** Payload of the event that a call arrives; ends of services come after it. */
const ARRIVAL = 0;

/**
 * Servers that take Exp(1) s a call, first come first served, on virtual time. A copy that is cancelled leaves
 * its place, also the one in service. Timers are due at once, as the only ones are those of copies.
 */
class Farm implements Clock {
  private readonly calendar = new Calendar();
  private readonly random: RandomStream;
  private readonly lines: Copy[][];
  /** Raised when a service starts or is broken off, so that the end of an older one is known as such. */
  private readonly services: Int32Array;
  private due: (() => void)[] = [];

  constructor(servers: number, random: RandomStream) {
    this.random = random;
    this.lines = Array.from({ length: servers }, () => []);
    this.services = new Int32Array(servers);
  }

  now(): number {
    return this.calendar.now[0]!;
  }

  after(_delayMs: number, callback: () => void): () => void {
    this.due.push(callback);
    return () => {
      this.due = this.due.filter((each) => each !== callback);
    };
  }

  /** Lets calls come as Poisson arrivals, so many in all. */
  async run(calls: number, rate: number, arrive: () => void): Promise<void> {
    const { calendar, lines, services } = this;
    const size = lines.length;
    this.next(rate);
    for (let left = calls; left > 0; ) {
      const event = calendar.pop();
      if (event === ARRIVAL) {
        left--;
        this.next(rate);
        arrive();
        for (let timer = this.due.shift(); timer !== undefined; timer = this.due.shift()) timer();
        continue;
      }
      const server = (event - 1) % size;
      if (Math.floor((event - 1) / size) !== services[server]) continue;
      lines[server]!.shift()!.finish();
      this.serve(server);
      // Whoever waits for the answer learns of it, and cancels, before anything else happens.
      for (let turn = 0; turn < 8; turn++) await null;
    }
  }

  ask(server: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const copy: Copy = { server, finish: resolve };
      const line = this.lines[server]!;
      if (line.push(copy) === 1) this.serve(server);
      signal.addEventListener('abort', () => this.cancel(copy));
    });
  }

  private cancel(copy: Copy): void {
    const line = this.lines[copy.server]!;
    const at = line.indexOf(copy);
    if (at < 0) return;
    line.splice(at, 1);
    if (at === 0) this.serve(copy.server);
  }

  private serve(server: number): void {
    const service = (this.services[server]! + 1) % 2 ** 20;
    this.services[server] = service;
    if (this.lines[server]!.length === 0) return;
    const end = this.now() + exponential(this.random);
    this.calendar.push(end, 1 + service * this.lines.length + server);
  }

  private next(rate: number): void {
    this.calendar.push(this.now() + exponential(this.random) / rate, ARRIVAL);
  }
}

/** Mean response of `calls` calls to `copies` different servers of `servers` each, after a tenth as many. */
async function response(
  servers: number,
  copies: number,
  load: number,
  calls: number,
  run: number,
): Promise<number> {
  const random = createRandom(run, `redundancy ${servers} ${copies} ${load}`);
  const farm = new Farm(servers, random);
  const guard = new HedgeGuard({ after: AT_ONCE, maxHedges: copies - 1, budget: null, clock: farm });
  const order = Array.from({ length: servers }, (_, server) => server);
  let sum = 0;
  let count = 0;
  let arrived = 0;
  await farm.run(1.1 * calls, servers * load, () => {
    const measured = ++arrived > 0.1 * calls;
    const start = farm.now();
    let copy = 0;
    const answered = guard.run((call) => {
      // The next of a random order: a server that has no copy yet.
      const other = copy + Math.floor(random.next() * (servers - copy));
      [order[copy], order[other]] = [order[other]!, order[copy]!];
      return farm.ask(order[copy++]!, call.signal);
    });
    void answered.then(() => {
      if (!measured) return;
      sum += farm.now() - start;
      count++;
    });
  });
  return sum / count;
}

/** T = Σ 1 / (k C(k − 1, d − 1) / C(i − 1, d − 1) − kλ), i from d to k. */
function redundant(
  servers: number,
  copies: number,
  load: number,
  paper: number,
  { calls, tolerance }: { readonly calls: number; readonly tolerance: number },
): DirectModel {
  const runs = 20;
  return {
    name: `${copies} of ${servers} servers, λ = ${load}`,
    expect: [{ what: 'mean response', paper, unit: 's', tolerance: within(tolerance) }],
    measure: async () => {
      const times: number[] = [];
      for (let run = 0; run < runs; run++)
        times.push(await response(servers, copies, load, calls / runs, run));
      return [meanInterval(times)];
    },
  };
}

export const redundancy: readonly Case[] = [
  {
    id: 'redundancy-with-cancellation',
    title:
      'Every call to d servers at once; the first answer cancels the other copies, also those in service',
    source: 'Gardner et al., Operations Research 65(4) 2017, theorem 1',
    evidence: 'closed form',
    models: [
      redundant(5, 2, 0.8, 1.604167, { calls: 7e5, tolerance: 0.03 }),
      redundant(10, 2, 0.5, 0.798103, { calls: 2e5, tolerance: 0.02 }),
      redundant(3, 2, 0.9, 3.636364, { calls: 4e5, tolerance: 0.1 }),
      redundant(3, 3, 0.8, 1.666667, { calls: 6e5, tolerance: 0.05 }),
    ],
  },
];
