import { describe, expect, it } from 'vitest';
import { gapTransform } from './arrivals.ts';
import { gimc, mmc, mmck, repairman } from './formulas/index.ts';
import { exponential, lawOf, mean, moments, point, quantiles } from './law/index.ts';
import { relieved, solveStation, withWaits } from './station.ts';
import type { StationLoad } from './waits.ts';

const load = (part: Partial<StationLoad> & { readonly rate?: number } = {}): StationLoad => ({
  pools: 1,
  servers: 1,
  places: null,
  discipline: 'fifo',
  spread: 'random',
  uses: [{ time: exponential(1), rate: part.rate ?? 0.8, priority: 0 }],
  dispersion: 1,
  process: null,
  byTraffic: new Map([[0, { rate: part.rate ?? 0.8, work: part.rate ?? 0.8 }]]),
  ...part,
});
const waiting = (part: Parameters<typeof load>[0]): number => mean(solveStation(load(part)).wait);
const uses = (time: StationLoad['uses'][number]['time'], rate: number) => [{ time, rate, priority: 0 }];

describe('a station', () => {
  it('of one server is M/M/1, whose response is exponential', () => {
    const state = solveStation(load());
    expect(state.delayed).toBeCloseTo(0.8, 12);
    expect(state.sojourn(exponential(1), 0, 0)).toEqual(exponential(1 / (1 - 0.8)));
  });

  it('of several servers is M/M/c', () => {
    expect(waiting({ servers: 10, rate: 9 })).toBeCloseTo(mmc(9, 1, 10).waiting, 12);
  });

  it('O-Q06 with any service is M/G/1', () => {
    const laws = [
      [point(1), 0.8, 2],
      [lawOf({ law: 'erlang', k: 2, mean: 1 }), 0.8, 3],
      [lawOf({ law: 'lognormal', mu: -Math.log(3) / 2, sigma: Math.sqrt(Math.log(3)) }), 0.7, 3.5],
    ] as const;
    for (const [time, rate, expected] of laws) {
      expect(waiting({ uses: uses(time, rate) })).toBeCloseTo(expected, 9);
    }
  });

  it('with several laws of service waits for the mixture', () => {
    const both = [...uses(point(1), 0.3), ...uses(exponential(1), 0.4)];
    // λE[S²]/2(1 − ρ).
    expect(waiting({ uses: both })).toBeCloseTo((0.3 + 0.4 * 2) / (2 * 0.3), 9);
  });

  it('O-Q08 of regular arrivals is D/M/c, by its root', () => {
    const gaps = { law: 'constant', value: 1 } as const;
    const process = { gaps, batch: [0, 1], dispersion: 0 };
    expect(waiting({ process, dispersion: 0, rate: 0.9 })).toBeCloseTo(4.178659, 5);
    const { root, waits } = gimc(gapTransform(gaps, 1 / 3.4), 3.4, 1, 4);
    const state = solveStation(load({ process, dispersion: 0, servers: 4, rate: 3.4 }));
    expect(mean(state.wait)).toBeCloseTo(waits / (4 * (1 - root)), 12);
  });

  it('O-Q21 of batches is M^[X]/M/c, and M^[X]/G/1', () => {
    const process = { gaps: null, batch: [0, 0, 0, 1], dispersion: 3 };
    expect(waiting({ process, dispersion: 3, rate: 0.75 })).toBeCloseTo(7, 9);
    // A hundred servers for one batch at a time: nobody waits.
    expect(waiting({ process, dispersion: 3, servers: 100, rate: 0.75 })).toBeLessThan(1e-9);
    // Constant service: those ahead in the own batch, 1 on average, and the batches before, as M/D/1 of 3.
    const before = (0.25 * 9) / (2 * (1 - 0.75));
    expect(waiting({ process, dispersion: 3, uses: uses(point(1), 0.75) })).toBeCloseTo(before + 1, 9);
  });

  it('O-L03 in turn over n pools is Eₙ/M/1', () => {
    const rows = [
      [2, 0.5, 1.618034],
      [2, 0.9, 7.588284],
      [10, 0.8, 2.922269],
    ] as const;
    for (const [pools, each, response] of rows) {
      expect(1 + waiting({ pools, spread: 'round-robin', rate: pools * each })).toBeCloseTo(response, 5);
    }
  });

  it('balanced by load lies between one queue and a random split', () => {
    for (const spread of ['least-connections', 'power-of-two'] as const) {
      for (const pools of [2, 5, 20]) {
        const wait = waiting({ pools, servers: 2, spread, rate: 1.8 * pools });
        expect(wait).toBeGreaterThan(mmc(1.8 * pools, 1, 2 * pools).waiting);
        expect(wait).toBeLessThan(mmc(1.8, 1, 2).waiting);
      }
    }
  });

  it('O-Q05 of bounded queue is M/M/c/K, above its capacity too', () => {
    for (const [rate, servers, places] of [
      [0.8, 1, 4],
      [2, 1, 3],
      [1.5, 2, 3],
      [5, 2, 0],
      [3, 3, 1000],
    ] as const) {
      const state = solveStation(load({ rate, servers, places }));
      const exact = mmck(rate, 1, servers, servers + places);
      expect(state.stable).toBe(true);
      expect(state.loss).toBeCloseTo(exact.loss, 12);
      expect(mean(state.wait)).toBeCloseTo(exact.waiting, 9);
    }
  });

  it('that is offered more than it can serve says so', () => {
    expect(solveStation(load({ rate: 1 })).stable).toBe(false);
    expect(solveStation(load({ rate: 100, servers: null })).stable).toBe(true);
  });
});

describe('disciplines', () => {
  it('O-Q09 processor sharing stretches every service alike', () => {
    for (const time of [point(1), exponential(1), lawOf({ law: 'gamma', shape: 0.25, scale: 4 })]) {
      const state = solveStation(load({ discipline: 'processor-sharing', uses: uses(time, 0.75) }));
      expect(mean(state.sojourn(time, 0, 0))).toBeCloseTo(4, 9);
    }
    // M/M/1: variance of the response is (2 + ρ)/(2 − ρ) times its mean squared.
    const { mean: average, variance } = moments(
      solveStation(load({ discipline: 'processor-sharing' })).sojourn(exponential(1), 0, 0),
    );
    expect(variance / average ** 2).toBeCloseTo(2.8 / 1.2, 9);
  });

  it('last in, first out keeps the mean and waits through busy periods', () => {
    const { wait } = solveStation(load({ discipline: 'lifo' }));
    expect(mean(wait)).toBeCloseTo(4, 9);
    // E[B²] of a busy period is 2E[S]²/(1 − ρ)³.
    expect(Math.abs(moments(wait).variance / ((0.8 * 2) / 0.2 ** 3 - 16) - 1)).toBeLessThan(2e-3);
    expect(quantiles(wait, [0.99])[0]).toBeGreaterThan(quantiles(solveStation(load()).wait, [0.99])[0]!);
  });

  it('O-Q10 priorities', () => {
    const classes = [0.2, 0.3, 0.4].map((rate, priority) => ({ time: exponential(1), rate, priority }));
    const state = solveStation(load({ discipline: 'priority', uses: classes }));
    [1.125, 2.25, 18].forEach((wait, priority) => {
      expect(mean(state.sojourn(exponential(1), 0, priority)) - 1).toBeCloseTo(wait, 9);
    });
    // Conservation: the mean over all is that of first come, first served.
    expect(mean(state.wait)).toBeCloseTo(9, 9);
  });
});

describe('given waits', () => {
  const relief = { found: [1], servers: 1, taken: 0, through: 1, others: null };

  it('from inside a limit: so many departures', () => {
    const state = relieved(solveStation(load({ servers: 2, rate: 1 })), {
      ...relief,
      found: [0.3, 0.2, 0.25, 0.25],
      servers: 2,
    });
    expect(state.delayed).toBeCloseTo(0.5, 12);
    expect(mean(state.wait)).toBeCloseTo(0.25 * 0.5 + 0.25 * 1, 12);
  });

  it('from inside a limit, with others at the station: n of a closed class and an open one', () => {
    // Who finds n of the closed class finds (n + 1)·ρ/(1 − ρ) of the open one.
    const state = relieved(solveStation(load({ rate: 0.8 })), {
      ...relief,
      found: [0, 1],
      servers: 0.6,
      taken: 0.4,
    });
    expect(mean(state.wait)).toBeCloseTo(1 + (2 * 0.4) / 0.6, 12);
    expect(state.delayed).toBe(1);
  });

  it('from a closed network, by traffic', () => {
    const seen = repairman(9, 10, 1);
    const law = { law: 'random-sum', part: exponential(1), weights: [...seen.numbers[0]!] } as const;
    const state = withWaits(
      load({ rate: repairman(10, 10, 1).throughput }),
      new Map([[0, { waits: 0.7, law }]]),
    );
    expect(mean(state.sojourn(exponential(1), 0, 0))).toBeCloseTo(2.73207943855, 8);
    expect(state.sojourn(exponential(1), 1, 0)).toEqual(exponential(1));
  });
});
