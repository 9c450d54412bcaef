/** Speed-up laws as designs: a serial part, then equal parts on all cores at once. */
import type { Case, DesignModel } from './case.ts';
import { inverse, latency } from './figures.ts';

/**
 * One user at a time on `processors` cores. The speed-up is `work`, the seconds that one core would take,
 * over the response time.
 */
function speedUp(name: string, processors: number, serial: number, part: number, paper: number): DesignModel {
  const branches = Array.from({ length: processors }, () => `{ compute: ${part}s }`);
  return {
    name,
    design: `
name: speed-up
traffic: { user: { call: machine.task, users: 1, think: 1s } }
components:
  machine:
    kind: service
    instances: 1
    cores: ${processors}
    operations:
      task: [ { compute: ${serial}s }, { parallel: [ ${branches.join(', ')} ] } ]
`,
    length: { time: 1000, replications: 2, warmup: 0 },
    quick: { time: 100, replications: 2, warmup: 0 },
    expect: [
      {
        what: 'speed-up',
        paper,
        unit: '1',
        tolerance: 'exact',
        read: inverse(latency('user'), serial + part * processors),
      },
    ],
  };
}

function amdahl(parallelPercent: number, processors: number, paper: number): DesignModel {
  const share = parallelPercent / 100;
  const part = Number((share / processors).toPrecision(12));
  const serial = Number((1 - share).toPrecision(12));
  return speedUp(`${parallelPercent} % parallel, n = ${processors}`, processors, serial, part, paper);
}

export const scaling: readonly Case[] = [
  {
    id: 'amdahl',
    title: 'Amdahl: a fixed task on more cores',
    source: 'Amdahl, AFIPS 1967',
    evidence: 'closed form',
    models: [
      amdahl(95, 10, 6.89655172414),
      amdahl(95, 100, 16.8067226891),
      amdahl(90, 10, 5.26315789474),
      amdahl(99, 64, 39.263803681),
    ],
  },
  {
    id: 'gustafson',
    title: 'Gustafson: a task that grows with the cores',
    source: 'Gustafson, CACM 31(5) 1988',
    evidence: 'closed form',
    models: [speedUp('5 % serial, n = 64', 64, 0.05, 0.95, 60.85)],
  },
];
