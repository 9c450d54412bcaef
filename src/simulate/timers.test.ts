import { describe, expect, it } from 'vitest';
import { simulate as simulateService } from '../components/service/simulate.ts';
import { Calendar, createRandom, Sampler } from '../kernel/index.ts';
import { Branches } from './branches.ts';
import { Controls } from './controls.ts';
import { FIELDS, Frames, STAMP } from './frames.ts';
import { call, compute, constant, planOf } from './plan.fixture.ts';
import { compile } from './program/compile.ts';
import { HEDGE } from './program/instructions.ts';
import { TimerRing } from './protection/timer-ring.ts';
import { ReadyQueue } from './ready-queue.ts';
import { ImpatientStations } from './stations/impatient-stations.ts';
import type { StationGroup } from './stations/station-group.ts';
import { QUEUED, STARTED } from './stations/stations.ts';

const TEN_MILLION = 10_000_000;
/** Later than all that happens here: a timer set for then is cancelled, or still set at the end. */
const FAR = 1e9;
/** Events that a calendar may hold at most: those of a pool of its first size, and a few besides. */
const MOST_PENDING = 1100;

/** What takes part in calls with a hedge by policy: one model, its frames and its calendar. */
function branchesOf() {
  const hedged = { ...call(1), hedge: { after: FAR, most: 1, budget: 0.1 } };
  const plan = planOf([{ steps: [hedged] }, { steps: [compute(constant(1))] }], [{}]);
  const model = compile(plan, new Map([['service', simulateService]]), new Float64Array(2));
  const calendar = new Calendar();
  const frames = new Frames(model.stackDepth, calendar.now);
  frames.keepDeadlines();
  const ready = new ReadyQueue();
  const branches = new Branches(model, frames, ready, calendar);
  const request = () => {
    const frame = frames.take();
    frames.startRequest(frame, 0, 0, 0, 0);
    return frame;
  };
  return { model, calendar, ready, branches, request };
}

describe('ten million timers set and cancelled take no more room than the first of them', () => {
  it('TIM-1 of one length', () => {
    const frames = new Frames(2, new Float64Array(1));
    const ring = new TimerRing(FAR, frames);
    const waiting = frames.take();
    const answered = frames.take();
    ring.add(0, waiting, frames.ints[waiting * FIELDS + STAMP]!);
    for (let i = 1; i <= TEN_MILLION; i++) {
      ring.add(i, answered, frames.ints[answered * FIELDS + STAMP]!);
      frames.ints[answered * FIELDS + STAMP]!++;
    }
    expect(ring.places).toBeLessThanOrEqual(64);
    expect(ring.isAnswered).toBe(false);
    expect(ring.frame).toBe(waiting);
  });

  it('TIM-2 each until a deadline of its own', () => {
    const { calendar, ready, branches, request } = branchesOf();
    const waiting = request();
    const answered = request();
    branches.until(waiting, 0, FAR / 2, 7, 2);
    ready.take();
    for (let i = 0; i < TEN_MILLION; i++) {
      branches.until(answered, 0, FAR + i, 7, 2);
      branches.answer(ready.take());
      ready.take();
    }
    expect(calendar.size).toBeLessThanOrEqual(MOST_PENDING);
    // The one that is still waited for comes first, and ends the wait.
    branches.expire(calendar.pop() >>> 3);
    expect(calendar.now[0]).toBe(FAR / 2);
    expect(ready.take()).toBe(waiting);
    branches.expire(calendar.pop() >>> 3);
    expect(ready.isEmpty).toBe(true);
  });

  it('TIM-3 of hedges that a policy sends', () => {
    const { model, calendar, ready, branches, request } = branchesOf();
    let place = 0;
    while (model.code[place] !== HEDGE) place += 4;
    const waiting = request();
    const answered = request();
    branches.hedges.started(0, FAR);
    branches.hedge(waiting, place, 0);
    ready.take();
    for (let i = 0; i < TEN_MILLION; i++) {
      branches.hedges.started(0, FAR);
      branches.hedge(answered, place, 0);
      branches.answer(ready.take());
      ready.take();
    }
    expect(calendar.size).toBeLessThanOrEqual(MOST_PENDING);
    // The first that was set is the first still; its hedge is sent.
    branches.expire(calendar.pop() >>> 3);
    expect(branches.accounts.further[0]).toBe(1);
    while (calendar.size > 0) branches.expire(calendar.pop() >>> 3);
    expect(branches.accounts.further[0]).toBe(1);
  });

  it('TIM-4 of waits in a queue', () => {
    const calendar = new Calendar();
    const controls = new Controls(calendar);
    const samplers = [new Sampler(constant(FAR), createRandom(1))];
    const turnedAway: number[] = [];
    const group: StationGroup = {
      name: 's.cpu',
      component: 0,
      first: 0,
      instances: 1,
      servers: 1,
      places: null,
      discipline: 'fifo',
      full: 1,
      patience: { lasts: 0, late: 7 },
    };
    const stations = new ImpatientStations(
      { controls, samplers },
      [group],
      [0],
      { capacity: 1024, deadlines: null },
      calendar.now,
      (purpose) => createRandom(1, purpose),
      (frame) => void turnedAway.push(frame),
    );
    expect(stations.enter(0, 0, 0)).toBe(STARTED);
    let serving = 0;
    for (let i = 0; i < TEN_MILLION; i++) {
      const next = 1 - serving;
      if (stations.enter(0, next, 0) !== QUEUED || stations.leave(0) !== next) throw new Error('not in turn');
      serving = next;
    }
    stations.enter(0, 2, 0);
    expect(calendar.size).toBeLessThanOrEqual(MOST_PENDING);
    while (calendar.size > 0) controls.run(calendar.pop() >>> 3);
    expect(turnedAway).toEqual([2]);
  });
});
