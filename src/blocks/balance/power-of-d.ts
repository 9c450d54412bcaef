import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireWholeOption } from './checks.ts';

/**
 * As many distinct available targets at random as there are choices, then the one with the fewest requests in
 * flight; of equals, the first drawn. One choice is `random`, as many choices as targets is "join the shortest
 * queue" with ties at random; two decide exactly as `power-of-two` does. Queues fall off as λ^((d^i − 1)/(d − 1)) in
 * the limit of many targets (Vvedenskaya, Dobrushin & Karpelevich 1996; Mitzenmacher, IEEE TPDS 12(10), 2001).
 * The time it takes grows with the square of the choices, which are meant to be few.
 */
export class PowerOfDBalancer extends CountingBalancer {
  private readonly choices: number;
  /** Positions drawn for this pick, in ascending order. */
  private readonly drawn: Int32Array;

  /** @throws RangeError when `choices` is not a whole number from 1 to 1024 */
  constructor(targets: number, choices = 2) {
    super(targets);
    requireWholeOption('choices', choices, 1, 1024);
    this.choices = choices;
    this.drawn = new Int32Array(Math.min(choices, targets));
  }

  pick(random: Random): number {
    const { inFlight, up, upCount, drawn } = this;
    const count = Math.min(this.choices, upCount);
    let best = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      // One of the positions that are left, counted past those drawn before.
      let position = Math.floor(random.next() * (upCount - i));
      let at = 0;
      while (at < i && drawn[at]! <= position) {
        position++;
        at++;
      }
      for (let j = i; j > at; j--) drawn[j] = drawn[j - 1]!;
      drawn[at] = position;
      const target = up[position]!;
      if (inFlight[target]! < fewest) {
        fewest = inFlight[target]!;
        best = target;
      }
    }
    return best;
  }
}
