import { parseQuantity } from '../quantities/index.ts';
import {
  type Figure,
  figureText,
  judge,
  overloadSentences,
  type Report,
  renderReport,
  themeOf,
} from '../report/index.ts';
import type { Outcome } from './outcome.ts';

/** What a matcher says; the form is that of Vitest and Jest. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What Vitest hands a matcher as `this`. */
interface MatcherState {
  readonly isNot?: boolean;
}

/** A figure that is judged, under the name it has in a message. */
interface Judged {
  readonly name: string;
  readonly figure: Figure;
}

type Comparator = '<=' | '>=';
type Dimension = 'time' | 'rate' | 'ratio';
type Latency = 'mean' | 'p50' | 'p95' | 'p99' | 'p999';

const PLAIN = { width: 100, colour: false, unicode: true };

/**
 * Matchers for `expect.extend`. Each passes where the whole 95 % interval is on the right side of the limit; where the
 * interval straddles it, neither the matcher nor its `.not` passes. Without a name they speak of all there are.
 */
export const matchers = {
  toMeetItsGoals(this: MatcherState, outcome: Outcome): Verdict {
    const goals = outcome.report.goals.map(({ goal, met }) => ({ name: goal, met }));
    if (goals.length === 0) throw new Error(`${outcome.report.design} has no goals`);
    return verdict(this, outcome, goals, 'to meet its goals');
  },
  /** Every queue has an end: it can go on so. */
  toHoldItsLoad(this: MatcherState, outcome: Outcome): Verdict {
    const { report } = outcome;
    const why = report.stable ? 'no queue grows without end' : overloadSentences(report.stations).join(' ');
    return verdict(this, outcome, [{ name: why, met: report.stable }], 'to hold its load');
  },
  toHaveMeanBelow: latencyBelow('mean'),
  toHaveP50Below: latencyBelow('p50'),
  toHaveP95Below: latencyBelow('p95'),
  toHaveP99Below: latencyBelow('p99'),
  toHaveP999Below: latencyBelow('p999'),
  toHaveSuccessAbove(this: MatcherState, outcome: Outcome, limit: string, traffic?: string): Verdict {
    const judged = ofTraffic(outcome, traffic, 'success', ({ success }) => success);
    return compared(this, outcome, judged, '>=', limit, 'ratio');
  },
  toHaveThroughputAbove(this: MatcherState, outcome: Outcome, limit: string, traffic?: string): Verdict {
    const judged = ofTraffic(outcome, traffic, 'throughput', ({ throughput }) => throughput);
    return compared(this, outcome, judged, '>=', limit, 'rate');
  },
  /** Of a station such as `links.cpu`, or of all those of a component. */
  toHaveUtilizationBelow(this: MatcherState, outcome: Outcome, limit: string, of?: string): Verdict {
    const { stations } = outcome.report;
    const names = Object.keys(stations).filter(
      (name) => of === undefined || name === of || name.startsWith(`${of}.`),
    );
    if (names.length === 0) throw missing(outcome, 'station', of, Object.keys(stations));
    const judged = names
      .filter((name) => stations[name]!.servers !== null)
      .map((name) => ({ name: `${name} busy`, figure: stations[name]!.utilization }));
    return compared(this, outcome, judged, '<=', limit, 'ratio');
  },
  toHaveHitRatioAbove(this: MatcherState, outcome: Outcome, limit: string, cache?: string): Verdict {
    const { caches } = outcome.report;
    const names = Object.keys(caches).filter((name) => cache === undefined || name === cache);
    if (names.length === 0) throw missing(outcome, 'cache', cache, Object.keys(caches));
    const judged = names.map((name) => ({ name: `${name} hit ratio`, figure: caches[name]!.hitRatio }));
    return compared(this, outcome, judged, '>=', limit, 'ratio');
  },
  /** After the last change of a scenario: in every replication, and on average within so long. */
  toRecoverWithin(this: MatcherState, outcome: Outcome, limit: string, traffic?: string): Verdict {
    const { scenario } = outcome.report;
    if (scenario === null) throw new Error('recovery is of a scenario: say .during(name)');
    const names = Object.keys(scenario.outcomes).filter((name) => traffic === undefined || name === traffic);
    if (names.length === 0) throw missing(outcome, 'traffic', traffic, Object.keys(scenario.outcomes));
    const most = read(limit, 'time');
    const judged = names.map((name) => {
      const { recovered, recovery, harmed } = scenario.outcomes[name]!;
      const figure = `${name} recovers after ${text(recovery)}, in ${text(recovered, 'share')} of the replications`;
      if (harmed.value === 0) return { name: `${name} is not harmed`, met: true };
      if (recovered.value !== null && recovered.value < 1) return { name: figure, met: false };
      return { name: figure, met: judge({ target: most, comparator: '<=' }, recovery) };
    });
    return verdict(this, outcome, judged, `to recover within ${limit}`);
  },
  /** Dollars a month, by the estimate. */
  toCostBelow(this: MatcherState, outcome: Outcome, dollars: number): Verdict {
    if (!(dollars >= 0)) throw new RangeError(`dollars must be ≥ 0, got ${dollars}`);
    const total = outcome.estimate.sheet.find(({ name }) => name === 'cost.total')?.figure;
    if (total === undefined || total.value === null)
      throw new Error('the estimate knows no cost of this design');
    const met = judge({ target: dollars, comparator: '<=' }, total);
    return verdict(
      this,
      outcome,
      [{ name: `cost a month is ${text(total)}`, met }],
      `to cost below $${dollars}`,
    );
  },
};

function latencyBelow(part: Latency) {
  return function below(this: MatcherState, outcome: Outcome, limit: string, traffic?: string): Verdict {
    const judged = ofTraffic(outcome, traffic, part, ({ latency }) => latency[part]);
    return compared(this, outcome, judged, '<=', limit, 'time');
  };
}

function ofTraffic(
  outcome: Outcome,
  traffic: string | undefined,
  what: string,
  figure: (of: Report['operations'][string]) => Figure,
): Judged[] {
  const { operations } = outcome.report;
  const names = Object.keys(operations).filter((name) => traffic === undefined || name === traffic);
  if (names.length === 0) throw missing(outcome, 'traffic', traffic, Object.keys(operations));
  return names.map((name) => ({ name: `${name}.${what}`, figure: figure(operations[name]!) }));
}

function compared(
  state: MatcherState,
  outcome: Outcome,
  judged: readonly Judged[],
  comparator: Comparator,
  limit: string,
  dimension: Dimension,
): Verdict {
  const target = read(limit, dimension);
  const lines = judged.map(({ name, figure }) => ({
    name: `${name} is ${text(figure, dimension === 'ratio' ? 'share' : undefined)}`,
    // What grows without end is above any limit.
    met: figure.value === null && !outcome.report.stable ? false : judge({ target, comparator }, figure),
  }));
  const side = comparator === '<=' ? 'below' : 'above';
  return verdict(state, outcome, lines, `to be ${side} ${limit}`);
}

/** All have to be so; with `.not`, one that surely is not is enough, and none that is open. */
function verdict(
  { isNot = false }: MatcherState,
  outcome: Outcome,
  lines: readonly { readonly name: string; readonly met: boolean | 'unknown' }[],
  expected: string,
): Verdict {
  const { report } = outcome;
  const failed = lines.some(({ met }) => met === false);
  const pass = isNot ? !failed : lines.every(({ met }) => met === true);
  const words = { true: 'yes', false: 'no', unknown: 'cannot tell' } as const;
  return {
    pass,
    message: () =>
      [
        `expected ${report.design}${isNot ? ' not' : ''} ${expected}`,
        ...lines.map(({ name, met }) => `  ${words[`${met}`]}: ${name}`),
        '',
        renderReport(report, PLAIN),
      ].join('\n'),
  };
}

function text(figure: Figure, meaning?: 'share'): string {
  if (figure.value === null) return 'unknown';
  const { value, margin } = wordsOf(figureText(figure, themeOf(PLAIN), meaning));
  return `${value} ${margin}`.trim();
}

const wordsOf = (cell: ReturnType<typeof figureText>) =>
  typeof cell === 'string' ? { value: cell, margin: '' } : cell;

/** @throws RangeError when a limit cannot be read */
function read(limit: string, dimension: Dimension): number {
  const parsed = parseQuantity(limit, dimension);
  if (!parsed.ok) throw new RangeError(`the limit ${limit} is not ${parsed.expected}`);
  return parsed.value.value;
}

function missing({ report }: Outcome, what: string, name: string | undefined, all: readonly string[]): Error {
  const has = all.length === 0 ? 'it has none' : `it has ${all.join(', ')}`;
  return new Error(`${report.design} has no ${what}${name === undefined ? '' : ` ${name}`}; ${has}`);
}
