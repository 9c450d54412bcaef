import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EdgeMisses, EstimatedKind, FrontDemand, FrontMisses } from '../../estimate/index.ts';
import { formatQuantity, mean } from '../../quantities/index.ts';
import { answerActivities, answerNotes, linkModel } from '../answer-link.ts';
import { isCached, itemsThatFit } from '../answers.ts';
import { cacheMisses, mostPopular } from '../cache/misses.ts';
import { takesNothing } from '../takes-nothing.ts';
import type { CdnSettings } from './describe.ts';

const LINK = 0;

/** Each point of presence as a cache of its share of the requests, the shield as one of what these miss. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan) {
    const settings = component.settings as unknown as CdnSettings;
    const { hitTime, pops, coalesce } = settings;
    const holds = component.data['holds']!;
    const size = plan.data[holds]!.size.value;
    const kept = component.operations.filter((o) => isCached(settings, plan.operations[o]!.name));
    const forward: Activity = { does: 'forward', spread: null };
    const free = takesNothing(hitTime);
    const activities: readonly Activity[] = free ? [forward] : [{ does: 'wait', time: hitTime }, forward];
    const fit = itemsThatFit(settings.room, size);
    return {
      instances: pops,
      called: 'points of presence',
      spread: 'random',
      addressed: true,
      stations: linkModel(settings),
      activities: (operation) => [
        ...activities,
        ...answerActivities(settings, plan, operation, { cpu: null, link: LINK }),
      ],
      edge: {
        lookups: kept,
        holds,
        shieldTime: hitTime,
        misses: (demand) => edgeMisses(settings, size, demand),
      },
      moves: ({ name }) => (isCached(settings, name) ? 'out' : null),
      rents: [
        { per: 'answer byte', constant: 'cost.cdn.traffic' },
        { per: 'call', price: 'cost.cdn.requests', unlessPriced: true },
      ],
      availability: 'availability.cdn',
      availableAsOne: true,
      notes: [
        ...(coalesce ? ['misses that share a fetch are counted as fetches of their own'] : []),
        ...answerNotes(settings),
      ],
      entries: () => [
        {
          name: `${component.name}.storage`,
          label: 'room at all points of presence',
          value: pops * fit * size,
          unit: 'B',
          formula: 'points of presence × items that fit × size',
          working: () =>
            `${formatQuantity(pops, 'count')} × ${formatQuantity(fit, 'count')} × ${formatQuantity(size, 'size')}`,
          source: 'the design',
        },
      ],
    };
  },
};

function edgeMisses(settings: CdnSettings, size: number, demand: FrontDemand): EdgeMisses {
  const { shield } = settings;
  const pops = popMisses(settings, itemsThatFit(settings.room, size), demand);
  if (shield === null) return pops;
  const { perKey, fresh } = demand.lookups;
  // What points of presence miss of a key comes less regularly than by chance; as if by chance, it is Che's again.
  const lookups = {
    perKey: perKey.map((rate, i) => rate * (pops.byClass[i]! + (pops.refreshes?.[i] ?? 0))),
    fresh,
  };
  const behind = cacheMisses(plain(settings), itemsThatFit(shield, size), {
    ...demand,
    lookups,
    fills: lookups,
  });
  const note = 'what the points of presence miss is taken to come to the shield at random';
  return { ...pops, shield: behind, notes: [...new Set([...pops.notes, ...behind.notes, note])] };
}

/** What all points of presence together miss: those of equal weight are alike. */
function popMisses(settings: CdnSettings, fit: number, demand: FrontDemand): FrontMisses {
  const { pops, weights, mode } = settings;
  if (mode === 'push') return pushed(fit, demand);
  const all = weights?.reduce((sum, weight) => sum + weight, 0) ?? pops;
  const alike = new Map<number, number>();
  for (let pop = 0; pop < pops; pop++) {
    const share = (weights?.[pop] ?? 1) / all;
    alike.set(share, (alike.get(share) ?? 0) + 1);
  }
  const parts = [...alike].map(([share, count]) => {
    const lookups = {
      perKey: demand.lookups.perKey.map((rate) => rate * share),
      fresh: demand.lookups.fresh * share,
    };
    return {
      weight: share * count,
      misses: cacheMisses(stale(settings), fit, { ...demand, lookups, fills: lookups }),
    };
  });
  const first = parts[0]!.misses;
  if (parts.length === 1) return first;
  const together = (of: (misses: FrontMisses) => Float64Array): Float64Array =>
    first.byClass.map((_, i) => parts.reduce((sum, { weight, misses }) => sum + weight * of(misses)[i]!, 0));
  const refreshed = parts.some(({ misses }) => misses.refreshes !== undefined);
  const none = new Float64Array(first.byClass.length);
  return {
    ...first,
    byClass: together(({ byClass }) => byClass),
    ...(refreshed && { refreshes: together(({ refreshes }) => refreshes ?? none) }),
    working: () => `each point of presence by its share; of one, ${first.working()}`,
  };
}

/** The most popular items that fit are there, and no other. */
function pushed(fit: number, { classes, lookups }: FrontDemand): FrontMisses {
  const there = mostPopular(
    classes.shares.map((share, i) => share / classes.keys[i]!),
    classes.keys,
    fit,
  );
  return {
    byClass: lookups.perKey.map((_, i) => 1 - there[i]!),
    items: fit,
    formula: 'share of requests for the most popular items that fit',
    working: () => `room for ${formatQuantity(fit, 'count')} items`,
    source: 'the design',
    notes: [],
  };
}

type Keeping = Parameters<typeof cacheMisses>[0];

function plain({ evict, ttl }: CdnSettings): Keeping {
  return { evict, ttl, sliding: false, softTtl: null, early: 0 };
}

/** Served for the time to live and `swr`, and fetched anew from the former on. */
function stale(settings: CdnSettings): Keeping {
  const { ttl, swr } = settings;
  if (ttl === null || swr === 0) return plain(settings);
  const fresh = mean(ttl);
  const life = { law: 'constant', value: fresh + swr } as const;
  return { ...plain(settings), ttl: life, softTtl: fresh };
}
