import { shareSent } from '../design/answers.ts';
import type { PlanTraffic } from '../design/plan.ts';
import { formatQuantity, mean as meanOf } from '../quantities/index.ts';
import { peakFactor } from './arrivals.ts';
import { availabilityEntries } from './availability-entries.ts';
import { componentEntries } from './component-entries.ts';
import { costEntries } from './cost-entries.ts';
import type { Entry } from './entry.ts';
import { mean } from './law/index.ts';
import { type Moved, movesOf } from './moves.ts';
import { countText, rateText, sizeText, timeText } from './numbers.ts';
import type { Solution } from './solution.ts';

const DAY = 86_400;
const DESIGN = 'the design';

/** The back-of-the-envelope sheet of a solved design: every number with its formula, working and source. */
export function sheetOf(solution: Solution): Entry[] {
  const { plan, responses } = solution;
  const moved = movesOf(solution);
  return [
    ...plan.traffic.flatMap((traffic) => [
      ...rateEntries(traffic, responses[traffic.index]!.rate),
      ...concurrency(traffic, solution),
      ...bandwidth(traffic, solution, moved),
    ]),
    ...plan.data.flatMap((_, data) => mixEntries(data, solution, moved)),
    ...plan.components.flatMap((component) => componentEntries(component, solution)),
    ...availabilityEntries(solution),
    ...costEntries(solution, moved),
  ];
}

function rateEntries({ name, arrivals }: PlanTraffic, rate: number): Entry[] {
  if (arrivals.type === 'closed') {
    return [
      {
        name: `traffic.${name}.rate`,
        label: 'requests',
        value: rate,
        unit: '1/s',
        formula: 'users ÷ (response + thinking)',
        working: () => `${countText(arrivals.users)} ÷ (response + ${timeText(meanOf(arrivals.think))})`,
        source: 'mean value analysis: Reiser & Lavenberg, JACM 27(2), 1980',
      },
    ];
  }
  const factor = peakFactor(arrivals);
  const average: Entry = {
    name: `traffic.${name}.rate`,
    label: 'requests, mean',
    value: arrivals.rate.value,
    unit: '1/s',
    formula: 'requests per day ÷ 86,400 s',
    working: () => `${countText(Math.round(arrivals.rate.value * DAY))} ÷ 86,400 s`,
    source: DESIGN,
  };
  if (factor === 1) return [average];
  const shaped = factor !== arrivals.peak;
  return [
    average,
    {
      name: `traffic.${name}.peak`,
      label: 'requests, peak',
      value: rate,
      unit: '1/s',
      formula: shaped ? 'mean × peak × highest point of its shape' : 'mean × peak',
      working: () =>
        `${rateText(arrivals.rate.value)} × ${arrivals.peak}${shaped ? ` × ${factor / arrivals.peak}` : ''}`,
      source: DESIGN,
    },
  ];
}

/** Little's law over the whole system. */
function concurrency({ name, index }: PlanTraffic, { responses }: Solution): Entry[] {
  const { rate, law, success, overloaded, controlled } = responses[index]!;
  const endless = overloaded.length > 0;
  const unknown = endless || controlled;
  const time = endless ? Number.POSITIVE_INFINITY : mean(law);
  return [
    {
      name: `traffic.${name}.in-progress`,
      label: 'requests in progress at the peak',
      value: unknown || success === 0 ? null : rate * time,
      unit: '1',
      formula: 'requests per second × mean response time',
      working: () =>
        endless
          ? `${controlled ? 'unknown' : 'without end'}: ${overloaded.join(', ')} cannot keep up`
          : unknown
            ? 'unknown: instances on its way are killed'
            : `${rateText(rate)} × ${timeText(time)}`,
      source: 'Little, Operations Research 9(3), 1961',
    },
  ];
}

function bandwidth(traffic: PlanTraffic, { plan }: Solution, moved: Moved): Entry[] {
  const peak = peakFactor(traffic.arrivals);
  return (['out', 'in'] as const).flatMap((direction) => {
    const items = moved.byTraffic[traffic.index]![direction];
    const atPeak = items.reduce((sum, { data, rate }) => sum + rate * plan.data[data]!.size.value, 0);
    if (atPeak === 0) return [];
    const share = direction === 'out' ? shareSent(plan, traffic) : 1;
    const entry = (suffix: string, when: string, divisor: number): Entry => ({
      name: `traffic.${traffic.name}.${direction}${suffix}`,
      label: `bandwidth ${direction}${when}`,
      value: (share * atPeak) / divisor,
      unit: 'B/s',
      formula: `items per second × size, of the data that is ${direction === 'out' ? 'read' : 'written'}${share === 1 ? '' : ', × what compression leaves of it'}`,
      working: () => {
        const sum = items
          .map(({ data, rate }) => `${rateText(rate / divisor)} × ${sizeText(plan.data[data]!.size.value)}`)
          .join(' + ');
        if (share === 1) return sum;
        const left = formatQuantity(share, 'ratio');
        return items.length === 1 ? `${sum} × ${left}` : `(${sum}) × ${left}`;
      },
      source: `${DESIGN}; payload alone, without headers`,
    });
    return peak === 1 ? [entry('', '', 1)] : [entry('', ', mean', peak), entry('-peak', ', peak', 1)];
  });
}

/** Reads and writes of a data set, at the mean rates. */
function mixEntries(data: number, { plan }: Solution, moved: Moved): Entry[] {
  const { name } = plan.data[data]!;
  const count = (direction: 'in' | 'out'): number =>
    plan.traffic.reduce((sum, { arrivals, index }) => {
      const items = moved.byTraffic[index]![direction].filter((item) => item.data === data);
      return sum + items.reduce((total, { rate }) => total + rate, 0) / peakFactor(arrivals);
    }, 0);
  const reads = count('out');
  const writes = count('in');
  if (reads === 0 && writes === 0) return [];
  const entry = (what: string, value: number): Entry => ({
    name: `data.${name}.${what}`,
    label: `${what}, mean`,
    value,
    unit: '1/s',
    formula: `Σ requests per second × ${what} a request`,
    working: () => rateText(value),
    source: DESIGN,
  });
  const both = [entry('reads', reads), entry('writes', writes)];
  if (reads === 0 || writes === 0) return both;
  return [
    ...both,
    {
      name: `data.${name}.reads-per-write`,
      label: 'reads for one write',
      value: reads / writes,
      unit: '1',
      formula: 'reads ÷ writes',
      working: () => `${rateText(reads)} ÷ ${rateText(writes)}`,
      source: DESIGN,
    },
  ];
}
