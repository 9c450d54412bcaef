/**
 * What one run said of a goal: met, missed, that its interval straddles the target, or that at such a load it makes no
 * sense to ask.
 */
export type Verdict = boolean | 'unknown' | 'beyond';

/** Where a goal gives way, as multiples of the load of the design. */
export interface Breaking {
  /** The highest load at which it is surely met, below every one at which it is missed; null = there is none. */
  readonly met: number | null;
  /** The lowest load at which it is surely missed; null = none up to the highest that was tried. */
  readonly missed: number | null;
}

export interface LoadSearch {
  /** How many goals there are. */
  readonly goals: number;
  /**
   * Runs the design at a multiple of its load and judges every goal, in order.
   *
   * @param long a longer run, that shows enough of rare traffic as well
   */
  readonly judge: (times: number, long: boolean) => Promise<readonly Verdict[]>;
  /** Where a goal may give way, by a guess; null = no idea. */
  readonly guesses: readonly (number | null)[];
  /** Loads at which the design was run before, so that it costs nothing to judge there; default: none. */
  readonly known?: readonly number[];
  /** Goals of which the usual run cannot tell; default: those of which it does not at the load of the design. */
  readonly rare?: readonly number[];
  /** Between these loads no run of bearable length can tell, so none is made there; default: there are none such. */
  readonly blind?: readonly [from: number, to: number] | null;
  /** The highest and the lowest load to try, as multiples. */
  readonly most: number;
  readonly least: number;
  /** A bracket is narrow enough when its upper end is so much above its lower end, as a share of that. */
  readonly precision: number;
}

/** Runs of either length at most: a search that has not ended by then gives the brackets it has. */
const MOST_RUNS = 60;
const MOST_LONG_RUNS = 4;

/**
 * Looks for the loads at which goals give way: upwards from the load of the design, towards what is guessed, then by
 * bisection. A run judges all goals, so those that give way together are found together. A goal of which the usual
 * run cannot tell at the load of the design, because its traffic is rare, gets longer runs, fewer of them.
 *
 * A goal is taken to stay missed above a load at which it is missed.
 */
export async function breakingLoads(search: LoadSearch): Promise<Breaking[]> {
  const seen = new Observations(search.goals);
  const run = async (times: number, long: boolean): Promise<void> => {
    seen.add(times, long, await search.judge(times, long));
  };
  await run(1, false);
  const all = [...Array(search.goals).keys()];
  const rare = all.filter((goal) => search.rare?.includes(goal) || seen.at(goal, 1) === 'unknown');
  seen.onlyLong(rare);
  const usual = all.filter((goal) => !rare.includes(goal));
  for (const times of search.known ?? []) if (!seen.has(times, false)) await run(times, false);
  await narrow(usual, false, MOST_RUNS);
  if (rare.length > 0) {
    // What suffers with the rest is met where the rest is: there a long run tells most.
    const floors = usual.map((goal) => seen.floor(goal) ?? 1);
    const floor = floors.length === 0 ? 1 : Math.min(...floors);
    await run(floor, true);
    // Where others are missed, what suffers with the rest is missed too; between, and beyond, it is not looked for.
    const missed = usual.flatMap((goal) => seen.breaking(goal).missed ?? []);
    if (missed.length > 0) await run(Math.min(...missed), true);
    const open = missed.length > 0 ? rare.filter((goal) => seen.at(goal, floor) !== true) : rare;
    await narrow(open, true, MOST_LONG_RUNS);
  }
  return all.map((goal) => seen.breaking(goal));

  async function narrow(goals: readonly number[], long: boolean, mostRuns: number): Promise<void> {
    for (let runs = 0; runs < mostRuns; runs++) {
      const wanted = goals
        .map((goal) => ({ goal, ceiling: seen.ceiling(goal) ?? Number.POSITIVE_INFINITY }))
        .sort((a, b) => a.ceiling - b.ceiling)
        .map(({ goal }) => nextLoad(goal, long))
        .find((times) => times !== null);
      if (wanted === undefined || wanted === null) return;
      await run(wanted, long);
    }
  }

  /** The load that tells most of a goal; null when its bracket is narrow enough, or nothing can narrow it. */
  function nextLoad(goal: number, long: boolean): number | null {
    const times = best(goal, long);
    if (times === null || !search.blind) return times;
    const [from, to] = search.blind.map(typeable) as [number, number];
    if (times <= from || times >= to) return times;
    const floor = (seen.floor(goal) ?? 0) * (1 + search.precision / 3);
    const ceiling = (seen.ceiling(goal) ?? Number.POSITIVE_INFINITY) / APART;
    const beside = [to, from].find((each) => each > floor && each < ceiling && each <= search.most);
    if (beside !== undefined && !seen.has(beside, long)) return beside;
    // What is known to be missed further up is looked for from there down, less closely.
    if (seen.breaking(goal).missed === null) return null;
    const above = upperEnd(goal, long, BEHIND * search.precision);
    return above === null || (above > from && above < to) ? null : above;
  }

  function best(goal: number, long: boolean): number | null {
    const { precision, most, least } = search;
    const floor = seen.floor(goal);
    const ceiling = seen.ceiling(goal);
    if (ceiling === null) {
      if (floor === null || floor >= most) return null;
      return typeable(Math.min(most, likely(goal, floor, most, long) ?? floor * 2));
    }
    if (floor === null) {
      if (ceiling <= least) return null;
      return typeable(Math.max(least, ceiling / 2));
    }
    if (seen.at(goal, ceiling) === 'beyond') return null;
    if (ceiling > floor * (1 + precision) * APART) {
      const times = typeable(likely(goal, floor, ceiling, long) ?? Math.sqrt(floor * ceiling));
      return seen.has(times, long) ? null : times;
    }
    return upperEnd(goal, long, precision);
  }

  /** A load above all of which runs could not tell, where they may; null where the upper end is near enough to these. */
  function upperEnd(goal: number, long: boolean, precision: number): number | null {
    const { most } = search;
    const floor = seen.floor(goal);
    const missed = seen.breaking(goal).missed;
    const unclear = seen.highestUnclear(goal);
    if (unclear === null) return null;
    if (missed !== null) return missed > unclear * (1 + precision) ? between(unclear, missed) : null;
    if (long || unclear >= most) return null;
    // Steps grow with what was not clear so far: it may be so for ever.
    const above = typeable(
      Math.min(most, unclear * Math.max(1 + 2 * precision, unclear / (floor ?? unclear))),
    );
    return seen.has(above, long) ? null : above;

    function between(low: number, high: number): number | null {
      const times = typeable(Math.sqrt(low * high));
      return seen.has(times, long) ? null : times;
    }
  }

  /**
   * A load between two others at which a goal may give way: just below or above what is guessed, and of rare traffic
   * where other goals were found to give way, since it suffers with the rest. Null without an idea.
   */
  function likely(goal: number, floor: number, ceiling: number, long: boolean): number | null {
    const { precision } = search;
    const guess = search.guesses[goal] ?? null;
    const half = precision / 2.2;
    const guesses = guess === null ? [] : [guess * (1 - half), guess * (1 + half)];
    const others = long ? all.flatMap((each) => Object.values(seen.breaking(each)) as (number | null)[]) : [];
    const within = [...others, ...guesses].filter(
      (times): times is number =>
        times !== null && times > floor * (1 + precision / 3) && times < ceiling / APART,
    );
    return within.length === 0 ? null : Math.min(...within);
  }
}

/** How much wider a bracket may be of what gives way above where runs cannot tell. */
const BEHIND = 5;

/** Loads nearer to each other than this are one. */
const APART = 1.001;

/** The lowest load that is looked at, as a multiple of that of the design. */
export const LEAST = 0.01;

/** Loads are said to four digits, so that they can be typed. */
export const typeable = (times: number): number => Number(times.toPrecision(4));

/** What runs have said so far. A longer run at a load takes the place of the usual one. */
class Observations {
  readonly #goals: number;
  #long: readonly number[] = [];
  readonly #verdicts = new Map<number, { readonly long: boolean; readonly verdicts: readonly Verdict[] }>();

  constructor(goals: number) {
    this.#goals = goals;
  }

  /** That the usual runs cannot tell of these goals says nothing: the longer ones may. */
  onlyLong(goals: readonly number[]): void {
    this.#long = goals;
  }

  add(times: number, long: boolean, verdicts: readonly Verdict[]): void {
    if (verdicts.length !== this.#goals) {
      throw new RangeError(`verdicts must be ${this.#goals}, one for each goal, got ${verdicts.length}`);
    }
    this.#verdicts.set(times, { long, verdicts });
  }

  has(times: number, long: boolean): boolean {
    const there = this.#verdicts.get(times);
    return there !== undefined && (there.long || !long);
  }

  at(goal: number, times: number): Verdict | null {
    return this.#verdicts.get(times)?.verdicts[goal] ?? null;
  }

  breaking(goal: number): Breaking {
    const loads = this.#loads(goal);
    const missed = loads.find(({ verdict }) => verdict === false)?.times ?? null;
    const below = loads.filter(({ times }) => missed === null || times < missed);
    return { met: below.findLast(({ verdict }) => verdict === true)?.times ?? null, missed };
  }

  /** The highest load at which it is met. */
  floor(goal: number): number | null {
    return this.breaking(goal).met;
  }

  /** The lowest load above the floor at which it is not known to be met. */
  ceiling(goal: number): number | null {
    const floor = this.floor(goal) ?? 0;
    return this.#loads(goal).find(({ times, verdict }) => times > floor && verdict !== true)?.times ?? null;
  }

  /** The highest load below every one at which it is missed, and above all at which it is met, of which none can tell. */
  highestUnclear(goal: number): number | null {
    const { met, missed } = this.breaking(goal);
    const unclear = this.#loads(goal).filter(
      ({ times, verdict }) =>
        verdict === 'unknown' && times > (met ?? 0) && times < (missed ?? Number.POSITIVE_INFINITY),
    );
    return unclear.at(-1)?.times ?? null;
  }

  #loads(goal: number): { times: number; verdict: Verdict }[] {
    return [...this.#verdicts]
      .map(([times, { long, verdicts }]) => ({ times, long, verdict: verdicts[goal]! }))
      .filter(({ long, verdict }) => long || verdict !== 'unknown' || !this.#long.includes(goal))
      .sort((a, b) => a.times - b.times);
  }
}
