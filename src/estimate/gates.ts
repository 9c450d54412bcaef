import type { Plan } from '../design/plan.ts';
import type { Flows, Stream } from './flows.ts';
import type { Gate } from './gate.ts';
import type { KeySpace, KeyStream } from './keys.ts';
import type { ComponentModel } from './kind.ts';

/** What a limit lets through: 1 = everything. */
interface Passing {
  /** Of all requests. */
  readonly all: number;
  /** Of those without a key, and of those of each class of keys, by data. */
  readonly keyless: number;
  readonly classes: ReadonlyMap<number, Float64Array>;
}

const open: Passing = { all: 1, keyless: 1, classes: new Map() };

type Limit = Extract<Gate, { does: 'limit' }>;

/**
 * What limits of components let through by the mean rates of what comes to them: all that is within the rate, and
 * of what is beyond, as much as the rate. Bursts are left out.
 */
export class Gates {
  private readonly limits: readonly (Limit | null)[];
  /** By component: of traffic without a tier of its own, then of each tier. */
  private passing: readonly (readonly Passing[])[];
  private readonly plan: Plan;
  private readonly keySpace: KeySpace;

  constructor(plan: Plan, models: readonly ComponentModel[], keySpace: KeySpace) {
    this.plan = plan;
    this.keySpace = keySpace;
    this.limits = plan.components.map(({ operations }, c) => {
      for (const operation of operations) {
        for (const activity of models[c]!.activities(plan.operations[operation]!)) {
          if (activity.does === 'limit') return activity;
        }
      }
      return null;
    });
    this.passing = this.limits.map((limit) => [open, ...(limit?.tiers ?? []).map(() => open)]);
  }

  /** Takes note of what comes to every component. */
  update(flows: Flows): void {
    this.passing = this.plan.components.map(({ operations }, c) => {
      const limit = this.limits[c]!;
      if (limit === null) return [open];
      const streams = operations.flatMap((operation) => flows.streams[operation]!);
      const { each, tiers = [] } = limit;
      return [limit, ...tiers].map(({ rate }, tier) =>
        this.passingOf(
          { rate, each },
          streams.filter(({ traffic }) => tierOf(limit, traffic) === tier),
        ),
      );
    });
  }

  /** Chance that a request of the traffic with these keys gets past; null = on average. */
  share(component: number, gate: Gate, keys: KeyStream | null, traffic: number): number {
    if (gate.does === 'fail') return 1 - gate.share;
    const { all, keyless, classes } = this.passing[component]![tierOf(gate, traffic)]!;
    if (!gate.each || keys === null) return all;
    if (keys.keys === 'none') return keyless;
    return keys.keys === 'new' ? 1 : weighed(keys.shares, classes.get(keys.data));
  }

  /** All of it, in an order that stays. */
  get state(): Float64Array[] {
    return this.passing.flatMap((tiers, c) =>
      this.limits[c] === null
        ? []
        : tiers.flatMap(({ all, keyless, classes }) => [Float64Array.of(all, keyless), ...classes.values()]),
    );
  }

  private passingOf({ rate, each }: { rate: number; each: boolean }, streams: readonly Stream[]): Passing {
    const total = sumOf(streams);
    if (!each) return { ...open, all: through(rate, total) };
    const keyless = through(rate, sumOf(streams.filter(({ keys }) => keys.keys === 'none')));
    const perClass = new Map<number, Float64Array>();
    for (const { keys, rate: coming } of streams) {
      if (keys.keys !== 'drawn') continue;
      const { keys: counts } = this.keySpace.classes(keys.data);
      const rates = perClass.get(keys.data) ?? new Float64Array(counts.length);
      for (let i = 0; i < rates.length; i++) rates[i]! += (coming * keys.shares[i]!) / counts[i]!;
      perClass.set(keys.data, rates);
    }
    const classes = new Map(
      [...perClass].map(([data, rates]) => [data, rates.map((of) => through(rate, of))]),
    );
    const passed = streams.reduce((sum, { keys, rate: coming }) => {
      if (keys.keys === 'none') return sum + coming * keyless;
      return sum + coming * (keys.keys === 'new' ? 1 : weighed(keys.shares, classes.get(keys.data)));
    }, 0);
    return { all: total > 0 ? passed / total : 1, keyless, classes };
  }
}

/** Number of the tier that a traffic has there, 0 = none. */
const tierOf = ({ tiers = [] }: Limit, traffic: number): number =>
  1 + tiers.findIndex((tier) => tier.traffic.includes(traffic));

const sumOf = (streams: readonly Stream[]): number => streams.reduce((sum, { rate }) => sum + rate, 0);

const through = (rate: number, coming: number): number => Math.min(1, rate / coming || 1);

function weighed(shares: Float64Array, passing: Float64Array | undefined): number {
  if (passing === undefined) return 1;
  return Math.min(
    1,
    shares.reduce((sum, share, i) => sum + share * passing[i]!, 0),
  );
}
