import { describe, expect, it } from 'vitest';
import {
  allenCunneen,
  amdahl,
  asymptoticBounds,
  batchMm1,
  cobham,
  constantGaps,
  downtime,
  erlangB,
  erlangC,
  erlangGaps,
  fanOutTail,
  forkJoin,
  forkJoinOfTwo,
  gim1,
  gim1Root,
  gustafson,
  hyperexponentialGaps,
  kimuraMgc,
  kingman,
  kingmanBound,
  kOfEqual,
  kOfN,
  kthOfExponentialsMean,
  lastMeanValues,
  little,
  maxOfExponentialsMean,
  maxOfExponentialsQuantile,
  md1WaitingCdf,
  md1WaitingQuantile,
  meanValueAnalysis,
  meanValueClasses,
  mg1,
  mg1Sharing,
  mm1,
  mm1ResponseQuantile,
  mmc,
  mmck,
  mmcWaitingCdf,
  mmcWaitingQuantile,
  parallel,
  productForm,
  repairman,
  series,
  sharingResponse,
} from './index.ts';

/** Equal as far as the published number has digits: half a unit of the last printed place, or 2e-6 of it. */
function expectPrinted(ours: number, printed: string): void {
  const [whole, power = '0'] = printed.split('e');
  const places = (whole!.split('.')[1] ?? '').length;
  const half = 0.5000001 * 10 ** (Number(power) - places);
  const allowed = Math.max(half, 2e-6 * Math.abs(Number(printed)));
  expect(Math.abs(ours - Number(printed)), `${ours} for ${printed}`).toBeLessThanOrEqual(allowed);
}

/** H2 with balanced means, scv 4, mean 1. */
const h2 = { p: (1 + Math.sqrt(0.6)) / 2, mean1: 0, mean2: 0 };
h2.mean1 = 1 / (2 * h2.p);
h2.mean2 = 1 / (2 * (1 - h2.p));

describe('Markov queues', () => {
  it('O-Q01 M/M/1 means and percentiles', () => {
    expect(mm1(0.5, 1)).toMatchObject({ inSystem: 1, queueLength: 0.5, response: 2, waiting: 1 });
    expectPrinted(mm1ResponseQuantile(0.5, 1, 0.95), '5.9915');
    expectPrinted(mm1ResponseQuantile(0.5, 1, 0.99), '9.2103');
    expect(mm1(80, 100).response).toBeCloseTo(0.05, 12);
    expectPrinted(mm1ResponseQuantile(80, 100, 0.95) * 1000, '149.787');
    expectPrinted(mm1ResponseQuantile(80, 100, 0.99) * 1000, '230.259');
    expectPrinted(mm1ResponseQuantile(0.9, 1, 0.99), '46.052');
    expectPrinted(mmcWaitingQuantile(0.9, 1, 1, 0.99), '44.998');
  });

  it('O-Q02 Erlang C call centre', () => {
    const [lambda, mu] = [200 / 3600, 1 / 180];
    expectPrinted(erlangC(10, 14), '0.174132');
    expectPrinted(mmc(lambda, mu, 14).waiting, '7.8359');
    expectPrinted(mmcWaitingCdf(lambda, mu, 14, 20), '0.888350');
    expectPrinted(mmc(lambda, mu, 14).queueLength, '0.43533');
  });

  it('O-Q03 M/M/c grid', () => {
    const rows = [
      [2, 1.6, '0.711111', '1.777778', '2.777778'],
      [5, 4, '0.554113', '0.554113', '1.554113'],
      [10, 9, '0.668732', '0.668732', '1.668732'],
      [100, 95, '0.506457', '0.101291', '1.101291'],
    ] as const;
    for (const [c, lambda, waits, waiting, response] of rows) {
      expectPrinted(erlangC(lambda, c), waits);
      expectPrinted(mmc(lambda, 1, c).waiting, waiting);
      expectPrinted(mmc(lambda, 1, c).response, response);
    }
  });

  it('is stable for ten thousand servers', () => {
    // Halfin–Whitt: P(wait) → 1 / (1 + β·Φ(β)/φ(β)) with β = (1 − ρ)√c; at β = 1 this is
    // 0.22336, approached like 1/√c.
    expect(Math.abs(erlangC(9900, 10_000) - 0.22336)).toBeLessThan(0.1 / 100);
    expect(erlangC(9_999, 10_000)).toBeGreaterThan(0.98);
    expect(erlangB(20_000, 10_000)).toBeCloseTo(0.5, 3);
  });

  it('O-Q04 Erlang B tables', () => {
    expectPrinted(erlangB(4.461, 10), '0.0099978');
    expectPrinted(erlangB(12.03, 20), '0.0099959');
    expectPrinted(erlangB(84.06, 100), '0.0099917');
    expectPrinted(erlangB(10, 15), '0.036497');
    expectPrinted(erlangB(10, 10), '0.214582');
  });

  it('O-Q05 finite queues', () => {
    const rows = [
      [0.8, 1, 1, 5, '0.0888195', '0.728944', '1.868332', '2.563065'],
      [1, 1, 1, 10, '0.0909091', '0.909091', '5.000000', '5.500000'],
      [2, 1, 1, 4, '0.516129', '0.967742', '3.161290', '3.266667'],
      [3, 2, 2, 5, '0.0851138', '2.744658', '2.005954', '0.730858'],
    ] as const;
    for (const [lambda, mu, c, k, loss, throughput, inSystem, response] of rows) {
      const queue = mmck(lambda, mu, c, k);
      expectPrinted(queue.loss, loss);
      expectPrinted(queue.throughput, throughput);
      expectPrinted(queue.inSystem, inSystem);
      expectPrinted(queue.response, response);
    }
    expect(mmck(5, 1, 1, 5000).loss).toBeCloseTo(0.8, 9);
    expect(mmck(10, 1, 15, 15).loss).toBeCloseTo(erlangB(10, 15), 12);
  });
});

describe('general service and arrivals', () => {
  it('O-Q06 Pollaczek–Khinchine', () => {
    expect(mg1(0.8, 1, 0).waiting).toBeCloseTo(2, 12);
    expect(mg1(0.9, 1, 0).waiting).toBeCloseTo(4.5, 12);
    expect(mg1(0.8, 1, 0.5).waiting).toBeCloseTo(3, 12);
    expect(mg1(0.8, 1, 4).waiting).toBeCloseTo(10, 12);
    expect(mg1(0.7, 1, 2).waiting).toBeCloseTo(3.5, 12);
    expectPrinted(mg1(0.240945, 2.905224, 91.87124 / 2.905224 ** 2 - 1).waiting, '36.893');
  });

  it('O-Q07 M/D/1 waiting quantiles', () => {
    const rows = {
      0.5: ['0', '1.51574', '2.05064', '3.33626'],
      0.8: ['1.27594', '5.01151', '6.62032', '10.35589'],
      0.9: ['3.01305', '10.78250', '14.12867', '21.89824'],
    };
    for (const [rho, expected] of Object.entries(rows)) {
      [0.5, 0.9, 0.95, 0.99].forEach((q, i) => {
        expectPrinted(md1WaitingQuantile(Number(rho), 1, q), expected[i]!);
      });
      expect(md1WaitingCdf(Number(rho), 1, 0)).toBeCloseTo(1 - Number(rho), 12);
    }
    expect(md1WaitingCdf(0.95, 1, 200)).toBeCloseTo(1, 8);
  });

  it('O-Q08 GI/M/1 roots, waits and bounds', () => {
    const rows = [
      ['D', 0.5, '0.203188', '0.255001'],
      ['D', 0.8, '0.628630', '1.692731'],
      ['D', 0.9, '0.806900', '4.178659'],
      ['E2', 0.5, '0.381966', '0.618034'],
      ['E2', 0.8, '0.739853', '2.843980'],
      ['E2', 0.9, '0.868218', '6.588284'],
      ['H2', 0.5, '0.683772', '2.162278'],
      ['H2', 0.8, '0.907572', '9.819193'],
      ['H2', 0.9, '0.957281', '22.408858'],
    ] as const;
    const scv = { D: 0, E2: 0.5, H2: 4 };
    for (const [law, lambda, root, waiting] of rows) {
      const gaps = {
        D: constantGaps(1 / lambda),
        E2: erlangGaps(2, 1 / lambda),
        H2: hyperexponentialGaps(h2.p, h2.mean1 / lambda, h2.mean2 / lambda),
      }[law];
      expectPrinted(gim1Root(gaps, lambda, 1), root);
      expectPrinted(gim1(gaps, lambda, 1).waiting, waiting);
      expect(gim1(gaps, lambda, 1).waiting).toBeLessThanOrEqual(kingmanBound(lambda, 1, scv[law], 1));
    }
    expect(kingman(0.9, 1, 0, 1)).toBeCloseTo(4.5, 12);
    expect(kingman(0.9, 1, 0.5, 1)).toBeCloseTo(6.75, 12);
    expect(gim1(erlangGaps(1, 2), 0.5, 1).waiting).toBeCloseTo(1, 12);
  });

  it('O-Q21 batch arrivals', () => {
    expect(batchMm1(0.25, 3, 9, 1)).toMatchObject({ utilization: 0.75, inSystem: 6, response: 8 });
    const pairs = batchMm1(0.35, 2, 4, 1);
    expect(pairs.inSystem).toBeCloseTo(3.5, 12);
    expect(pairs.response).toBeCloseTo(5, 12);
  });

  it('approximations of M/G/c are exact where theory is', () => {
    expect(allenCunneen(9, 1, 10, 1, 1)).toBeCloseTo(mmc(9, 1, 10).waiting, 12);
    expect(allenCunneen(0.8, 1, 1, 1, 4)).toBeCloseTo(mg1(0.8, 1, 4).waiting, 12);
    expect(kimuraMgc(9, 1, 10, 1)).toBeCloseTo(mmc(9, 1, 10).waiting, 12);
    expect(kimuraMgc(0.8, 1, 1, 0)).toBeCloseTo(mg1(0.8, 1, 0).waiting, 12);
    // Kimura knows that regular service helps several servers a little less than one.
    expect(kimuraMgc(1.6, 1, 2, 0)).toBeGreaterThan(allenCunneen(1.6, 1, 2, 1, 0));
  });
});

describe('disciplines', () => {
  it('O-Q09 processor sharing', () => {
    expect(mg1Sharing(3, 1 / 5).response).toBeCloseTo(0.5, 12);
    expect(mg1Sharing(4, 1 / 5).response).toBeCloseTo(1, 12);
    expect(sharingResponse(0.75, 2)).toBeCloseTo(8, 12);
  });

  it('O-Q10 non-preemptive priorities', () => {
    const exp = (arrivalRate: number) => ({ arrivalRate, serviceTime: 1, scv: 1 });
    const [high, low] = cobham([exp(0.2), exp(0.6)]);
    expect(high! + 1).toBeCloseTo(2, 12);
    expect(low! + 1).toBeCloseTo(6, 12);
    expect(cobham([exp(0.2), exp(0.3), exp(0.4)]).map((w) => Number(w.toFixed(9)))).toEqual([
      1.125, 2.25, 18,
    ]);
    const short = { arrivalRate: 0.5, serviceTime: 0.2, scv: 1 };
    const long = { arrivalRate: 0.4, serviceTime: 1.5, scv: 0 };
    expectPrinted(cobham([short, long])[0]!, '0.522222');
    expectPrinted(cobham([short, long])[1]!, '1.740741');
    expectPrinted(cobham([long, short])[0]!, '1.175');
    expectPrinted(cobham([long, short])[1]!, '3.916667');
    expect(cobham([exp(0.8), exp(0.5)])[1]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('closed networks', () => {
  const demands = [0.605, 2.1, 1.35];
  const stations = demands.map((demand) => ({ demand }));

  it('O-Q13 exact MVA', () => {
    const rows = [
      [1, '0.052480', '4.055'],
      [2, '0.103086', '4.40129'],
      [3, '0.151516', '4.79983'],
      [10, '0.400205', '9.98722'],
      [50, '0.476190', '90.000'],
    ] as const;
    const all = meanValueAnalysis(demands, 15, 50);
    for (const [n, throughput, response] of rows) {
      expectPrinted(all[n - 1]!.throughput, throughput);
      expectPrinted(all[n - 1]!.response, response);
      const byConvolution = productForm(stations, 15, n);
      expect(byConvolution.throughput).toBeCloseTo(all[n - 1]!.throughput, 10);
      const bounds = asymptoticBounds(stations, 15, n);
      expect(all[n - 1]!.throughput).toBeLessThanOrEqual(bounds.throughput + 1e-12);
      expect(all[n - 1]!.response).toBeGreaterThanOrEqual(bounds.response - 1e-9);
    }
    ['0.09757', '0.39466', '0.23503'].forEach((printed, k) => {
      expectPrinted(all[2]!.queueLengths[k]!, printed);
    });
    expect(little(all[9]!.throughput, all[9]!.response + 15)).toBeCloseTo(10, 10);
  });

  it('O-Q14 many light stations', () => {
    const x = meanValueAnalysis([10.9, ...Array<number>(16).fill(4.4 / 16)], 0, 5);
    ['65.359', '86.414', '90.943', '91.647', '91.733'].forEach((printed, i) => {
      expectPrinted(x[i]!.throughput * 1000, printed);
    });
  });

  it('O-Q16 several classes', () => {
    const { exact, classes } = meanValueClasses([
      { customers: 5, think: 20, demands: [0.5, 0.04, 0.06] },
      { customers: 10, think: 30, demands: [0.4, 0.2, 0.3] },
      { customers: 5, think: 0, demands: [1.2, 0.05, 0.06] },
    ]);
    expect(exact).toBe(true);
    ['0.209977', '0.297997', '0.646510'].forEach((p, r) => {
      expectPrinted(classes[r]!.throughput, p);
    });
    ['3.81211', '3.55742', '7.73383'].forEach((p, r) => {
      expectPrinted(classes[r]!.response, p);
    });
  });

  it('many customers of several classes: within some per cent of the exact', () => {
    const one = meanValueClasses([{ customers: 300_000, think: 1e6, demands: [0.5, 2] }]);
    expect(one.exact).toBe(false);
    const bounds = asymptoticBounds([{ demand: 0.5 }, { demand: 2 }], 1e6, 300_000);
    expect(one.classes[0]!.throughput).toBeGreaterThan(0.97 * bounds.throughput);
  });

  it('O-Q17 repairman', () => {
    const pdq = repairman(100, 300, 0.63);
    expectPrinted(pdq.throughput, '0.332453');
    expectPrinted(pdq.response, '0.794260');
    expectPrinted(pdq.utilizations[0]!, '0.209445');
    // 30 % of departures from the delay go to the queue: a demand of 0.3 × 1.5 in each cycle.
    const line = repairman(10, 1, 0.3 * 1.5);
    expect(line.throughput).toBeCloseTo(2.22202732310341, 8);
    expect(line.queueLengths[0]!).toBeCloseTo(7.77797267689659, 8);
    expectPrinted(repairman(10, 10, 1).throughput, '0.785418');
    expectPrinted(repairman(10, 10, 1).response, '2.732079');
    expectPrinted(repairman(20, 10, 1).throughput, '0.998131');
    expectPrinted(repairman(20, 10, 1).response, '10.037451');
  });

  it('several servers keep their digits', () => {
    // With a server for every customer nobody waits.
    expect(repairman(300, 10, 1, 300).response).toBeCloseTo(1, 9);
    // As the population grows the station is busy for good.
    expect(repairman(2000, 10, 1, 100).throughput).toBeCloseTo(100, 6);
    const p = repairman(50, 10, 1, 4).numbers[0]!;
    expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
  });
});

describe('parallel work', () => {
  it('O-Q19 fork-join', () => {
    expect(forkJoinOfTwo(0.5, 1)).toBeCloseTo(2.875, 12);
    expect(forkJoinOfTwo(0.8, 1)).toBeCloseTo(7, 12);
    expect(forkJoinOfTwo(0.9, 1)).toBeCloseTo(13.875, 12);
    expect(forkJoin(2, 0.8, 1)).toBeCloseTo(7, 12);
    expectPrinted(forkJoin(4, 0.7, 1), '6.073');
    expectPrinted(forkJoin(5, 0.9, 1), '18.75');
  });

  it('O-T05 maximum of n exponentials, O-D08 order statistics', () => {
    const rows = [
      [10, '2.92897', '2.70356', '6.90324'],
      [100, '5.18738', '4.97515', '9.20537'],
      [1000, '7.48547', '7.27461', '11.50791'],
    ] as const;
    for (const [n, mean, p50, p99] of rows) {
      expectPrinted(maxOfExponentialsMean(n, 1), mean);
      expectPrinted(maxOfExponentialsQuantile(n, 1, 0.5), p50);
      expectPrinted(maxOfExponentialsQuantile(n, 1, 0.99), p99);
    }
    expectPrinted(kthOfExponentialsMean(2, 4, 1), '0.583333');
    expectPrinted(kthOfExponentialsMean(3, 6, 1), '0.616667');
  });

  it('O-T01 fan-out', () => {
    expectPrinted(fanOutTail(100, 0.01) * 100, '63.397');
    expectPrinted(fanOutTail(2000, 1e-4) * 100, '18.128');
    expectPrinted(fanOutTail(100, 0.001) * 100, '9.521');
    expectPrinted(fanOutTail(10, 0.01) * 100, '9.562');
  });

  it('O-U02 Amdahl and Gustafson', () => {
    expectPrinted(amdahl(0.95, 10), '6.89655');
    expectPrinted(amdahl(0.95, 100), '16.80672');
    expectPrinted(amdahl(0.9, 10), '5.26316');
    expectPrinted(amdahl(0.99, 64), '39.2638');
    expect(amdahl(0.95, 1e12)).toBeCloseTo(20, 6);
    expect(gustafson(0.05, 64)).toBeCloseTo(60.85, 12);
  });
});

describe('availability', () => {
  it('O-A01 nines', () => {
    const rows = { 0.99: 5256, 0.999: 525.6, 0.9995: 262.8, 0.9999: 52.56, 0.99999: 5.256 };
    for (const [a, minutes] of Object.entries(rows)) {
      expect(downtime(Number(a)) / 60).toBeCloseTo(minutes, 9);
    }
    expect(downtime(0.999, 30 * 86_400) / 60).toBeCloseTo(43.2, 9);
  });

  it('O-A02 composite', () => {
    expect(series([0.9995, 0.9999])).toBeCloseTo(0.99940005, 12);
    const sql = parallel([0.9999, 0.999]);
    expect(sql).toBeCloseTo(0.9999999, 12);
    expect(series([0.9995, sql])).toBeCloseTo(0.99949990005, 11);
    expectPrinted(parallel([0.99940005, 0.99940005]), '0.99999964');
  });

  it('O-D05 k of n', () => {
    expectPrinted((1 - kOfN(2, [0.99, 0.99, 0.99])) * 1e4, '2.980');
    expectPrinted((1 - kOfN(3, Array<number>(5).fill(0.99))) * 1e6, '9.8506');
    expectPrinted(1 - kOfN(4, Array<number>(7).fill(0.9)), '0.002728');
    expect(kOfN(1, [0.9, 0.8])).toBeCloseTo(parallel([0.9, 0.8]), 12);
  });
});

describe('bad input', () => {
  it('names the argument, the range and the value', () => {
    expect(() => mm1(1, 1)).toThrow(/utilization must be < 1.*got 1/);
    expect(() => erlangB(-1, 2)).toThrow(/offered must be ≥ 0.*-1/);
    expect(() => mmck(1, 1, 3, 2)).toThrow(/places must be an integer ≥ 3/);
  });
});

describe('many alike', () => {
  it('k of n equal parts are those of parts that may differ', () => {
    for (const [k, n, a] of [
      [0, 3, 0.9],
      [3, 5, 0.99],
      [5, 5, 0.5],
      [1, 4, 0.3],
    ] as const) {
      expect(kOfEqual(k, n, a)).toBeCloseTo(kOfN(k, new Array<number>(n).fill(a)), 12);
    }
    expect(kOfEqual(900_000, 1_000_000, 0.99)).toBeCloseTo(1, 9);
    expect(kOfEqual(999_000, 1_000_000, 0.9)).toBe(0);
  });

  it('alike stations of a closed network cost as much as one', () => {
    const all = meanValueAnalysis([0.5, 0.2, 0.2, 0.2], 3, 20).at(-1)!;
    const alike = lastMeanValues(
      [
        { demand: 0.5, copies: 1 },
        { demand: 0.2, copies: 3 },
      ],
      3,
      20,
    );
    expect(alike.throughput).toBeCloseTo(all.throughput, 12);
    expect(alike.residence[1]).toBeCloseTo(all.residence[3]!, 12);
    const many = lastMeanValues([{ demand: 0.001, copies: 1 }], 10_000, 5_000_000);
    expect(many.exact).toBe(false);
    expect(many.throughput).toBeGreaterThan(480);
    expect(many.throughput).toBeLessThan(500);
  });
});
