import type { Plan } from '../design/plan.ts';
import { peakFactor } from './arrivals.ts';
import type { Flows, Stream } from './flows.ts';
import { withinQuota, withinTokenBucket } from './formulas/index.ts';
import type { Gate } from './gate.ts';
import type { KeySpace, KeyStream } from './keys.ts';
import type { ComponentModel } from './kind.ts';

/** What a limit or quota lets through: 1 = everything. */
interface Passing {
  /** Of all requests. */
  readonly all: number;
  /** Of those without a key, and of those of each class of keys, by data. */
  readonly keyless: number;
  readonly classes: ReadonlyMap<number, Float64Array>;
}

const open: Passing = { all: 1, keyless: 1, classes: new Map() };

/** A gate that looks at how many come. */
type Counting = Exclude<Gate, { does: 'fail' }>;

/** What one lets go on of requests that come at a rate, of all together or of one key. */
interface Rule {
  readonly each: boolean;
  readonly through: (rate: number) => number;
}

/** A traffic's `rate` is its mean over a day: a quota for as long is used up at that, another one at the peak. */
const MEAN_RATE_FROM = 86_400;

/**
 * What limits and quotas of components let through, of requests that come at random at the mean rate of what comes to
 * them.
 */
export class Gates {
  /** By component, in the order in which requests come to them. */
  private readonly gates: readonly (readonly Counting[])[];
  /** By component and gate: of traffic without a tier of its own, then of each tier. */
  private passing: readonly (readonly (readonly Passing[])[])[];
  private readonly plan: Plan;
  private readonly keySpace: KeySpace;

  constructor(plan: Plan, models: readonly ComponentModel[], keySpace: KeySpace) {
    this.plan = plan;
    this.keySpace = keySpace;
    this.gates = plan.components.map(({ operations }, c) => {
      const found = new Map<string, Counting>();
      for (const operation of operations) {
        for (const activity of models[c]!.activities(plan.operations[operation]!)) {
          if (activity.does === 'limit' || activity.does === 'quota') found.set(activity.does, activity);
        }
      }
      return [...found.values()];
    });
    this.passing = this.gates.map((gates) => gates.map((gate) => rulesOf(gate).map(() => open)));
  }

  /** Takes note of what comes to every component. */
  update(flows: Flows): void {
    this.passing = this.plan.components.map(({ operations }, c) => {
      const gates = this.gates[c]!;
      if (gates.length === 0) return [];
      let streams: readonly Stream[] = operations.flatMap((operation) => flows.streams[operation]!);
      return gates.map((gate) => {
        const tiers = rulesOf(gate).map((rule, tier) => {
          const own = streams.filter(({ traffic }) => tierOf(gate, traffic) === tier);
          return this.passingOf(rule, own, (traffic) => this.usual(gate, traffic));
        });
        streams = streams.map((stream) => behind(stream, tiers[tierOf(gate, stream.traffic)]!, gate));
        return tiers;
      });
    });
  }

  /** Chance that a request of the traffic with these keys gets past; null = on average. */
  share(component: number, gate: Gate, keys: KeyStream | null, traffic: number): number {
    if (gate.does === 'fail') return 1 - gate.share;
    const which = this.gates[component]!.findIndex(({ does }) => does === gate.does);
    const passing = this.passing[component]![which]![tierOf(gate, traffic)]!;
    return keys === null ? passing.all : passingShare(passing, keys, forEach(gate));
  }

  /** All of it, in an order that stays. */
  get state(): Float64Array[] {
    return this.passing
      .flat(2)
      .flatMap(({ all, keyless, classes }) => [Float64Array.of(all, keyless), ...classes.values()]);
  }

  /** The rate at which a traffic uses a quota up, as a multiple of the rate at which it comes. */
  private usual(gate: Counting, traffic: number): number {
    const { arrivals } = this.plan.traffic[traffic]!;
    if (gate.does !== 'quota' || arrivals.type !== 'open') return 1;
    const { window } = gate.tiers?.[tierOf(gate, traffic) - 1] ?? gate;
    return window >= MEAN_RATE_FROM ? 1 / peakFactor(arrivals) : 1;
  }

  private passingOf(
    { each, through }: Rule,
    streams: readonly Stream[],
    usual: (traffic: number) => number,
  ): Passing {
    const total = sumOf(streams);
    if (!each) return { ...open, all: through(total) };
    const unknown = streams.filter(({ keys }) => keys.keys === 'none');
    const keyless = through(sumOf(unknown.map((one) => ({ rate: one.rate * usual(one.traffic) }))));
    const perClass = new Map<number, Float64Array>();
    for (const { keys, rate: coming, traffic } of streams) {
      if (keys.keys !== 'drawn') continue;
      const { keys: counts } = this.keySpace.classes(keys.data);
      const rates = perClass.get(keys.data) ?? new Float64Array(counts.length);
      for (let i = 0; i < rates.length; i++)
        rates[i]! += (coming * usual(traffic) * keys.shares[i]!) / counts[i]!;
      perClass.set(keys.data, rates);
    }
    const classes = new Map([...perClass].map(([data, rates]) => [data, rates.map(through)]));
    const known = { all: 1, keyless, classes };
    const passed = streams.reduce((sum, { keys, rate }) => sum + rate * passingShare(known, keys, true), 0);
    return { ...known, all: total > 0 ? passed / total : 1 };
  }
}

const forEach = (gate: Counting): boolean => gate.does === 'quota' || gate.each;

/** Of traffic without a tier of its own, then of each tier. */
function rulesOf(gate: Counting): Rule[] {
  if (gate.does === 'limit') {
    const { each, tiers = [] } = gate;
    return [gate, ...tiers].map(({ rate, burst }) => ({
      each,
      through: (coming) => withinTokenBucket(coming, rate, burst),
    }));
  }
  return [gate, ...(gate.tiers ?? [])].map(({ requests, window, elapsed }) => ({
    each: true,
    through: (coming) =>
      requests === Number.POSITIVE_INFINITY ? 1 : withinQuota(coming, requests, window, elapsed),
  }));
}

function passingShare({ all, keyless, classes }: Passing, keys: KeyStream, each: boolean): number {
  if (!each) return all;
  if (keys.keys === 'none') return keyless;
  return keys.keys === 'new' ? 1 : weighed(keys.shares, classes.get(keys.data));
}

/** What is left of a stream. */
function behind(stream: Stream, passing: Passing, gate: Counting): Stream {
  const { keys, rate } = stream;
  const share = passingShare(passing, keys, forEach(gate));
  const left = { ...stream, rate: rate * share };
  const known = keys.keys === 'drawn' && forEach(gate) ? passing.classes.get(keys.data) : undefined;
  if (keys.keys !== 'drawn' || known === undefined || share === 0) return left;
  return { ...left, keys: { ...keys, shares: keys.shares.map((of, i) => (of * known[i]!) / share) } };
}

/** Number of the tier that a traffic has there, 0 = none. */
const tierOf = ({ tiers = [] }: Counting, traffic: number): number =>
  1 + tiers.findIndex((tier) => tier.traffic.includes(traffic));

const sumOf = (streams: readonly { readonly rate: number }[]): number =>
  streams.reduce((sum, { rate }) => sum + rate, 0);

function weighed(shares: Float64Array, passing: Float64Array | undefined): number {
  if (passing === undefined) return 1;
  return Math.min(
    1,
    shares.reduce((sum, share, i) => sum + share * passing[i]!, 0),
  );
}
