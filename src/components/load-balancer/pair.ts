import type * as z from 'zod';
import type { KindFinding, Settling } from '../../design/index.ts';
import { settleTakeover, type TakeoverSettings, takeoverField } from '../takeover.ts';

/** How two balancers stand in for each other. */
export interface PairSettings extends TakeoverSettings {
  /** Whether one serves and the other stands by, or both serve. */
  readonly mode: 'active-passive' | 'active-active';
}

export const pairTakeoverField = takeoverField(
  'From the failure of one of a pair until the other has taken over what came to it: a time, or the heartbeats, the promotion and the start that it is the sum of; the constant failover.address unless said.',
  'has the address and serves',
);

interface WrittenPair {
  readonly pair?: PairSettings['mode'] | undefined;
  readonly takeover?: z.output<typeof pairTakeoverField>;
}

/** What is written, with the defaults; null where there is one balancer. */
export function settlePair({ pair, takeover }: WrittenPair, settling: Settling): PairSettings | null {
  if (pair === undefined) return null;
  return { mode: pair, ...settleTakeover(takeover, settling, 'failover.address') };
}

/** Reports a takeover by nobody, and the start of one that runs. */
export function checkPair({ pair, takeover }: WrittenPair): KindFinding[] {
  if (takeover === undefined) return [];
  if (pair === undefined) {
    const message = 'there is one balancer, and no other to take over; `pair` makes two';
    return [{ code: 'idle-knob', setting: ['takeover'], message }];
  }
  if (pair === 'active-active' && typeof takeover === 'object' && takeover.boot != null) {
    return [
      {
        code: 'conflicting-keys',
        setting: ['takeover', 'boot'],
        message: 'both of an active-active pair serve, so neither has to start',
        hint: '`pair: active-passive` has one that stands by',
      },
    ];
  }
  return [];
}
