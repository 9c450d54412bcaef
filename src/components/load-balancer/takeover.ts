import * as z from 'zod';
import {
  count,
  type KindFinding,
  quantity,
  quantityOrFlag,
  type Settling,
  section,
} from '../../design/index.ts';
import type { Entry } from '../../estimate/index.ts';
import { formatQuantity } from '../../quantities/index.ts';

/** How two balancers stand in for each other. Times are in seconds. */
export interface PairSettings {
  /** Whether one serves and the other stands by, or both serve. */
  readonly mode: 'active-passive' | 'active-active';
  /** From the failure of one until the other has taken over. */
  readonly takeover: number;
  /** What that is the sum of, where the design says so. */
  readonly parts?: TakeoverParts;
}

interface TakeoverParts {
  /** Between two heartbeats, and how many must fail to come. */
  readonly heartbeat: number;
  readonly missed: number;
  /** Until what runs has the address and serves. */
  readonly promotion: number;
  /** Until what does not run does; 0 = it stands by warm. */
  readonly boot: number;
}

const TIME_OR_PARTS = 'a time such as 5s, or a map of `heartbeat`, `missed`, `promotion` and `boot`';

export const takeoverField = z
  .union(
    [
      quantity('time', { is: 'All of it.' }, { above: 0 }),
      section('a takeover', {
        heartbeat: quantity(
          'time',
          { is: 'Time between two heartbeats; the constant failover.heartbeat unless said.' },
          { above: 0 },
        ).optional(),
        missed: count(
          {
            is: 'Heartbeats in a row that must fail to come; the constant failover.missed unless said.',
          },
          { most: 1000 },
        ).optional(),
        promotion: quantity('time', {
          is: 'From then until the other one, which runs, has the address and serves; at once unless said.',
        }).optional(),
        boot: quantityOrFlag(
          'time',
          {
            is: 'The other one stands by cold: it is started first, which takes so long; with true, the constant autoscale.boot. Without it, it stands by warm.',
          },
          { above: 0 },
        ).optional(),
      }),
    ],
    { error: () => TIME_OR_PARTS },
  )
  .meta({
    expected: TIME_OR_PARTS,
    description:
      'From the failure of one of a pair until the other has taken over what came to it: a time, or the heartbeats, the promotion and the start that it is the sum of; the constant failover.address unless said.',
  })
  .optional();

interface WrittenPair {
  readonly pair?: PairSettings['mode'] | undefined;
  readonly takeover?: z.output<typeof takeoverField>;
}

/** What is written, with the defaults; null where there is one balancer. */
export function settlePair({ pair, takeover }: WrittenPair, settling: Settling): PairSettings | null {
  if (pair === undefined) return null;
  if (typeof takeover !== 'object') {
    return { mode: pair, takeover: takeover ?? settling.constant('failover.address') };
  }
  const { heartbeat, missed, promotion = 0, boot = null } = takeover;
  const parts: TakeoverParts = {
    heartbeat: heartbeat ?? settling.constant('failover.heartbeat'),
    missed: missed ?? settling.constant('failover.missed'),
    promotion,
    boot: boot === true ? settling.constant('autoscale.boot') : (boot ?? 0),
  };
  return { mode: pair, takeover: parts.heartbeat * parts.missed + parts.promotion + parts.boot, parts };
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

/** The line of the sheet that says how long it takes, where the design says of what it is the sum. */
export function takeoverEntries(component: string, pair: PairSettings | undefined): readonly Entry[] {
  if (pair?.parts === undefined) return [];
  const { heartbeat, missed, promotion, boot } = pair.parts;
  const time = (seconds: number): string => formatQuantity(seconds, 'time');
  return [
    {
      name: `${component}.takeover`,
      label: boot > 0 ? 'takeover by one that stands by cold' : 'takeover',
      value: pair.takeover,
      unit: 's',
      formula: 'heartbeat × missed + promotion + boot',
      working: () => `${time(heartbeat)} × ${missed} + ${time(promotion)} + ${time(boot)}`,
      source: 'the design',
    },
  ];
}
