import type { Plan } from '../design/plan.ts';
import type { PlanCourse, PlanDeploy, PlanFault, PlanScenario } from '../design/plan-scenario.ts';
import { formatQuantity, mean } from '../quantities/index.ts';
import type { ScenarioChange } from '../report/scenario-report.ts';
import type { CanaryMeasurement } from './faults/canaries.ts';

/**
 * What a scenario does, in words, in the order in which it begins.
 *
 * @param mostOf the most instances of an autoscaled component; null for one whose number does not change
 * @param canaries what became of them, by run
 */
export function changesOf(
  plan: Plan,
  scenario: PlanScenario,
  mostOf: (component: number) => number | null,
  canaries: readonly (readonly CanaryMeasurement[])[] = [],
): ScenarioChange[] {
  const faults = scenario.faults
    .filter(({ deploy }) => deploy === undefined)
    .map((fault) => ({ at: fault.at, until: fault.until, what: faultWords(plan, fault, mostOf) }));
  const watched = scenario.deploys.filter(({ canary }) => canary !== undefined);
  const deploys = scenario.deploys.map((deploy) => {
    const c = watched.indexOf(deploy);
    const verdicts = c < 0 ? [] : canaries.map((run) => run[c]!.rolledBack);
    const back = verdicts.filter((rolledBack) => rolledBack).length;
    const never = back > 0 && back === verdicts.length;
    const stays = deploy.back === null && !never && (deploy.errors > 0 || deploy.slow !== 1);
    return {
      at: deploy.at,
      // A version that stays, and is worse, is a change without an end.
      until: stays ? null : never ? deploy.canary!.backUntil : deploy.until,
      what: [
        deployWords(plan, deploy),
        ...(verdicts.length === 0 ? [] : [verdictWords(back, verdicts)]),
      ].join(', '),
    };
  });
  const courses = scenario.courses.flatMap((course) => courseChanges(plan, course, scenario.lasts));
  return [...faults, ...deploys, ...courses].sort((a, b) => a.at - b.at);
}

function faultWords(plan: Plan, fault: PlanFault, mostOf: (component: number) => number | null): string {
  const name = (component: number): string => plan.components[component]!.name;
  const names = (components: readonly number[]): string => components.map(name).join(', ');
  const side = (
    components: readonly number[],
    zones: readonly number[] | undefined,
    part: { readonly part: string } | undefined,
  ): string => {
    if (zones !== undefined) return zones.map((zone) => plan.places!.zones[zone]!.name).join(', ');
    return part === undefined ? names(components) : `${names(components)}.${part.part}`;
  };
  type Sides = Extract<PlanFault, { fault: 'cut' | 'link' }>;
  const from = (fault: Sides): string => side(fault.from, fault.fromZones, fault.fromPart);
  const to = (fault: Sides): string => side(fault.to, fault.toZones, fault.toPart);
  const hit = ({ component, part }: { readonly component: number; readonly part?: string }): string =>
    part === undefined ? name(component) : `${name(component)}.${part}`;
  switch (fault.fault) {
    case 'crash': {
      const hanging = fault.connections === 'hanging' ? ', connections hang' : '';
      if (fault.part !== undefined) return `${hit(fault)} down${hanging}`;
      const most = mostOf(fault.component);
      const all = most === fault.instances;
      const run = most === null || all || fault.spread !== undefined ? '' : ', of those that run';
      return `${all ? 'all' : fault.instances} of ${name(fault.component)} down${run}${hanging}`;
    }
    case 'slow':
      return `${hit(fault)} slower by ${formatQuantity(fault.by, 'ratio')}`;
    case 'errors':
      return `${formatQuantity(fault.share, 'ratio')} errors at ${hit(fault)}`;
    case 'freeze':
      return `${hit(fault)} frozen`;
    case 'drain':
      return `${name(fault.component)} drained`;
    case 'flush':
      return `${name(fault.component)} flushed`;
    case 'change':
      return `new version of ${plan.data[fault.data]!.name}`;
    case 'skew':
      return `clock of ${name(fault.component)} ahead by ${formatQuantity(fault.by, 'time')}`;
    case 'lower':
      return `limit of ${name(fault.component)} lowered to ${formatQuantity(fault.to, 'rate')}`;
    case 'cut':
      return `nothing arrives from ${from(fault)} at ${to(fault)}`;
    case 'link': {
      const loss = fault.loss > 0 ? [`${formatQuantity(fault.loss, 'ratio')} loss`] : [];
      const delay = fault.delay === null ? [] : [`${formatQuantity(mean(fault.delay), 'time')} later`];
      return `${from(fault)} to ${to(fault)}: ${[...loss, ...delay].join(', ')}`;
    }
  }
}

function verdictWords(back: number, verdicts: readonly (boolean | null)[]): string {
  return `rolled back in ${back} of ${verdicts.length} ${verdicts.length === 1 ? 'run' : 'runs'}`;
}

function deployWords(plan: Plan, { component, errors, slow, back, canary }: PlanDeploy): string {
  const flaws = [
    ...(errors > 0 ? [`${formatQuantity(errors, 'ratio')} errors`] : []),
    ...(slow === 1 ? [] : [`slower by ${formatQuantity(slow, 'ratio')}`]),
    ...(back === null ? [] : [`rolled back from ${formatQuantity(back, 'time')}`]),
    ...(canary === undefined
      ? []
      : [`first on ${canary.instances}, judged at ${formatQuantity(canary.judged, 'time')}`]),
  ];
  return [`another version of ${plan.components[component]!.name}`, ...flaws].join(', ');
}

/** A course begins with its first change, and ends where it comes back to the usual rate, if it does. */
function courseChanges(plan: Plan, { traffic, shape, hottest }: PlanCourse, lasts: number): ScenarioChange[] {
  const { name } = plan.traffic[traffic]!;
  const changes: ScenarioChange[] = [];
  if (shape !== null && shape.length > 0) {
    const all = shape.map(({ times }) => times);
    const most = Math.max(...all);
    const least = Math.min(...all);
    const first = shape.findIndex(({ times }) => times !== 1);
    const begins = shape[Math.max(0, first - 1)]!.at;
    const end = shape[shape.length - 1]!;
    const back = end.times === 1 && end.at < lasts;
    changes.push({
      at: begins,
      until: back ? end.at : null,
      what: `${name} ${extentOf(least, most)} the usual rate`,
    });
  }
  if (hottest > 0) {
    const what = `${formatQuantity(hottest, 'ratio')} of ${name} ask for one key`;
    changes.push({ at: 0, until: null, what });
  }
  return changes;
}

/** How far a course goes from the usual rate. */
function extentOf(least: number, most: number): string {
  const times = (value: number): string => `${Number(value.toPrecision(3))}×`;
  if (least === most) return `at ${times(most)}`;
  return most > 1 ? `up to ${times(most)}` : `down to ${times(least)}`;
}
