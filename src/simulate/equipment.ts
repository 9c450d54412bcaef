import { type Balancer, type Cache, Stickiness } from '../blocks/index.ts';
import { createRandom, type RandomStream, Sampler } from '../kernel/index.ts';
import type { Popularity } from '../quantities/index.ts';
import { ConnectionBalancer } from './balancing/connection-balancer.ts';
import { HealthyBalancer } from './balancing/healthy-balancer.ts';
import { StickyBalancer } from './balancing/sticky-balancer.ts';
import { EntryAges } from './caching/entry-ages.ts';
import { TaggedCache, VersionedCache } from './caching/grouped-cache.ts';
import { createKeySpace, type KeySpace, MissingKeys, warmStart } from './keyspace/index.ts';
import type { BalancerSpec, CacheSpec, Model } from './model.ts';
import { BlockMaker } from './own-blocks.ts';
import { Shards } from './shards.ts';

/** What a run needs beside the model: everything that draws random numbers or holds state. */
export interface Equipment {
  /** The random stream for a purpose. */
  readonly stream: (purpose: string) => RandomStream;
  readonly samplers: readonly Sampler[];
  readonly balancers: readonly Balancer[];
  /** By balancer, where it chooses for connections and not for requests: what does so. */
  readonly connectionBalancers: readonly (ConnectionBalancer | null)[];
  readonly balancerStreams: readonly RandomStream[];
  readonly caches: readonly Cache[];
  /** By cache, for those whose entries are fetched anew before they expire. */
  readonly ages: readonly (EntryAges | null)[];
  readonly keySpaces: readonly KeySpace[];
  readonly shards: Shards;
  /** For keys drawn by steps, one stream a key space. */
  readonly keyStreams: readonly RandomStream[];
  /** For the keys of requests, one stream a traffic. */
  readonly trafficKeyStreams: readonly RandomStream[];
  /** For what else a traffic leaves to chance: sizes of batches, first pauses. */
  readonly trafficStreams: readonly RandomStream[];
  readonly choiceStreams: readonly RandomStream[];
  /** Makes the blocks that protect calls. */
  readonly blocks: BlockMaker;
  /** Seconds until measuring begins. */
  readonly warmup: number;
}

/**
 * The equipment of one replication, warm caches filled.
 *
 * @param seed the user's seed
 * @param replication number of the replication: its streams are independent of all others'
 * @param blocks makes the blocks that the model names
 */
export function equip(
  model: Model,
  seed: number,
  replication: number,
  blocks: BlockMaker = new BlockMaker(),
  warmup = 0,
): Equipment {
  const stream = (purpose: string) => createRandom(seed, `${replication} ${purpose}`);
  const samplers = model.samplers.map((spec) => new Sampler(spec.law, stream(spec.purpose)));
  const keySpaces = model.keySpaces.map((spec, k) => {
    if (spec.missing) return new MissingKeys(spec.count);
    // What stands in for many keys must be small beside each cache that holds it.
    const caches = model.caches.filter((cache) => cache.keySpace === k);
    const capacities = caches.map((cache) => cache.capacity / cache.itemWeight);
    const alone = spec.alone === true && caches.length === 0 && spec.count <= MOST_ALONE;
    return keySpaceOf(spec.count, spec.popularity, capacities, alone);
  });
  const ages = model.caches.map(({ refresh, keySpace, component }) =>
    refresh === undefined
      ? null
      : new EntryAges(keySpaces[keySpace]!.keys, refresh, stream(`${component} early refreshes`)),
  );
  const drawnFrom = `${seed} ${replication}`;
  const caches: Cache[] = [];
  for (const [c, spec] of model.caches.entries()) {
    const keySpace = keySpaces[spec.keySpace]!;
    const seen =
      spec.behind === undefined
        ? { keySpace, rate: spec.lookupRate }
        : askedBehind(spec.behind, model.caches, caches, keySpace);
    const filled = filledCache(spec, seen.rate, seen.keySpace, samplers, stream, drawnFrom, ages[c]!, blocks);
    caches.push(groupedCache(filled, spec, keySpace.keys));
  }
  const choosers = model.balancers.map((spec) => chooserOf(spec, blocks));
  return {
    stream,
    samplers,
    balancers: model.balancers.map(({ health }, b) =>
      health === undefined ? choosers[b]! : new HealthyBalancer(choosers[b]!, health.options),
    ),
    connectionBalancers: choosers.map((each) => (each instanceof ConnectionBalancer ? each : null)),
    balancerStreams: model.balancers.map((spec) => stream(spec.purpose)),
    caches,
    ages,
    keySpaces,
    shards: new Shards(model.placements),
    keyStreams: model.keySpaces.map((spec) => stream(`keys of ${spec.name}`)),
    trafficKeyStreams: model.traffic.map((spec) => stream(`keys of traffic ${spec.name}`)),
    trafficStreams: model.traffic.map((spec) => stream(`traffic ${spec.name}`)),
    choiceStreams: model.choices.map((spec) => stream(spec.purpose)),
    blocks,
    warmup,
  };
}

/** Keys that can be simulated one by one: their numbers have 30 bits. */
const MOST_ALONE = 2 ** 29;

/** Seconds in which Finagle's peak EWMA forgets a latency (its default). */
const DECAY_TIME = 10;

/** What chooses among the targets that are well. */
function chooserOf(
  { algorithm, targets, options, sticky, perConnection }: BalancerSpec,
  blocks: BlockMaker,
): Balancer {
  const decayTime = algorithm === 'peak-ewma' ? { decayTime: DECAY_TIME } : {};
  const create = () => blocks.balancer(algorithm, targets, { ...decayTime, ...options });
  if (perConnection !== undefined) return new ConnectionBalancer(create);
  return sticky === undefined ? create() : new StickyBalancer(create(), new Stickiness(sticky));
}

/** Entries that a warm cache makes room for at once; more come by growing. */
const MOST_EXPECTED = 1 << 22;

/** A cache that holds fewer of the keys than one in so many finds them by hashing, for the sake of memory. */
const SPARSE = 8;

/** Caches in front of another that are looked at to tell what comes to that one. */
const LOOKED_AT_MAX = 16;

/**
 * What is asked of a cache behind others: for each group of keys, the share that those do not hold at the start, which
 * is the probability of a miss there, since lookups come like a Poisson process (Wolff, Operations Research 30(2), 1982).
 */
function askedBehind(
  { first, caches: count }: NonNullable<CacheSpec['behind']>,
  specs: readonly CacheSpec[],
  caches: readonly Cache[],
  keySpace: KeySpace,
): { readonly keySpace: KeySpace; readonly rate: number } {
  const rates = specs.slice(first, first + count).map(({ lookupRate }) => lookupRate);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  const looked = Math.min(count, LOOKED_AT_MAX);
  const chosen = Array.from({ length: looked }, (_, i) => first + Math.floor((i * count) / looked));
  const weight = chosen.reduce((sum, c) => sum + specs[c]!.lookupRate, 0);
  const passing = Float64Array.from({ length: keySpace.groups }, (_, group) => {
    const from = keySpace.firstKey(group);
    const keys = Math.round(keySpace.ranksOf(group) / keySpace.standsFor(group));
    let missed = 0;
    for (const c of chosen) {
      const { lookupRate, staleFor = 0 } = specs[c]!;
      let absent = 0;
      // What is past its time to live is fetched anew although it is served.
      for (let key = from; key < from + keys; key++) if (!caches[c]!.contains(key, staleFor)) absent++;
      missed += lookupRate * absent;
    }
    return weight === 0 ? 0 : missed / (weight * keys);
  });
  const share = passing.reduce((sum, pass, group) => sum + pass * keySpace.probabilityOf(group), 0);
  return share === 0 ? { keySpace, rate: 0 } : { keySpace: keySpace.thinned(passing), rate: total * share };
}

function groupedCache(filled: Cache, { groups }: CacheSpec, keys: number): Cache {
  if (groups === undefined) return filled;
  return groups.by === 'tag'
    ? new TaggedCache(filled, groups.count, keys)
    : new VersionedCache(filled, groups.count, keys);
}

function filledCache(
  spec: CacheSpec,
  lookupRate: number,
  keySpace: KeySpace,
  samplers: readonly Sampler[],
  stream: (purpose: string) => RandomStream,
  drawnFrom: string,
  ages: EntryAges | null,
  blocks: BlockMaker,
): Cache {
  const expectedEntries = spec.warm
    ? Math.min(MOST_EXPECTED, keySpace.keysThatFit(spec.capacity / spec.itemWeight))
    : 0;
  const purpose = spec.instance === undefined ? spec.component : `${spec.component} ${spec.instance}`;
  const cache = blocks.cache(spec.policy, {
    capacity: spec.capacity,
    expectedEntries,
    denseKeys: expectedEntries >= keySpace.keys / SPARSE ? keySpace.keys : 0,
    random: stream(`${purpose} evictions`),
  });
  if (spec.pinned) pinMostPopular(cache, keySpace, spec);
  else if (spec.warm) {
    const ttl = spec.ttl === null ? null : samplers[spec.ttl]!;
    const softTtl = spec.refresh?.softTtl ?? null;
    // Whether it was a hit or a miss, the first request after the soft time to live has fetched an entry anew: so
    // entries are as old as with that time to live alone, and then live longer.
    const fetchedAfter = softTtl ?? Number.POSITIVE_INFINITY;
    // Where an entry has a soft time to live of its own, any time before its expiry tells as much.
    const storedBefore = spec.staleFor === undefined ? fetchedAfter : Math.max(1, 2 * spec.staleFor);
    warmStart(cache, spec.policy, keySpace, {
      itemWeight: spec.itemWeight,
      requestRate: lookupRate,
      removalRate: spec.removalRate,
      ttl: ttl === null ? null : () => Math.min(fetchedAfter, ttl.draw()),
      sliding: spec.sliding === true,
      random: stream(`${purpose} contents`),
      drawnFrom: `${drawnFrom} ${purpose}`,
      noted: ages === null ? null : (key, expiresAt) => ages.stored(key, expiresAt - storedBefore, expiresAt),
    });
    if (ages !== null && spec.staleFor !== undefined) ages.keepStale(cache, spec.staleFor);
    if (ages !== null && ttl !== null && softTtl !== null) ages.prolong(cache, () => ttl.draw());
  }
  return cache;
}

/** The most popular keys that fit, for ever. */
function pinMostPopular(cache: Cache, keySpace: KeySpace, { itemWeight }: CacheSpec): void {
  for (let key = keySpace.keysThatFit(cache.capacity / itemWeight) - 1; key >= 0; key--) {
    cache.restore(key, itemWeight * keySpace.sizeOf(key), Number.POSITIVE_INFINITY, 1);
  }
}

/** Tables of a large key space take a while to build and never change, so replications share them. */
const known = new Map<string, KeySpace>();
const KNOWN_LIMIT = 8;

function keySpaceOf(
  count: number,
  popularity: Popularity,
  capacities: readonly number[],
  alone: boolean,
): KeySpace {
  const law = popularity.law === 'zipf' ? popularity.exponent : 'uniform';
  const name = `${count} ${law} ${alone ? 'alone' : capacities.join()}`;
  let space = known.get(name);
  if (space === undefined) {
    if (known.size === KNOWN_LIMIT) known.delete(known.keys().next().value!);
    space = createKeySpace(count, popularity, alone ? { alone: count } : { capacities });
  } else known.delete(name);
  // The one that was asked for the longest ago goes first.
  known.set(name, space);
  return space;
}
