import { type Sharding, shardings } from '../blocks/index.ts';
import { choice, count, type KindFinding, type Part, ratios } from '../design/index.ts';
import { Placement, type PlacementSpec, placedData } from '../design/placement.ts';
import type { Plan, PlanComponent } from '../design/plan.ts';

/** The words that say how keys are spread, as a user wrote them. */
export interface WrittenSharding {
  readonly 'shard-by'?: Sharding | undefined;
  readonly slots?: number | undefined;
  readonly 'virtual-nodes'?: number | undefined;
  readonly splits?: readonly number[] | undefined;
  readonly 'placed-keys'?: number | undefined;
}

/** Points on the ring for each shard unless told otherwise, as in the block. */
const VIRTUAL_NODES = 160;
const ENTRIES = 100;
const SLOTS_MAX = 2 ** 20;

const takers = {
  slots: ['hash', 'directory'],
  'virtual-nodes': ['consistent'],
  splits: ['range'],
  'placed-keys': ['directory'],
} as const satisfies Record<Exclude<keyof WrittenSharding, 'shard-by'>, readonly Sharding[]>;

const options = Object.keys(takers) as readonly (keyof typeof takers)[];

/** The words beside the number of shards, for the settings of a kind; `each` names one of them. */
export const shardingFields = (each: string) => ({
  'shard-by': choice(shardings, {
    is: `How keys are spread over the ${each}s: by a hash, by ranges of neighbours, by consistent hashing on a ring, or by a directory that places the most popular keys by hand.`,
    default: 'hash',
  }).optional(),
  slots: count(
    {
      is: `Slots that keys are hashed to and ${each}s own, for hash and directory; by default as many as ${each}s, which is hash mod n.`,
    },
    { most: SLOTS_MAX },
  ).optional(),
  'virtual-nodes': count(
    { is: `Points on the ring for each of the ${each}s, for consistent.`, default: VIRTUAL_NODES },
    { most: 65_536 },
  ).optional(),
  splits: ratios(
    'a share',
    {
      is: `What share of the keys comes before each of the ${each}s but the first, ascending, for range; by default all have equally many.`,
    },
    { above: 0, most: 0.999999 },
    `the share of the keys before each ${each} but the first, such as [0.25, 0.5, 0.75]`,
  ).optional(),
  'placed-keys': count(
    {
      is: `How many of the most popular keys the directory places, each on the one of the ${each}s that is asked least; the others go by hash.`,
      default: ENTRIES,
    },
    { most: 10_000 },
  ).optional(),
});

/** The spec of what was written, with every default filled in. */
export function shardingOf(written: WrittenSharding, shards: number): PlacementSpec {
  const by = written['shard-by'] ?? 'hash';
  const takes = (word: keyof typeof takers): boolean => (takers[word] as readonly Sharding[]).includes(by);
  return {
    by,
    shards,
    slots: takes('slots') ? (written.slots ?? null) : null,
    virtualNodes: takes('virtual-nodes') ? (written['virtual-nodes'] ?? VIRTUAL_NODES) : null,
    splits: takes('splits') && shards > 1 ? (written.splits ?? null) : null,
    entries: takes('placed-keys') ? (written['placed-keys'] ?? ENTRIES) : null,
  };
}

/** What was written and cannot be; for `settle`. */
export function refusedSharding(
  written: WrittenSharding,
  { by, shards }: PlacementSpec,
  each: string,
): KindFinding[] {
  const findings: KindFinding[] = [];
  const { slots, splits } = written;
  const out = (setting: string, message: string, expected: string): void => {
    findings.push({ code: 'out-of-range', setting: [setting], message, expected });
  };
  if (slots !== undefined && slots < shards) {
    out('slots', `${slots} slots for ${shards} ${each}s`, `at least ${shards}`);
  }
  if (splits !== undefined && by === 'range' && shards > 1) {
    if (splits.length !== shards - 1) {
      out(
        'splits',
        `${splits.length} splits for ${shards} ${each}s`,
        `${shards - 1}, where each but the first begins`,
      );
    } else if (splits.some((split, i) => i > 0 && split <= splits[i - 1]!)) {
      out('splits', 'the splits do not ascend', 'each above the one before');
    }
  }
  return findings;
}

/** What was written and changes nothing; for `check`. */
export function idleSharding(
  written: WrittenSharding,
  { by, shards }: PlacementSpec,
  each: string,
): KindFinding[] {
  const idle = (setting: string, message: string, hint?: string): KindFinding => ({
    code: 'idle-knob',
    setting: [setting],
    message,
    ...(hint === undefined ? {} : { hint }),
  });
  const all = ['shard-by', ...options] as const;
  if (shards === 1) {
    return all.flatMap((word) =>
      written[word] === undefined ? [] : [idle(word, `there is one ${each}, which has all keys`)],
    );
  }
  return options.flatMap((word) => {
    if (written[word] === undefined) return [];
    const takes: readonly Sharding[] = takers[word];
    if (!takes.includes(by)) {
      return [
        idle(word, `${by} takes no ${word}`, `${takes.join(' and ')} ${takes.length === 1 ? 'does' : 'do'}`),
      ];
    }
    return [];
  });
}

/** The shards by the names that faults call them by; one alone has none. */
export function partsOf({ shards }: PlacementSpec): ReadonlyMap<string, Part> {
  if (shards === 1) return new Map();
  return new Map(
    Array.from({ length: shards }, (_, first) => [`shard-${first}`, { first, instances: 1 }] as const),
  );
}

const known = new WeakMap<PlacementSpec, { readonly plan: Plan; readonly placement: Placement }>();

/** The placement of a component's data; the same object for the same settings and plan. */
export function placementOf(spec: PlacementSpec, component: PlanComponent, plan: Plan): Placement {
  const before = known.get(spec);
  if (before?.plan === plan) return before.placement;
  const placement = new Placement(spec, placedData(component, plan));
  known.set(spec, { plan, placement });
  return placement;
}
