import type { PlanTraffic } from '../design/plan.ts';
import { exponential, sometimes, zero } from './law/index.ts';
import type { StationState } from './station.ts';
import type { Use, Wait } from './waits.ts';

/** Rates and waits of closed traffic. */
export interface ClosedSolver {
  /** By traffic: requests per second. */
  readonly rates: ReadonlyMap<number, number>;
  /** By station and traffic, open traffic that shares the station included. */
  readonly waits: () => ReadonlyMap<string, ReadonlyMap<number, Wait>>;
  readonly notes: readonly string[];
}

/** A station of the closed network. All its pools are alike. */
export interface Node {
  readonly name: string;
  readonly state: StationState;
  readonly pools: number;
  readonly servers: number;
  /** Share of its servers that open traffic keeps busy. */
  readonly open: number;
  /** By closed traffic: work a request brings, to all pools together. */
  readonly demands: readonly number[];
  /** By closed traffic: visits of a request, to all pools together. */
  readonly visits: readonly number[];
}

/** A time without mean counts as so many seconds: next to nobody ever comes back. */
export const ENDLESS = 1e15;

/** What closed traffic meets at a station, seen at some rates. */
export function nodeOf(
  name: string,
  state: StationState,
  closed: readonly PlanTraffic[],
  rates: readonly number[],
): Node {
  const { pools, servers, byTraffic } = state.load;
  let openWork = 0;
  for (const [traffic, { work }] of byTraffic) {
    if (!closed.some(({ index }) => index === traffic)) openWork += work;
  }
  return {
    name,
    state,
    pools,
    servers: servers!,
    open: Math.min(openWork / (pools * servers!), 1),
    demands: closed.map(({ index }) => Math.min(ENDLESS, (byTraffic.get(index)?.work ?? 0) / rates[index]!)),
    visits: closed.map(({ index }) => (byTraffic.get(index)?.rate ?? 0) / rates[index]!),
  };
}

/**
 * Whether all at a station wait as in a product form, with exponential times put in place of others: in order, where all
 * times are of one law, or where one closed traffic is alone there; and beside open traffic at one server alone.
 */
export function hasProductForm(
  { state, servers, open, visits }: Node,
  closed: readonly PlanTraffic[],
): boolean {
  const { discipline, byTraffic, uses } = state.load;
  if (open > 0 && servers > 1) return false;
  if (discipline === 'processor-sharing') return true;
  if (open > 0) return areAlike(uses);
  const means = closed.flatMap(({ index }, r) => {
    const { rate = 0, work = 0 } = byTraffic.get(index) ?? {};
    return visits[r]! > 0 ? [work / rate] : [];
  });
  return means.every((mean) => Math.abs(mean - means[0]!) <= 1e-9 * means[0]!);
}

/** What is left of a server beside open traffic. */
export const left = ({ open }: Node): number => Math.max(1 - open, 1e-9);

/** A wait of which only the mean is known: as likely as the servers are busy, and then exponential. */
export function byMean(wait: number, busy: number): Wait {
  const waits = Math.min(1, busy);
  if (wait === 0 || waits === 0) return { waits: 0, law: zero };
  return { waits, law: sometimes(waits, exponential(wait / waits)) };
}

/** All times are exponential and of one mean. */
export function areAlike(uses: readonly Use[]): boolean {
  const [first] = uses;
  return uses.every(
    ({ time }) =>
      time.law === 'exponential' && first?.time.law === 'exponential' && time.mean === first.time.mean,
  );
}
