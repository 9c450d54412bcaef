import { requireInteger, requireNonNegative } from './require.ts';

/** A class of customers of a closed network. */
export interface ClosedClass {
  readonly customers: number;
  /** Z ≥ 0. */
  readonly think: number;
  /** Visits × mean service time by station. */
  readonly demands: readonly number[];
}

/** The steady state of one class. */
export interface ClosedClassSolution {
  readonly throughput: number;
  readonly response: number;
  /** By station: time there in one pass. */
  readonly residence: readonly number[];
}

/** Populations up to this many combinations are solved exactly. */
export const exactStatesMax = 20_000;

/**
 * Mean value analysis of several classes over single-server stations: exact (Reiser & Lavenberg 1980) where
 * the product of the populations is at most {@link exactStatesMax}, else by the fixed point of Bard 1979 and
 * Schweitzer 1979, which is within some per cent.
 *
 * @param copies how many stations each one stands for, all alike; default 1 each
 */
export function meanValueClasses(
  classes: readonly ClosedClass[],
  copies: readonly number[] = classes[0]?.demands.map(() => 1) ?? [],
): {
  readonly exact: boolean;
  readonly classes: readonly ClosedClassSolution[];
} {
  let states = 1;
  for (const { customers, think, demands } of classes) {
    requireInteger('customers', customers, 1);
    requireNonNegative('think', think);
    for (const demand of demands) requireNonNegative('demand', demand);
    states *= customers + 1;
  }
  return states <= exactStatesMax
    ? { exact: true, classes: exact(classes, copies, states) }
    : { exact: false, classes: schweitzer(classes, copies) };
}

function exact(
  classes: readonly ClosedClass[],
  copies: readonly number[],
  states: number,
): ClosedClassSolution[] {
  const stations = classes[0]?.demands.length ?? 0;
  // Mean number at each station for every population vector, addressed in mixed radix.
  const lengths = new Float64Array(states * stations);
  const strides: number[] = [];
  let stride = 1;
  for (const { customers } of classes) {
    strides.push(stride);
    stride *= customers + 1;
  }
  let last: ClosedClassSolution[] = [];
  for (let state = 1; state < states; state++) {
    last = classes.map((of, r) => {
      const present = Math.floor(state / strides[r]!) % (of.customers + 1);
      if (present === 0) return { throughput: 0, response: 0, residence: [] };
      const without = (state - strides[r]!) * stations;
      const residence = of.demands.map((demand, k) => demand * (1 + lengths[without + k]!));
      const response = residence.reduce((sum, r, k) => sum + r * copies[k]!, 0);
      return { throughput: present / (of.think + response), response, residence };
    });
    for (let k = 0; k < stations; k++) {
      let length = 0;
      for (const { throughput, residence } of last) length += throughput * (residence[k] ?? 0);
      lengths[state * stations + k] = length;
    }
  }
  return last;
}

function schweitzer(classes: readonly ClosedClass[], copies: readonly number[]): ClosedClassSolution[] {
  const stations = classes[0]?.demands.length ?? 0;
  const population = copies.reduce((sum, count) => sum + count, 0);
  let lengths = classes.map(({ customers }) =>
    new Float64Array(stations).fill(customers / (population || 1)),
  );
  const all = classes.reduce((sum, { customers }) => sum + customers, 0);
  for (let step = 0; ; step++) {
    const solutions = classes.map((of, r) => {
      const residence = of.demands.map((demand, k) => {
        let seen = 0;
        lengths.forEach((queue, s) => {
          seen += s === r ? (queue[k]! * (of.customers - 1)) / of.customers : queue[k]!;
        });
        return demand * (1 + seen);
      });
      const response = residence.reduce((sum, r, k) => sum + r * copies[k]!, 0);
      return { throughput: of.customers / (of.think + response), response, residence };
    });
    let moved = 0;
    const next = solutions.map(({ throughput, residence }, r) => {
      const queue = Float64Array.from(residence, (time) => throughput * time);
      for (let k = 0; k < stations; k++) moved = Math.max(moved, Math.abs(queue[k]! - lengths[r]![k]!));
      return queue;
    });
    lengths = next;
    if (moved < 1e-10 * all || step === 500) return solutions;
  }
}
