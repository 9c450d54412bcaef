import type { Plan, PlanConstant, Replan } from '../design/plan.ts';
import type { Random } from '../kernel/index.ts';
import { normalQuantile, type Uncertain } from '../quantities/index.ts';

/** The 95 % point of the normal law: a 90 % interval ends there on both sides. */
const END = normalQuantile(0.95);

/** Whether any input of the plan is known only within bounds, its constants left aside. */
export function hasRanges(plan: Plan): boolean {
  return uncertainsOf(plan).some(isRange);
}

/** The constants of the plan that are known only within bounds. */
export function rangedConstants(plan: Plan): PlanConstant[] {
  return plan.constants.filter(isRange);
}

function isRange({ low, high }: Uncertain): boolean {
  return low !== high;
}

function uncertainsOf(plan: Plan): Uncertain[] {
  return [
    ...plan.data.flatMap(({ count, size, growth }) => [count, size, growth]),
    ...plan.traffic.flatMap(({ arrivals }) => (arrivals.type === 'open' ? [arrivals.rate] : [])),
  ];
}

/**
 * The plan with every input known within bounds replaced by one draw of it; with `replan` the constants as well.
 * Null where a kind refuses what was drawn.
 */
export function drawPlan(nominal: Plan, random: Random, replan: Replan | null = null): Plan | null {
  const drawn = rangedConstants(nominal).map((constant): [string, number] => [
    constant.name,
    drawConstant(constant, random),
  ]);
  const plan = replan === null || drawn.length === 0 ? nominal : replan(new Map(drawn));
  if (plan === null) return null;
  return {
    ...plan,
    data: plan.data.map((data) => ({
      ...data,
      count: draw(data.count, random),
      size: draw(data.size, random),
      growth: draw(data.growth, random),
    })),
    traffic: plan.traffic.map((traffic) => {
      const { arrivals } = traffic;
      if (arrivals.type === 'closed') return traffic;
      return { ...traffic, arrivals: { ...arrivals, rate: draw(arrivals.rate, random) } };
    }),
  };
}

/** One draw of a constant; a share that is known to be at most 1 stays so. */
function drawConstant(constant: PlanConstant, random: Random): number {
  const { value } = draw(constant, random);
  return constant.unit === '1' && constant.high <= 1 ? Math.min(1, value) : value;
}

/**
 * One draw of a number whose 90 % interval is known: lognormal where the value is nearer to the geometric mean
 * of the ends, as `5ms..20ms` is read, normal (at least 0) where it is nearer to their middle, as `10 ± 2` is.
 */
export function draw({ value, low, high }: Uncertain, random: Random): Uncertain {
  if (low === high) return { value, low, high };
  const z = normalQuantile(Math.min(Math.max(random.next(), 1e-12), 1 - 1e-12));
  const geometric = low > 0 ? Math.abs(Math.log(value / Math.sqrt(low * high))) : Number.POSITIVE_INFINITY;
  const middle = Math.abs(value - (low + high) / 2) / ((high - low) / 2);
  const drawn =
    geometric <= middle
      ? value * Math.exp((z * Math.log(high / low)) / (2 * END))
      : Math.max(0, value + (z * (high - low)) / (2 * END));
  return { value: drawn, low: drawn, high: drawn };
}

/**
 * The ends of the 90 % interval of a figure, from its values over many draws; unknown (null) values count as
 * without limit, so an end may be Infinity.
 */
export function interval(values: readonly (number | null)[]): readonly [number, number] {
  const sorted = Float64Array.from(values, (value) => value ?? Number.POSITIVE_INFINITY).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)]!;
    const above = sorted[Math.ceil(place)]!;
    return below === above ? below : below + (above - below) * (place - Math.floor(place));
  };
  return [at(0.05), at(0.95)];
}
