import type { Choosing } from './kind.ts';
import { type Law, mean, mixture, scaled } from './law/index.ts';
import { mostWork, type PoolClass, type PoolShare, sharesOf } from './shares.ts';
import { looksAtLoad } from './spreads.ts';
import { type StationState, solveStation } from './station.ts';
import type { StationLoad } from './waits.ts';

/** Instances that are not alike, in classes of those that are. */
interface Uneven {
  readonly classes: readonly PoolClass[];
  readonly choosing: Choosing;
  /** Of each instance. */
  readonly servers: number;
  /** Whether each instance can be looked at alone: requests come to it whatever is there. */
  readonly apart: boolean;
  /** By class: what share of the requests of a traffic comes there, where that is another than of all; null = it is not. */
  readonly reaches?: (traffic: number) => readonly number[] | null;
}

/**
 * A station whose instances differ in speed, or in how often callers choose them.
 *
 * @param load as if all had speed 1
 * @param known the state of a load, where it is known beforehand
 * @param solve the state of a load on equal instances
 */
export function solveUneven(
  load: StationLoad,
  { classes, choosing, servers, apart, reaches = () => null }: Uneven,
  known: (load: StationLoad) => StationState | null,
  solve: (load: StationLoad) => StationState,
): StationState {
  const rate = load.uses.reduce((sum, use) => sum + use.rate, 0);
  const work = load.uses.reduce((sum, use) => sum + use.rate * mean(use.time), 0);
  if (!(work > 0 && work < Number.POSITIVE_INFINITY)) return solve(load);
  const shares = sharesOf(classes, choosing, servers, work);
  const slowness = slownessOf(shares);
  if (apart && known(slowed(load, slowness)) === null) return solveApart(load, shares, reaches);
  const most = mostWork(shares, choosing, servers) * (rate / work);
  // Where all of those that look at the load are busy, work is done at the mean speed.
  const instances = classes.reduce((sum, { count }) => sum + count, 0);
  const speed = classes.reduce((sum, { count, speed }) => sum + (count / instances) * speed, 0);
  return withSpeeds(
    solve(slowed(load, looksAtLoad(choosing.spread) ? 1 / speed : slowness)),
    load,
    shares,
    most,
  );
}

/** How far the mean time of work is from that at speed 1, where instances get these shares. */
function slownessOf(shares: readonly PoolShare[]): number {
  return shares.reduce((sum, { count, each, speed }) => sum + (count * each) / speed, 0);
}

/** The load with all work taking so many times as long. */
function slowed(load: StationLoad, slowness: number): StationLoad {
  return {
    ...load,
    uses: load.uses.map((use) => ({ ...use, time: scaled(use.time, slowness) })),
    byTraffic: new Map(
      [...load.byTraffic].map(([traffic, { rate, work }]) => [traffic, { rate, work: work * slowness }]),
    ),
    slowness,
  };
}

/**
 * Instances that differ, each with a queue of its own to which requests come whatever is there: to a request of a
 * class all is as if all instances were like its own, as many as its instance has a share of 1.
 *
 * @param load as if all instances had speed 1
 */
function solveApart(
  load: StationLoad,
  shares: readonly PoolShare[],
  reaches: NonNullable<Uneven['reaches']>,
): StationState {
  const parts = shares.map(({ count, each, speed }) => ({
    share: count * each,
    count,
    slowness: 1 / speed,
    state: solveStation({ ...slowed(load, 1 / speed), pools: 1 / each }),
  }));
  const { offered } = parts[0]!.state;
  const over = (of: (state: StationState) => number): number =>
    parts.reduce((sum, { share, state }) => sum + share * of(state), 0);
  const accepted = over((state) => state.accepted);
  const servers = parts.reduce((sum, { count }) => sum + count, 0);
  const mixed = (of: (part: (typeof parts)[number]) => Law, reached?: readonly number[] | null): Law =>
    mixture(
      parts.map((part, i) => ({
        weight: (reached?.[i] ?? part.share) * part.state.accepted,
        of: of(part),
      })),
    );
  const busy = parts.reduce((sum, { count, state }) => {
    return sum + (count / servers) * Math.min(1, state.accepted / state.capacity);
  }, 0);
  return {
    // What is done elsewhere with the process of arrivals takes all instances for equal.
    load: { ...slowed(load, slownessOf(shares)), process: null },
    offered,
    accepted,
    loss: offered === 0 ? 0 : 1 - accepted / offered,
    time: mixed(({ state }) => state.time),
    service: over((state) => state.accepted * state.service) / (accepted || 1),
    capacity: Math.min(...parts.map(({ state }) => state.capacity)),
    stable: parts.every(({ state }) => state.stable),
    busy,
    delayed: over((state) => state.accepted * state.delayed) / (accepted || 1),
    wait: mixed(({ state }) => state.wait),
    serves: (priority) => parts.every(({ state }) => state.serves(priority)),
    passes: (priority) => over((state) => state.passes(priority)),
    sojourn: (own, traffic, priority) =>
      mixed(
        ({ state, slowness }) => state.sojourn(scaled(own, slowness), traffic, priority),
        reaches(traffic),
      ),
  };
}

/**
 * A state that was found for equal instances, of which those that differ make the time of work another one.
 *
 * @param state of the load slowed to the mean
 * @param load as if all instances had speed 1
 * @param most visits per second that can be served
 */
function withSpeeds(
  state: StationState,
  load: StationLoad,
  shares: readonly PoolShare[],
  most: number,
): StationState {
  const mixed = (of: (slowness: number) => Law): Law =>
    mixture(shares.map(({ count, each, speed }) => ({ weight: count * each, of: of(1 / speed) })));
  const work = mixture(load.uses.map(({ time, rate }) => ({ weight: rate, of: time })));
  const slowness = slownessOf(shares);
  return {
    ...state,
    load: { ...state.load, process: null, slowness },
    time: mixed((slow) => scaled(work, slow)),
    service: (state.service / (state.load.slowness ?? 1)) * slowness,
    capacity: most,
    sojourn: (own, traffic, priority) => mixed((slow) => state.sojourn(scaled(own, slow), traffic, priority)),
  };
}
