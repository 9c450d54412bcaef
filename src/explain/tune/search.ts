import type { Evaluation, Evaluations, Setting } from './evaluate.ts';

/** What a search for the cheapest setting has to know of a knob. */
export interface Dial {
  /** How many values it has. */
  readonly values: number;
  /** More of it costs money: it is taken to keep the goals the better the more there is. */
  readonly costs: boolean;
}

export interface SearchOptions {
  readonly dials: readonly Dial[];
  readonly evaluations: Evaluations;
  /** Where to begin with the knobs that cost nothing. */
  readonly start: Setting;
  /** Settings simulated at most. */
  readonly most: number;
}

const MOST_PASSES = 4;

/**
 * Looks for the cheapest setting that keeps all goals. Dear knobs at their most come first: if that keeps the goals, the
 * estimate says how far down they may go, simulation raises them from there until the goals hold, and each is then
 * bisected downwards, the one that saves most first, until nothing can go down. A setting that has less of all that
 * costs than one that misses a goal is not tried. Knobs that cost nothing are turned where that helps.
 *
 * @returns the cheapest that was found; null where none keeps all goals
 */
export async function cheapest(options: SearchOptions): Promise<Evaluation | null> {
  return new Search(options).run();
}

class Search {
  readonly #dials: readonly Dial[];
  readonly #evaluations: Evaluations;
  readonly #start: Setting;
  readonly #most: number;

  constructor({ dials, evaluations, start, most }: SearchOptions) {
    this.#dials = dials;
    this.#evaluations = evaluations;
    this.#start = start;
    this.#most = most;
  }

  async run(): Promise<Evaluation | null> {
    const top = this.#start.map((at, k) => (this.#dials[k]!.costs ? this.#dials[k]!.values - 1 : at));
    const kept = (await this.#keeps(top)) ? top : await this.#turnFree(top);
    if (kept === null) return null;
    let best = await this.#raise(this.#estimated(kept), kept);
    for (let pass = 0; pass < MOST_PASSES && this.#left; pass++) {
      const before = best;
      best = await this.#descend(best);
      best = await this.#exchange(best);
      if (before.join() === best.join()) break;
    }
    return this.#evaluations.of(best);
  }

  get #left(): boolean {
    return this.#evaluations.all.length < this.#most;
  }

  async #keeps(setting: Setting): Promise<boolean> {
    if (this.#surelyMisses(setting) || !this.#left) return false;
    return (await this.#evaluations.of(setting)).keepsAll;
  }

  /** Whether a setting that is the same but for more of what costs has missed a goal. */
  #surelyMisses(setting: Setting): boolean {
    return this.#evaluations.all.some(
      (other) =>
        !other.keepsAll &&
        other.refused === null &&
        other.setting.every((at, k) => (this.#dials[k]!.costs ? at >= setting[k]! : at === setting[k])),
    );
  }

  /** Turns knobs that cost nothing, one after the other, to what misses least; null where that does not do. */
  async #turnFree(from: Setting): Promise<Setting | null> {
    let at = from;
    let score = this.#score(await this.#evaluations.of(at, true));
    for (const [k, { costs, values }] of this.#dials.entries()) {
      if (costs) continue;
      for (let value = 0; value < values && this.#left; value++) {
        const tried = replaced(at, k, value);
        const evaluation = await this.#evaluations.of(tried, true);
        if (evaluation.keepsAll) return tried;
        if (this.#score(evaluation) <= score) continue;
        score = this.#score(evaluation);
        at = tried;
      }
    }
    return null;
  }

  /** Goals kept, and how near the others are. */
  #score({ goals, refused }: Evaluation): number {
    if (refused !== null) return Number.NEGATIVE_INFINITY;
    return goals.reduce(
      (sum, { met, slack }) => sum + (met === true ? 1 : Math.max(-1, Math.min(0, slack.value ?? -1))),
      0,
    );
  }

  /** The least of each knob that costs at which formulas see no goal missed, one after the other, the dearest first. */
  #estimated(from: Setting): Setting {
    let at = from;
    for (const k of this.#bySaving(from)) {
      let [low, high] = [0, at[k]!];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.#evaluations.likely(replaced(at, k, middle))) high = middle;
        else low = middle + 1;
      }
      at = replaced(at, k, high);
    }
    return at;
  }

  /** Up from one setting towards another, which keeps the goals, until they hold. */
  async #raise(from: Setting, to: Setting): Promise<Setting> {
    let [low, high] = [0, Math.max(...to.map((at, k) => at - from[k]!))];
    const between = (steps: number): Setting => to.map((at, k) => Math.min(at, from[k]! + steps));
    if (await this.#keeps(from)) return from;
    // Doubling: what formulas say is rarely far off.
    for (let steps = 1; steps < high; steps *= 2) {
      if (await this.#keeps(between(steps))) high = steps;
      else low = steps;
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (await this.#keeps(between(middle))) high = middle;
      else low = middle;
    }
    return between(high);
  }

  /** Each knob that costs down to the least at which the goals still hold, what saves most first. */
  async #descend(from: Setting): Promise<Setting> {
    let at = from;
    for (const k of this.#bySaving(from)) {
      let [low, high] = [-1, at[k]!];
      // What is one below is tried first: after the estimate most knobs are near their least.
      for (let step = 1; high - low > 1; step *= 2) {
        const next = Math.max(low + 1, high - step);
        if (await this.#keeps(replaced(at, k, next))) high = next;
        else {
          low = next;
          break;
        }
      }
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (await this.#keeps(replaced(at, k, middle))) high = middle;
        else low = middle;
      }
      at = replaced(at, k, high);
    }
    return at;
  }

  /** One step less of one knob against one more of another, or another value of one that costs nothing, where it is cheaper. */
  async #exchange(from: Setting): Promise<Setting> {
    const cost = this.#evaluations.cost(from) ?? Number.POSITIVE_INFINITY;
    for (const down of this.#bySaving(from)) {
      if (from[down] === 0) continue;
      const less = replaced(from, down, from[down]! - 1);
      for (const [other, { costs, values }] of this.#dials.entries()) {
        if (other === down) continue;
        const others = costs ? [from[other]! + 1] : [from[other]! - 1, from[other]! + 1];
        for (const value of others) {
          if (value < 0 || value >= values) continue;
          const tried = replaced(less, other, value);
          const cheaper = (this.#evaluations.cost(tried) ?? Number.POSITIVE_INFINITY) < cost;
          if (cheaper && this.#evaluations.likely(tried) && (await this.#keeps(tried))) return tried;
        }
      }
    }
    return from;
  }

  /** Knobs that cost, by what the last step of each saves. */
  #bySaving(from: Setting): number[] {
    const now = this.#evaluations.cost(from) ?? 0;
    return this.#dials
      .flatMap(({ costs }, k) => (costs && from[k]! > 0 ? [k] : []))
      .map((k) => ({ k, saves: now - (this.#evaluations.cost(replaced(from, k, from[k]! - 1)) ?? now) }))
      .sort((a, b) => b.saves - a.saves || a.k - b.k)
      .map(({ k }) => k);
  }
}

export const replaced = (setting: Setting, k: number, value: number): Setting =>
  setting.map((at, other) => (other === k ? value : at));
