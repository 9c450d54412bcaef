import type { KindKnob, KindVariant } from '../design/index.ts';
import { type Distribution, formatQuantity } from '../quantities/index.ts';
import type { Room } from './room.ts';

/** What can be changed about copies: how many there is room for, how long they last, which are kept. */

/** Items and bytes that nothing outgrows. */
const MOST = { items: 1e12, bytes: 1e15 };

/** The knob of the room. */
export function roomKnob(room: Room): KindKnob {
  const common = { least: 1, spares: true, relieves: [], sacrifices: 'memory' } as const;
  return 'items' in room
    ? { ...common, setting: ['items'], now: room.items, most: MOST.items, dimension: 'count' }
    : { ...common, setting: ['memory'], now: room.bytes, most: MOST.bytes, dimension: 'size' };
}

/** The knob of the time to live, where that is one time, or one with a jitter around it. */
export function ttlKnobs(ttl: Distribution | null): KindKnob[] {
  if (ttl === null || (ttl.law !== 'constant' && ttl.law !== 'uniform')) return [];
  const mean = ttl.law === 'constant' ? ttl.value : (ttl.low + ttl.high) / 2;
  const jitter = ttl.law === 'constant' ? 0 : (ttl.high - ttl.low) / 2 / mean;
  return [
    {
      setting: ['ttl'],
      now: mean,
      least: 0.001,
      most: 10 * 365 * 86_400,
      dimension: 'time',
      relieves: [],
      spares: true,
      sacrifices: 'what was changed is served as it was for longer',
      ...(jitter > 0 && { written: (value: string) => `${value} ± ${formatQuantity(jitter, 'ratio')}` }),
    },
  ];
}

/** Eviction by how often an item is asked for, over the usual one. */
export function evictVariants(evict: unknown): KindVariant[] {
  if (evict !== 'lru' && evict !== 'fifo' && evict !== 'random') return [];
  return [
    {
      sets: [{ setting: ['evict'], value: 'w-tiny-lfu' }],
      chose: 'to keep what is asked for often (w-tiny-lfu)',
      over: `evicting by ${evict}`,
      because: 'items that are asked for once push none out that are asked for again and again',
      sacrifices: 'a policy that not every engine offers; it follows slowly when other items become popular',
      helps: 'behind',
    },
  ];
}
