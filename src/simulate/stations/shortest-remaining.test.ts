import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShortestRemaining } from './shortest-remaining.ts';

interface Job {
  readonly frame: number;
  left: number;
  /** Of equals, who came or was put aside earlier goes first. */
  turn: number;
  serving: boolean;
  /** Of equals in service, who was let in to it last gives way first. */
  began: number;
}

/** The same by the definition: whenever something happens, look at all jobs anew. */
class ByDefinition {
  jobs: Job[] = [];
  private readonly servers: number;
  private turn = 0;
  private begun = 0;
  private last = 0;
  private halted = false;

  constructor(servers: number) {
    this.servers = servers;
  }

  advance(now: number): void {
    if (!this.halted) for (const job of this.jobs) if (job.serving) job.left -= now - this.last;
    this.last = now;
  }

  get nextEnd(): number {
    const lefts = this.jobs.filter(({ serving }) => serving).map(({ left }) => left);
    return this.halted || lefts.length === 0 ? Number.POSITIVE_INFINITY : this.last + Math.min(...lefts);
  }

  add(frame: number, work: number): void {
    const served = this.jobs.filter(({ serving }) => serving);
    const longest = served.sort((a, b) => b.left - a.left || b.began - a.began)[0];
    const free = served.length < this.servers;
    if (!free && work < longest!.left) {
      longest!.serving = false;
      longest!.turn = this.turn++;
      this.jobs.push({ frame, left: work, turn: 0, serving: true, began: this.begun++ });
    } else {
      const turn = free ? 0 : this.turn++;
      this.jobs.push({ frame, left: work, turn, serving: free, began: free ? this.begun++ : 0 });
    }
  }

  drop(frame: number): Job | undefined {
    const job = this.jobs.find((each) => each.frame === frame);
    this.jobs = this.jobs.filter((each) => each !== job);
    if (job?.serving) {
      const next = this.jobs
        .filter(({ serving }) => !serving)
        .sort((a, b) => a.left - b.left || a.turn - b.turn)[0];
      if (next !== undefined) {
        next.serving = true;
        next.began = this.begun++;
      }
    }
    return job;
  }

  halt(halted: boolean): void {
    this.halted = halted;
  }
}

interface Happening {
  readonly after: number;
  readonly does: 'come' | 'leave' | 'halt' | 'go';
  readonly size: number;
}

const happening = fc.record({
  after: fc.integer({ min: 0, max: 40 }).map((n) => n / 8),
  does: fc.constantFrom(
    'come' as const,
    'come' as const,
    'come' as const,
    'leave' as const,
    'halt' as const,
    'go' as const,
  ),
  // Eighths, so that sums are exact and times of work are often equal.
  size: fc.integer({ min: 0, max: 24 }).map((n) => n / 8),
});

/** Who ended when, as frame@time, and what those had left who were taken out. */
function play(servers: number, happenings: readonly Happening[]): { ours: string[]; defined: string[] } {
  const ours: string[] = [];
  const defined: string[] = [];
  const station = new ShortestRemaining(servers);
  const model = new ByDefinition(servers);
  let now = 0;
  let frame = 0;
  const endUpTo = (time: number): void => {
    while (station.nextEnd <= time || model.nextEnd <= time) {
      expect(station.nextEnd).toBe(model.nextEnd);
      const at = station.nextEnd;
      model.advance(at);
      const ended = station.take(at);
      ours.push(`${ended}@${at}`);
      // Those who end at the same moment may go in any order.
      const job = model.jobs.find((each) => each.frame === ended);
      defined.push(job?.serving && job.left === 0 ? `${ended}@${at}` : 'not due');
      model.drop(ended);
    }
  };
  for (const { after, does, size } of happenings) {
    now += after;
    endUpTo(now);
    model.advance(now);
    if (does === 'come') {
      station.add(now, frame, size);
      model.add(frame++, size);
    } else if (does === 'leave') {
      const out = Math.floor(size * 8);
      const left = station.remove(now, out) ? station.left : 'none';
      ours.push(`${out} leaves ${left}`);
      defined.push(`${out} leaves ${model.drop(out)?.left ?? 'none'}`);
    } else {
      station[does](now);
      model.halt(does === 'halt');
    }
    expect(station.size).toBe(model.jobs.length);
  }
  station.go(now);
  model.advance(now);
  model.halt(false);
  endUpTo(Number.MAX_VALUE);
  expect(station.size).toBe(0);
  return { ours, defined };
}

describe('shortest remaining processing time', () => {
  it('SRPT-1 serves whom the definition serves, whoever comes, leaves or halts the servers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(happening, { maxLength: 80 }),
        (servers, happenings) => {
          const { ours, defined } = play(servers, happenings);
          expect(ours).toEqual(defined);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('SRPT-2 who comes with less work takes the server, and who had it goes on where it was', () => {
    const station = new ShortestRemaining(1);
    station.add(0, 1, 10);
    station.add(4, 2, 3);
    expect(station.nextEnd).toBe(7);
    expect(station.take(7)).toBe(2);
    expect(station.nextEnd).toBe(13);
    station.add(8, 3, 5);
    expect(station.nextEnd).toBe(13);
    expect([station.take(13), station.take(18)]).toEqual([1, 3]);
  });

  it('SRPT-3 of equals the first to come goes first', () => {
    const station = new ShortestRemaining(1);
    for (let frame = 0; frame < 40; frame++) station.add(0, frame, 1);
    const ended = Array.from({ length: 40 }, (_, i) => station.take(i + 1));
    expect(ended).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('SRPT-4 is the same after everything was taken out', () => {
    const station = new ShortestRemaining(1);
    station.add(0, 1, 10);
    station.add(1, 2, 20);
    station.clear();
    expect([station.size, station.nextEnd]).toEqual([0, Number.POSITIVE_INFINITY]);
    station.add(5, 3, 2);
    expect([station.nextEnd, station.take(7)]).toEqual([7, 3]);
  });
});
