import { unjudgedLosses } from '../stress/unjudged-losses.ts';
import { type Bench, type Weakness, weaknessOf } from './bench.ts';
import { movesFor } from './catalogue.ts';
import { costDifference, costsOf } from './cost.ts';
import type { Move } from './move.ts';
import { sizedFor } from './situation.ts';
import { together } from './together.ts';
import { type Held, type Helpful, type Made, make, stronger, timesText } from './tried.ts';

/** Changes that are put together one after the other, at most. */
const ROUNDS = 4;
/** Changes that are tried in each round, and those of which it is found out how far they hold. */
const TRIED = 8;
const FOLLOWED = 3;
/** Where a design carries its load and nothing lets more through, several changes are to let so many times as much. */
const FURTHER = 1.5;

/** What several moves together do. */
export interface Combined {
  /** Null where they do no more than the best single one, or that is enough. */
  readonly helpful: Helpful | null;
  readonly notes: readonly string[];
}

/** Moves that were put together, and how far the design holds with them. */
interface Chain extends Held {
  readonly steps: readonly Move[];
  readonly made: Made;
}

/**
 * Where no single move lets a design carry its own load, or none lets any more through: widens what gives way first far
 * enough for the load that is to be carried, looks what gives way then, and so on along the bottlenecks. In each round
 * the cheapest change that carries the load is taken, else the one that holds farthest; what turns out not to be
 * needed is left out again.
 *
 * @param first what gives way in the design as it is
 * @param singles single moves that help
 */
export async function combined(
  bench: Bench,
  first: Weakness,
  singles: readonly Helpful[],
): Promise<Combined> {
  const { met, missed } = bench.base;
  // What is missed at every load is not for want of room.
  if (met === null || missed === null) return { helpful: null, notes: [] };
  const fails = met < 1;
  const target = fails ? Math.max(1, missed) : missed * FURTHER;
  const forLoad = singles.filter(({ advice, held }) => held !== null && advice.loses.length === 0);
  const mended = forLoad.some(({ held }) => held!.breaking.met! >= (fails ? target : missed));
  if (mended || target > bench.most) return { helpful: null, notes: [] };

  const chains = new Chains(bench, target);
  const chain = await chains.from(first, forLoad);
  const farthest = Math.max(missed, ...forLoad.map(({ held }) => held!.breaking.missed!));
  if (chain === null || (chain.breaking.met ?? 0) <= farthest) {
    return { helpful: null, notes: fails ? [`${upTo} lets it carry its own load.`] : [] };
  }
  const short = fails && !chains.carries(chain);
  return {
    helpful: await stronger(bench, chain.made, chain),
    notes: short
      ? [`${upTo} lets it carry its own load: the farthest hold up to ${timesText(chain.breaking.met!)}.`]
      : [],
  };
}

const upTo = `None of the combinations that were tried, of up to ${ROUNDS} changes one after the other,`;

const CHAINED = 'one gives way after the other, and no single change is enough';

class Chains {
  readonly #bench: Bench;
  readonly #target: number;

  constructor(bench: Bench, target: number) {
    this.#bench = bench;
    this.#target = target;
  }

  async from(first: Weakness, singles: readonly Helpful[]): Promise<Chain | null> {
    let chain = await this.#begun(first, singles);
    for (let round = 1; chain !== null && !this.carries(chain) && round < ROUNDS; round++) {
      const longer = await this.#longer(chain);
      if (longer === null) return chain;
      chain = longer;
    }
    return chain === null || !this.carries(chain) ? chain : this.#needed(chain);
  }

  carries({ breaking }: Held): boolean {
    return (breaking.met ?? 0) >= this.#target;
  }

  /** The single move that holds farthest, or else the first that fits, with as much of it as the load takes. */
  async #begun(first: Weakness, singles: readonly Helpful[]): Promise<Chain | null> {
    const [best] = [...singles].sort(
      (a, b) =>
        b.held!.breaking.met! - a.held!.breaking.met! || dollars(a.advice.cost) - dollars(b.advice.cost),
    );
    const moves = this.#moves(first, this.#bench.base.missed!);
    const start = best === undefined ? moves[0] : moves.find(({ name }) => name === best.made.move.name);
    const made = start === undefined ? null : this.#made([start]);
    if (made !== null) return this.#held([start!], made);
    return best === undefined ? null : { steps: [best.made.move], made: best.made, ...best.held! };
  }

  async #longer({ steps, made, trial, breaking }: Chain): Promise<Chain | null> {
    const { missed } = breaking;
    if (missed === null) return null;
    const weakness = await weaknessOf(made.design, trial, breaking, this.#bench, null);
    const options = this.#moves(weakness, missed)
      .slice(0, TRIED)
      .flatMap((move): Chain[] => {
        const longer = [...steps, move];
        const whole = this.#made(longer);
        if (whole === null) return [];
        return [{ steps: longer, made: whole, trial: this.#bench.trial(whole.plan, whole.move), breaking }];
      });
    const carrying: Chain[] = [];
    for (const option of options) {
      if ((await option.trial.verdict(this.#target, this.#bench.goals)) === true) carrying.push(option);
    }
    const cheapest = carrying.sort((a, b) => this.#cost(a) - this.#cost(b)).slice(0, FOLLOWED);
    let lossy: Chain | null = null;
    for (const option of cheapest) {
      const chain = await this.#followed(option, this.#target);
      const report = await chain.trial.report(chain.breaking.met ?? this.#target);
      if (unjudgedLosses(chain.made.plan, report, this.#bench.meant).length === 0) return chain;
      lossy ??= chain;
    }
    return lossy ?? this.#farthest(options, missed);
  }

  /** The one that holds farthest of those that hold where the chain before them did not. */
  async #farthest(options: readonly Chain[], missed: number): Promise<Chain | null> {
    const further: Chain[] = [];
    for (const option of options) {
      if (further.length === FOLLOWED) break;
      if ((await option.trial.verdict(missed, this.#bench.goals)) === true) {
        further.push(await this.#followed(option, missed));
      }
    }
    const [best] = further.sort(
      (a, b) => (b.breaking.met ?? 0) - (a.breaking.met ?? 0) || this.#cost(a) - this.#cost(b),
    );
    return best ?? null;
  }

  /** Without the steps without which it carries the load as well. The last is needed: without it, it did not. */
  async #needed(chain: Chain): Promise<Chain> {
    let kept = chain;
    for (const step of chain.steps.slice(0, -1)) {
      const steps = kept.steps.filter((each) => each !== step);
      if (steps.some((each) => buildsOn(each, step))) continue;
      const made = this.#made(steps);
      if (made === null) continue;
      const trial = this.#bench.trial(made.plan, made.move);
      if ((await trial.verdict(this.#target, this.#bench.goals)) !== true) continue;
      kept = await this.#followed({ steps, made, trial, breaking: kept.breaking }, this.#target);
    }
    return kept;
  }

  /** Moves for what gives way, with as much of each as the load takes. */
  #moves({ cause, situation }: Weakness, missed: number): Move[] {
    const narrow = sizedFor(situation.narrow, situation.broken, { from: missed, to: this.#target });
    const [what] = cause.links;
    const said = (move: Move): Move =>
      what === undefined ? move : { ...move, because: `at ${timesText(missed)} ${what}` };
    const placed = (move: Move): Move => ({ ...move, because: `at ${timesText(missed)} ${move.because}` });
    return movesFor({ ...situation, narrow })
      .filter(({ helps }) => helps === 'load')
      .map((move) => ({
        ...said(move),
        ...(move.steps === undefined ? {} : { steps: move.steps.map(placed) }),
      }));
  }

  #made(steps: readonly Move[]): Made | null {
    const made = make(this.#bench, together(steps, { because: CHAINED, helps: 'load' }));
    return 'why' in made ? null : made;
  }

  #cost({ made }: Chain): number {
    const { costs, kinds } = this.#bench;
    return dollars(costDifference(costs, costsOf(made.plan, kinds.estimated)));
  }

  async #held(steps: readonly Move[], made: Made): Promise<Chain> {
    const trial = this.#bench.trial(made.plan, made.move);
    const carries = (await trial.verdict(this.#target, this.#bench.goals)) === true;
    const option = { steps, made, trial, breaking: this.#bench.base };
    return this.#followed(option, carries ? this.#target : 0);
  }

  /** With where it gives way, above a load up to which it is known to hold. */
  async #followed(option: Chain, holds: number): Promise<Chain> {
    const guess = await this.#bench.guess(option.made.plan);
    return { ...option, breaking: await option.trial.breaking(this.#bench.goals, guess, holds) };
  }
}

/** Whether a move changes something within what another one puts there. */
export function buildsOn(move: Move, other: Move): boolean {
  return move.edits.some(({ path }) =>
    other.edits.some(
      (edit) => edit.path.length < path.length && edit.path.every((part, i) => part === path[i]),
    ),
  );
}

/** What nobody knows the price of is taken for dear. */
const dollars = (cost: number | null): number => cost ?? Number.POSITIVE_INFINITY;
