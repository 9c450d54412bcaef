import type { Plan, PlanDecision } from '../design/index.ts';
import type { HistoryReport, HistoryStep } from '../report/index.ts';
import type { ReplicationRunner } from '../simulate/index.ts';
import { costsOf, totalCost } from './advise/cost.ts';
import { causeOf } from './causes.ts';
import {
  type Headroom,
  type HeadroomOptions,
  LEAST,
  MOST,
  type StressedKinds,
  searchHeadroom,
} from './headroom.ts';

/** A form that a design had. */
export interface Form {
  /** The revision or the file that it stands in. */
  readonly name: string;
  /** The day of the revision, as `2026-01-31`; null of a file. */
  readonly date: string | null;
  readonly plan: Plan;
}

export interface HistoryOptions extends HeadroomOptions {
  readonly version?: string;
  readonly command?: string;
  /** What the reader should know of forms that are not here. */
  readonly notes?: readonly string[];
}

/**
 * What each form of a design holds and costs, what gave way in it, and what was decided next: how it came to be what it
 * is, measured again.
 *
 * @param forms the earliest first
 * @throws RangeError on options out of range, and what `simulate` throws
 */
export async function history(
  forms: readonly Form[],
  kinds: StressedKinds,
  options: HistoryOptions,
  runner: ReplicationRunner,
): Promise<HistoryReport> {
  const { seed = 1, most = MOST, version = '', command = 'tenfold history', notes = [] } = options;
  const steps: HistoryStep[] = [];
  let runs = 0;
  let decided: readonly PlanDecision[] = [];
  for (const { name, date, plan } of forms) {
    const before = runs;
    const onProgress: NonNullable<HeadroomOptions['onProgress']> = (progress) =>
      options.onProgress?.({ ...progress, runs: before + progress.runs });
    const found = await searchHeadroom(plan, kinds, { ...options, onProgress }, runner);
    steps.push({
      name,
      date,
      design: plan.name,
      rate: rateOf(plan),
      headroom: found.headroom,
      because: await becauseOf(plan, found),
      cost: totalCost(costsOf(plan, kinds.estimated)),
      decisions: plan.decisions
        .filter((each) => !decided.some((old) => old.chose === each.chose && old.over === each.over))
        .map(({ chose, over }) => ({ chose, over })),
    });
    decided = plan.decisions;
    runs = before + found.probes.runs;
  }
  return { schema: 'tenfold/history@1', seed, version, command, most, steps, runs, notes };
}

function rateOf({ traffic }: Plan): number | null {
  return traffic.reduce<number | null>((sum, { arrivals }) => {
    if (sum === null || arrivals.type === 'closed') return null;
    return sum + arrivals.rate.value * arrivals.peak;
  }, 0);
}

/** Why the goal is missed that gives way first; without goals, which station is full first. */
async function becauseOf(
  plan: Plan,
  { breaks, headroom, stations, probes }: Headroom,
): Promise<readonly string[]> {
  const first = breaks.findIndex(({ missed }) => missed !== null && missed === headroom.high);
  const goal = plan.goals[first];
  if (goal === undefined)
    return plan.goals.length > 0 || stations.full[0] === undefined
      ? []
      : [`${stations.full[0].station} is full`];
  const { met, missed } = breaks[first]!;
  return causeOf(plan, goal, await probes.longest(missed!), await probes.longest(met ?? LEAST)).links;
}
