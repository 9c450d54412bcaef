import { expect, test } from 'vitest';
import { breakingLoads, type Verdict } from './breaking-loads.ts';

/** Goals met up to a load, missed from another on, undecided between. */
function system(limits: readonly (readonly [met: number, missed: number])[]) {
  const runs: { times: number; long: boolean }[] = [];
  const judge = async (times: number, long: boolean): Promise<Verdict[]> => {
    runs.push({ times, long });
    return limits.map(([met, missed]) => (times <= met ? true : times >= missed ? false : 'unknown'));
  };
  return { runs, judge };
}

const usual = { most: 100, least: 0.01, precision: 0.05 };

test('STR-1 brackets each goal, in few runs', async () => {
  const { runs, judge } = system([
    [4.2, 4.2],
    [17, 17],
  ]);
  const found = await breakingLoads({ ...usual, goals: 2, guesses: [null, null], judge });
  for (const [goal, truth] of [4.2, 17].entries()) {
    const { met, missed } = found[goal]!;
    expect(met).toBeLessThanOrEqual(truth);
    expect(missed).toBeGreaterThanOrEqual(truth);
    expect(missed! / met!).toBeLessThanOrEqual(1.05);
  }
  expect(runs.length).toBeLessThanOrEqual(16);
});

test('STR-2 a good guess saves runs, a bad one costs few', async () => {
  const found = async (guess: number | null) => {
    const { runs, judge } = system([[9.3, 9.3]]);
    const [breaking] = await breakingLoads({ ...usual, goals: 1, guesses: [guess], judge });
    expect(breaking!.missed! / breaking!.met!).toBeLessThanOrEqual(1.0501);
    return runs.length;
  };
  expect(await found(9.3)).toBe(3);
  expect(await found(9.3)).toBeLessThan(await found(null));
  expect(await found(40)).toBeLessThan((await found(null)) + 6);
  expect(await found(1.5)).toBeLessThan((await found(null)) + 6);
});

test('STR-3 below the load of the design too, down to the least; a goal nothing breaks holds up to the most', async () => {
  const { judge } = system([
    [0.31, 0.31],
    [0, 0],
    [1e9, 1e9],
  ]);
  const [low, never, always] = await breakingLoads({
    ...usual,
    goals: 3,
    guesses: [null, null, null],
    judge,
  });
  expect(low!.met).toBeLessThanOrEqual(0.31);
  expect(low!.missed).toBeGreaterThanOrEqual(0.31);
  expect(never).toEqual({ met: null, missed: 0.01 });
  expect(always).toEqual({ met: 100, missed: null });
});

test('STR-4 where runs cannot tell, the bracket spans it', async () => {
  const { judge } = system([[5, 5.3]]);
  const [breaking] = await breakingLoads({ ...usual, goals: 1, guesses: [null], judge });
  expect(breaking!.met).toBeLessThanOrEqual(5);
  expect(breaking!.missed).toBeGreaterThanOrEqual(5.3);
  expect(breaking!.missed! / breaking!.met!).toBeLessThan(1.25);
});

test('STR-5 rare traffic, of which the usual run cannot tell, gets longer runs, where others gave way first', async () => {
  const runs: boolean[] = [];
  const judge = async (times: number, long: boolean): Promise<Verdict[]> => {
    runs.push(long);
    return [times < 6, long ? times < 6 : 'unknown'];
  };
  const [usualGoal, rare] = await breakingLoads({ ...usual, goals: 2, guesses: [6, null], judge });
  expect(rare).toEqual(usualGoal);
  expect(runs.filter(Boolean).length).toBeLessThanOrEqual(4);
});

test('STR-21 what gives way above loads of which no run can tell is looked for there, though a run far above was the first to see it', async () => {
  const judge = async (times: number): Promise<Verdict[]> => [
    times < 2,
    times < 1.96 ? true : times < 2.8 ? 'unknown' : false,
  ];
  const blind = [1.96, 2.08] as const;
  const known = [1.8, 16];
  const [first, behind] = await breakingLoads({ ...usual, goals: 2, guesses: [2, 2], judge, known, blind });
  expect(first!.missed! / first!.met!).toBeLessThan(1.1);
  expect(behind!.met).toBeLessThan(1.96);
  expect(behind!.missed).toBeGreaterThanOrEqual(2.8);
  expect(behind!.missed).toBeLessThan(2.8 * 1.3);
});
