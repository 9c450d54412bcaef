import * as z from 'zod';
import { count, quantity, quantityOrFlag, type Settling, section } from '../design/index.ts';
import type { Entry } from '../estimate/index.ts';
import { formatQuantity } from '../quantities/index.ts';

/** How long it takes until another one stands in for one that failed. Times are in seconds. */
export interface TakeoverSettings {
  /** From the failure of one until the other has taken over. */
  readonly takeover: number;
  /** What that is the sum of, where the design says so. */
  readonly parts?: TakeoverParts;
}

interface TakeoverParts {
  /** Between two heartbeats, and how many must fail to come. */
  readonly heartbeat: number;
  readonly missed: number;
  /** Until what runs serves. */
  readonly promotion: number;
  /** Until what does not run does; 0 = it stands by warm. */
  readonly boot: number;
}

const TIME_OR_PARTS = 'a time such as 5s, or a map of `heartbeat`, `missed`, `promotion` and `boot`';
const TIME_FLAG_OR_PARTS = `true, ${TIME_OR_PARTS}`;

/** Heartbeats, promotion and start; `serves` says what the other one does in the end. */
const takeoverParts = (serves: string) =>
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
      is: `From then until the other one, which runs, ${serves}; at once unless said.`,
    }).optional(),
    boot: quantityOrFlag(
      'time',
      {
        is: 'The other one stands by cold: it is started first, which takes so long; with true, the constant autoscale.boot. Without it, it stands by warm.',
      },
      { above: 0 },
    ).optional(),
  });

/** A time, or what it is the sum of. */
export const takeoverField = (description: string, serves: string) =>
  z
    .union([quantity('time', { is: 'All of it.' }, { above: 0 }), takeoverParts(serves)], {
      error: () => TIME_OR_PARTS,
    })
    .meta({ expected: TIME_OR_PARTS, description })
    .optional();

/** The same of one that there is only where it is written: `true` takes the time from a constant. */
export const takeoverOrFlagField = (description: string, serves: string) =>
  z
    .union([quantityOrFlag('time', { is: 'All of it.' }, { above: 0 }), takeoverParts(serves)], {
      error: () => TIME_FLAG_OR_PARTS,
    })
    .meta({ expected: TIME_FLAG_OR_PARTS, description })
    .optional();

type WrittenTakeover = z.output<ReturnType<typeof takeoverOrFlagField>>;

/**
 * What is written, with the defaults.
 *
 * @param whole the constant that all of it is unless said
 */
export function settleTakeover(
  written: WrittenTakeover,
  settling: Settling,
  whole: string,
): TakeoverSettings {
  if (written === undefined || typeof written !== 'object' || written === null)
    return { takeover: typeof written === 'number' ? written : settling.constant(whole) };
  const { heartbeat, missed, promotion = 0, boot = null } = written;
  const parts: TakeoverParts = {
    heartbeat: heartbeat ?? settling.constant('failover.heartbeat'),
    missed: missed ?? settling.constant('failover.missed'),
    promotion,
    boot: boot === true ? settling.constant('autoscale.boot') : (boot ?? 0),
  };
  return { takeover: parts.heartbeat * parts.missed + parts.promotion + parts.boot, parts };
}

/** The line of the sheet that says how long it takes, where the design says of what it is the sum. */
export function takeoverEntries(component: string, settings: TakeoverSettings | undefined): readonly Entry[] {
  if (settings?.parts === undefined) return [];
  const { heartbeat, missed, promotion, boot } = settings.parts;
  const time = (seconds: number): string => formatQuantity(seconds, 'time');
  return [
    {
      name: `${component}.takeover`,
      label: boot > 0 ? 'takeover by one that stands by cold' : 'takeover',
      value: settings.takeover,
      unit: 's',
      formula: 'heartbeat × missed + promotion + boot',
      working: () => `${time(heartbeat)} × ${missed} + ${time(promotion)} + ${time(boot)}`,
      source: 'the design',
    },
  ];
}
