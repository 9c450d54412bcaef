import type { Bench } from './bench.ts';
import { buildsOn } from './combine.ts';
import { costDifference, costsOf } from './cost.ts';
import type { Move } from './move.ts';
import { type Downtime, downtimeOf } from './promises.ts';
import { together } from './together.ts';
import { type Helpful, keptBy, type Made, make, steadierBy } from './tried.ts';

/** Changes that are put together, at most. */
const MOST_STEPS = 6;
const TOGETHER = 'each keeps it up when something else fails, and no single one keeps what is promised';

/** A design with some moves, and how long it is down. */
interface Kept {
  readonly steps: readonly Move[];
  readonly made: Made;
  readonly down: Downtime;
}

/**
 * Where failures break promises and no single move keeps them: puts together what saves most downtime, one move after
 * the other, until they are kept, and leaves out again what turns out not to be needed. Years of failures are counted,
 * which takes no simulation of requests.
 *
 * @param moves those that may keep the design up
 * @param singles single moves that help
 * @returns null where nothing is broken, a single move keeps it, or none of the moves do together
 */
export function lasting(bench: Bench, moves: readonly Move[], singles: readonly Helpful[]): Helpful | null {
  const { down: now } = bench;
  const most = Math.max(0, ...singles.map(({ advice }) => advice.keeps.length));
  if (now === null || now.broken.length === 0 || most === now.broken.length) return null;
  let best: Kept | null = null;
  let kept = 0;
  while (kept < now.broken.length && (best?.steps.length ?? 0) < MOST_STEPS) {
    const steps: readonly Move[] = best?.steps ?? [];
    const [next] = moves
      .filter((move) => !steps.includes(move))
      .flatMap((move) => withSteps(bench, [...steps, move]) ?? [])
      .sort((a, b) => a.down.worst.value! - b.down.worst.value! || costOf(bench, a) - costOf(bench, b));
    if (next === undefined || !(next.down.worst.high! < (best?.down ?? now).worst.low!)) break;
    best = next;
    kept = keptBy(bench, best.down).length;
  }
  if (best === null || kept <= most) return null;
  for (const step of best.steps) {
    const steps: readonly Move[] = best.steps.filter((each) => each !== step);
    if (steps.length === 0 || steps.some((each) => buildsOn(each, step))) continue;
    const without = withSteps(bench, steps);
    if (without !== null && keptBy(bench, without.down).length === kept) best = without;
  }
  return steadierBy(bench, best.made, now, best.down);
}

function withSteps(bench: Bench, steps: readonly Move[]): Kept | null {
  const made = make(bench, together(steps, { because: TOGETHER, helps: 'availability' }));
  if ('why' in made) return null;
  const down = downtimeOf(made.plan, bench.kinds.estimated, bench.seed);
  return down === null || down.unknown.join() !== bench.down!.unknown.join() ? null : { steps, made, down };
}

const costOf = ({ costs, kinds }: Bench, { made }: Kept): number =>
  costDifference(costs, costsOf(made.plan, kinds.estimated)) ?? Number.POSITIVE_INFINITY;
