import type { Random } from '../../kernel/index.ts';
import { MISSING_KEY } from '../new-key.ts';
import { KeySpace } from './key-space.ts';

/** Keys that are asked for, each as often as any other, and stand for nothing. */
export class MissingKeys extends KeySpace {
  constructor(count: number) {
    super(count, { law: 'uniform' }, {});
  }

  override sample(random: Random): number {
    return MISSING_KEY - Math.floor(random.next() * this.count);
  }
}
