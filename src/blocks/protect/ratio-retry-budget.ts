import { requireInstant, requirePositive, requireState, requireWithin } from './range.ts';
import type { RatioRetryBudgetOptions, RetryBudget, RetryBudgetState } from './retry-budget.ts';
import { SlotRing } from './slot-ring.ts';

/** Slots of the window, as in Finagle. */
const SLOTS = 10;

/**
 * Retries as a share of the requests of the last `ttl`, and a reserve: Finagle's RetryBudget (Twitter, 2016;
 * linkerd took it over). Every request deposits 1, every retry takes 1 / ratio; what is in the window and the
 * reserve `minimumRate · ttl` together must cover it. Both deposits and withdrawals are forgotten after `ttl`,
 * so that the reserve comes back. For a clock that goes back see {@link SlotRing}.
 */
export class RatioRetryBudget implements RetryBudget {
  private readonly ring: SlotRing;
  private readonly balances = new Float64Array(SLOTS);
  private readonly deposit: number;
  private readonly cost: number;
  private readonly reserve: number;

  constructor(options: RatioRetryBudgetOptions, state?: RetryBudgetState) {
    const { ttl, minimumRate, ratio = 0.2 } = options;
    requirePositive('ttl', ttl);
    requireWithin('minimumRate', minimumRate, 0, 2 ** 53);
    requireWithin('ratio', ratio, 0, 1000);
    this.ring = new SlotRing(SLOTS, ttl / SLOTS);
    this.deposit = ratio === 0 ? 0 : 1;
    this.cost = ratio === 0 ? 1 : 1 / ratio;
    this.reserve = minimumRate * ttl * this.cost;
    if (state !== undefined) this.restore(state);
  }

  started(now: number): void {
    this.advance(now);
    const at = this.ring.current;
    this.balances[at] = this.balances[at]! + this.deposit;
  }

  succeeded(now: number): void {
    requireInstant(now);
  }

  failed(now: number): void {
    requireInstant(now);
  }

  tryRetry(now: number): boolean {
    this.advance(now);
    let balance = this.reserve;
    for (let slot = 0; slot < SLOTS; slot++) balance += this.balances[slot]!;
    if (balance < this.cost) return false;
    const at = this.ring.current;
    this.balances[at] = this.balances[at]! - this.cost;
    return true;
  }

  snapshot(): RetryBudgetState {
    return {
      version: 1,
      kind: 'ratio',
      epoch: this.ring.snapshot().epoch,
      balances: Array.from({ length: SLOTS }, (_, age) => this.balances[this.ring.slotOfAge(age)]!),
    };
  }

  private advance(now: number): void {
    requireInstant(now);
    const passed = this.ring.advance(now);
    for (let age = 0; age < passed; age++) this.balances[this.ring.slotOfAge(age)] = 0;
  }

  private restore(state: RetryBudgetState): void {
    requireState(state, 'ratio');
    if (state.balances?.length !== SLOTS) {
      throw new RangeError(`state.balances must have ${SLOTS} slots, got ${state.balances?.length}`);
    }
    this.ring.restore({ version: 1, kind: 'slot-ring', epoch: state.epoch });
    state.balances.forEach((balance, age) => {
      requireWithin('state.balances', balance, -Number.MAX_VALUE, Number.MAX_VALUE);
      this.balances[this.ring.slotOfAge(age)] = balance;
    });
  }
}
