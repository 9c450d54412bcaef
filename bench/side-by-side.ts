import type { Run } from './run.ts';
import { agrees, median, pairedRatio, type Ratio } from './statistics.ts';
import { type Contender, eventsPerRequest, theoryOf, type Workload } from './workloads.ts';

/** Runs of one workload, by contender and round. */
export type Rounds = Readonly<Partial<Record<Contender, readonly Run[]>>>;

/** One workload, measured. */
export interface SideBySide {
  readonly workload: Workload;
  /** Requests per second, medians of the rounds. */
  readonly rates: Readonly<Partial<Record<Contender, number>>>;
  /** Arrivals and departures at stations per second, of the engine; null where requests are counted. */
  readonly eventRate: number | null;
  /** The engine's rate by that of another contender. */
  readonly ratios: Readonly<Partial<Record<Contender, Ratio>>>;
  /** What is wrong with the answers; empty when all did the same work. */
  readonly disagreements: readonly string[];
}

/**
 * Runs every contender of every workload once per round, round robin, each round starting with another one,
 * so that what else the machine does meets all alike.
 *
 * @param runOnce measures one run
 */
export async function measureRounds(
  workloads: readonly Workload[],
  contenders: readonly Contender[],
  rounds: number,
  runOnce: (workload: Workload, contender: Contender, seed: number) => Promise<Run>,
): Promise<SideBySide[]> {
  const found = workloads.map((workload) => ({ workload, runs: {} as Partial<Record<Contender, Run[]>> }));
  for (let round = 0; round < rounds; round++) {
    for (const { workload, runs } of found) {
      const taking = contenders.filter((contender) => workload.requests[contender] !== undefined);
      for (let turn = 0; turn < taking.length; turn++) {
        const contender = taking[(round + turn) % taking.length]!;
        runs[contender] ??= [];
        runs[contender].push(await runOnce(workload, contender, 1 + round));
      }
    }
  }
  return found.map(({ workload, runs }) => compare(workload, runs));
}

/** Sums the rounds of one workload up. */
export function compare(workload: Workload, runs: Rounds): SideBySide {
  const contenders = Object.keys(runs) as Contender[];
  const perSecond = (contender: Contender) =>
    runs[contender]!.map(({ requests, seconds }) => requests / seconds);
  const rates = Object.fromEntries(contenders.map((contender) => [contender, median(perSecond(contender))]));
  const others = contenders.filter((contender) => contender !== 'tenfold');
  const perRequest = eventsPerRequest(workload);
  return {
    workload,
    rates,
    eventRate: perRequest === null ? null : perRequest * rates['tenfold']!,
    ratios: Object.fromEntries(
      others.map((other) => [other, pairedRatio(perSecond('tenfold'), perSecond(other))]),
    ),
    disagreements: disagreements(workload, runs, contenders),
  };
}

/** Holds every mean against theory, or where there is none, the engine's against the bare loop's. */
function disagreements(workload: Workload, runs: Rounds, contenders: readonly Contender[]): string[] {
  const means = (contender: Contender) => runs[contender]!.map((run) => run.mean);
  const complaint = (contender: Contender, known: number, by: string) =>
    `${workload.name}: mean response of ${contender} is ${median(means(contender))} s, by ${by} ${known} s`;
  if (theoryOf(workload) !== null) {
    return contenders.flatMap((contender) => {
      const { mean, slack } = theoryOf(workload, contender)!;
      return agrees(means(contender), mean, slack) ? [] : [complaint(contender, mean, 'theory')];
    });
  }
  const bare = median(means('bare'));
  return agrees(means('tenfold'), bare, BARE_SLACK) ? [] : [complaint('tenfold', bare, 'the bare loop')];
}

/** The bare loop's own mean is known no better than this where theory is silent. */
const BARE_SLACK = 0.01;
