import type { Random } from '../../kernel/index.ts';
import { MISSING_KEY } from '../new-key.ts';
import { KeySpace } from './key-space.ts';

/** Numbers of keys that are each another one, and the first of them: those of keys that come again are below. */
const NUMBERS = 2 ** 29;

/** Keys that are asked for, each as often as any other, and stand for nothing. */
export class MissingKeys extends KeySpace {
  private readonly endless: boolean;
  private drawn = 0;

  /** @param count keys; Infinity = each is another one */
  constructor(count: number) {
    const endless = count === Number.POSITIVE_INFINITY;
    super(endless ? NUMBERS : count, { law: 'uniform' }, {});
    this.endless = endless;
  }

  override sample(random: Random): number {
    if (this.endless) return MISSING_KEY - NUMBERS - (this.drawn++ % NUMBERS);
    return MISSING_KEY - Math.floor(random.next() * this.count);
  }
}
