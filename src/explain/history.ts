import type { Plan, PlanComponent, PlanDecision } from '../design/index.ts';
import { formatQuantity } from '../quantities/index.ts';
import type { HistoryReport, HistoryStep } from '../report/index.ts';
import type { ReplicationRunner } from '../simulate/index.ts';
import { costsOf, knownSum, unpricedIn } from './advise/cost.ts';
import type { AdvisedKinds } from './advise/index.ts';
import { writtenValue } from './advise/more.ts';
import { causeOf } from './stress/causes.ts';
import { type Headroom, type HeadroomOptions, MOST, searchHeadroom } from './stress/headroom.ts';

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
  kinds: AdvisedKinds,
  options: HistoryOptions,
  runner: ReplicationRunner,
): Promise<HistoryReport> {
  const { seed = 1, most = MOST, version = '', command = 'tenfold history', notes = [] } = options;
  const steps: HistoryStep[] = [];
  let runs = 0;
  let decided: readonly PlanDecision[] = [];
  let last: Plan | null = null;
  for (const { name, date, plan } of forms) {
    const before = runs;
    const onProgress: NonNullable<HeadroomOptions['onProgress']> = (progress) =>
      options.onProgress?.({ ...progress, runs: before + progress.runs });
    const found = await searchHeadroom(plan, kinds, { ...options, onProgress }, runner);
    const costs = costsOf(plan, kinds.estimated);
    steps.push({
      name,
      date,
      design: plan.name,
      rate: rateOf(plan),
      headroom: found.headroom,
      because: await becauseOf(plan, found),
      cost: knownSum(costs),
      unpriced: unpricedIn(costs),
      changes: last === null ? [] : changesOf(last, plan, kinds),
      decisions: plan.decisions
        .filter((each) => !decided.some((old) => old.chose === each.chose && old.over === each.over))
        .map(({ chose, over }) => ({ chose, over })),
    });
    decided = plan.decisions;
    last = plan;
    runs = before + found.probes.runs;
  }
  return { schema: 'tenfold/history@1', seed, version, command, most, steps, runs, notes };
}

/** Components and traffic that came and went, knobs that were turned, and how much of which traffic comes. */
function changesOf(before: Plan, after: Plan, { moves }: AdvisedKinds): string[] {
  const knobs = ({ kind, settings }: PlanComponent) => moves.get(kind)?.knobs?.(settings) ?? [];
  const others = (from: Plan, than: Plan) =>
    from.components.filter(({ name }) => than.components.every((each) => each.name !== name));
  const turned = after.components.flatMap((component) => {
    const old = before.components.find(
      ({ name, kind }) => name === component.name && kind === component.kind,
    );
    if (old === undefined) return [];
    return knobs(component).flatMap((knob) => {
      const was = knobs(old).find(({ setting }) => setting.join() === knob.setting.join());
      if (was === undefined || was.now === knob.now) return [];
      return [
        `${component.name} ${knob.setting.join(' ')} ${writtenValue(was, was.now)} → ${writtenValue(knob, knob.now)}`,
      ];
    });
  });
  return [
    ...others(after, before).map(({ name, kind }) => `new ${kind} ${name}`),
    ...others(before, after).map(({ name, kind }) => `without the ${kind} ${name}`),
    ...turned,
    ...trafficChanges(before, after),
  ];
}

function trafficChanges(before: Plan, after: Plan): string[] {
  const others = (from: Plan, than: Plan) =>
    from.traffic.filter(({ name }) => than.traffic.every((each) => each.name !== name));
  const moved = after.traffic.flatMap((traffic) => {
    const old = before.traffic.find(({ name }) => name === traffic.name);
    if (old === undefined) return [];
    const [was, is] = [loadText(old), loadText(traffic)];
    return was === is ? [] : [`${traffic.name} ${was} → ${is}`];
  });
  return [
    ...others(after, before).map((traffic) => `new traffic ${traffic.name}, ${loadText(traffic)}`),
    ...others(before, after).map(({ name }) => `without the traffic ${name}`),
    ...moved,
  ];
}

/** How much of a traffic comes, as a design says it. */
function loadText({ arrivals }: Plan['traffic'][number]): string {
  if (arrivals.type === 'closed') return `${arrivals.users} users`;
  const peak = arrivals.peak === 1 ? '' : `, peak ${arrivals.peak}x`;
  return `${formatQuantity(arrivals.rate.value, 'rate')}${peak}`;
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
  const { report: broken } = await probes.longest(missed!);
  const { report: sound } = await probes.longest(met ?? probes.loads[0]!);
  return causeOf(plan, goal, broken, sound).links;
}
