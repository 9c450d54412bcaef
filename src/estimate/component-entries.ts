import { passedToBy } from '../design/callees.ts';
import type { PlanComponent } from '../design/plan.ts';
import { peakFactor } from './arrivals.ts';
import type { Entry } from './entry.ts';
import { hitRatios } from './fronts.ts';
import type { ComponentModel, FrontMisses } from './kind.ts';
import { groupsOf } from './models.ts';
import { countText, rateText, shareText, timeText } from './numbers.ts';
import { copiesHitRatio } from './own-copies.ts';
import type { Solution, SolvedStation } from './solution.ts';

/** A share of capacity that leaves room for what an estimate does not see. */
export const comfortableLoad = 0.7;

/** Calls, hit ratio, utilisation and least instances of a component, and what its kind adds. */
export function componentEntries(component: PlanComponent, solution: Solution): Entry[] {
  const { plan, models, flows, misses } = solution;
  const model = models[component.index]!;
  const stations = solution.stations[component.index]!;
  return [
    ...callEntries(component, solution),
    ...hitEntries(component, solution),
    ...copiesEntries(component, solution),
    ...stations.flatMap((station) => utilization(station)),
    ...instanceEntries(component, model, stations),
    ...(model.entries?.({
      plan,
      component,
      rates: flows.rates,
      streams: flows.streams,
      misses: misses[component.index] ?? null,
    }) ?? []),
  ];
}

/** Calls of the operations that the kind itself provides, e.g. what is left for a database behind its cache. */
function callEntries(component: PlanComponent, { plan, flows }: Solution): Entry[] {
  return component.operations.flatMap((index) => {
    const operation = plan.operations[index]!;
    const streams = flows.streams[index]!;
    if (operation.steps.length > 0 || passedToBy(operation).length > 0 || streams.length === 0) return [];
    const factorOf = (traffic: number): number => peakFactor(plan.traffic[traffic]!.arrivals);
    const steady = streams.every(({ traffic }) => factorOf(traffic) === 1);
    const entry = (
      suffix: string,
      when: string,
      rateOf: (stream: (typeof streams)[number]) => number,
    ): Entry => {
      const byTraffic = new Map<string, number>();
      for (const stream of streams) {
        const { name } = plan.traffic[stream.traffic]!;
        byTraffic.set(name, (byTraffic.get(name) ?? 0) + rateOf(stream));
      }
      return {
        name: `${component.name}.${operation.name}${suffix}`,
        label: `calls of ${operation.name}${when}`,
        value: [...byTraffic.values()].reduce((sum, rate) => sum + rate, 0),
        unit: '1/s',
        formula: 'Σ requests per second × calls a request (behind a cache: × its miss ratio for them)',
        working: () => [...byTraffic].map(([name, rate]) => `${rateText(rate)} of ${name}`).join(' + '),
        source: 'the design',
      };
    };
    if (steady) return [entry('', '', ({ rate }) => rate)];
    return [
      entry('', ', mean', ({ rate, traffic }) => rate / factorOf(traffic)),
      entry('-peak', ', peak', ({ rate }) => rate),
    ];
  });
}

function hitEntries(component: PlanComponent, { models, misses, flows, rules }: Solution): Entry[] {
  const known = misses[component.index] ?? null;
  const ratios = hitRatios(models[component.index]!, known, flows, rules.keySpace);
  if (ratios === null || known === null) return [];
  const entry = (of: string, what: string, value: number | null, found: FrontMisses): Entry => {
    const { formula, working, source } = found;
    return { name: `${of}.hit-ratio`, label: `hit ratio${what}`, value, unit: '1', formula, working, source };
  };
  const { name } = component;
  if (known.shield === undefined) return [entry(name, '', ratios.own, known)];
  const shield = entry(`${name}.shield`, ' of the shield', ratios.shield, known.shield);
  return [entry(name, '', ratios.own, known), shield];
}

function copiesEntries({ name, index }: PlanComponent, { models, flows, rules }: Solution): Entry[] {
  const model = models[index]!;
  const value = copiesHitRatio(model, flows, rules);
  if (value === null) return [];
  return [
    {
      name: `${name}.hit-ratio`,
      label: 'hit ratio of what users keep',
      value,
      unit: '1',
      formula: 'λT ÷ (1 + λT), λ being how often a user asks for an item, over all that is asked for',
      working: () => model.copies!.working(),
      source: 'renewal theorem: a copy is kept for T after each miss, and the next miss comes 1/λ later',
    },
  ];
}

function utilization({
  name,
  servers,
  offered,
  accepted,
  service,
  capacity,
  stable,
  busy,
}: SolvedStation): Entry[] {
  if (servers === null || offered === 0 || service === 0) return [];
  const value = stable ? (accepted * service) / servers : (busy ?? offered / capacity);
  return [
    {
      name: `${name}.utilization`,
      label: `${name.slice(name.indexOf('.') + 1)} busy at the peak`,
      value,
      unit: '1',
      formula: 'arrivals × time in service ÷ servers',
      working: () =>
        stable
          ? `${rateText(accepted)} × ${timeText(service)} ÷ ${servers}`
          : `${rateText(offered)} offered ÷ ${rateText(capacity)} that can be served`,
      source: 'utilisation law: Lazowska et al., Quantitative System Performance, 1984, chapter 3',
    },
  ];
}

/** How many instances of the same size keep every station below full, and comfortably below. */
function instanceEntries(
  { name }: PlanComponent,
  model: Pick<ComponentModel, 'instances' | 'called' | 'replicas' | 'members'>,
  stations: readonly SolvedStation[],
): Entry[] {
  const { called = 'instances' } = model;
  const instances = groupsOf(model);
  const load = loadOf(stations, instances);
  const station = stations.find((each) => loadOf([each], instances) === load);
  if (load === 0 || load === Number.POSITIVE_INFINITY || station === undefined) return [];
  const entry = (suffix: string, label: string, share: number): Entry => ({
    name: `${name}.instances${suffix}`,
    label,
    value: leastInstances(load, share),
    unit: '1',
    formula: 'arrivals ÷ (what one instance can serve × share busy), rounded up',
    working: () =>
      `${rateText(station.offered)} ÷ (${rateText(station.capacity / instances)} × ${shareText(share)}), ${station.name}; the design has ${countText(instances)}`,
    source: 'utilisation law: Lazowska et al., Quantitative System Performance, 1984, chapter 3',
  });
  return [
    entry('-least', `least ${called} to keep up`, 1),
    entry('-comfortable', `${called} to stay at ${shareText(comfortableLoad)} busy`, comfortableLoad),
  ];
}

/** Instances that the busiest of the stations would keep busy all the time; Infinity where it can serve nothing. */
export function loadOf(stations: readonly SolvedStation[], instances: number): number {
  return Math.max(
    0,
    ...stations.map(({ offered, capacity }) => {
      if (!(offered > 0)) return 0;
      return capacity > 0 ? (instances * offered) / capacity : Number.POSITIVE_INFINITY;
    }),
  );
}

/** The least n with load/n below the share; at the share itself only where that is not full. */
export function leastInstances(load: number, share: number): number {
  const least = Math.max(1, Math.ceil(load / share - 1e-12));
  return share === 1 && load / least >= 1 ? least + 1 : least;
}
