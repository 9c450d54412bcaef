import type { Fork } from '../../blocks/index.ts';

/** Where the requests for one operation go: the code by target of a name server. */
export interface NameSpec {
  readonly server: number;
  readonly targets: Int32Array;
  /** By instance of who asks, over and over: the group of resolvers that it asks; null = there is one. */
  readonly groups: Int32Array | null;
}

/** Where the routes of a component send requests for one operation. */
export interface RouteSpec {
  /** Of requests that no route tells apart, and which of these each traffic's are. */
  readonly forks: readonly (readonly Fork[])[];
  readonly alike: readonly number[];
  /** The code by index of the route; the last is where a request goes that no route takes. */
  readonly targets: Int32Array;
  /** Of the hash of keys. */
  readonly seed: number;
  /** Of its random stream. */
  readonly purpose: string;
}

/** Who answers for a name, and the resolvers that remember the answers. Times are in seconds. */
export interface NameServerSpec {
  /** Of the component, for its random streams. */
  readonly name: string;
  /** Index of the component, and of those it answers with. */
  readonly of: number;
  readonly targets: readonly number[];
  readonly routing: 'weighted' | 'round-robin' | 'ordered';
  readonly weights: readonly number[] | null;
  readonly ttl: number;
  /** Of each group. */
  readonly resolvers: number;
  /** Share of the clients that keep an answer for `staleTimes` its time to live. */
  readonly stale: number;
  readonly staleTimes: number;
  /** Time of a lookup that no resolver remembers, as a sampler index. */
  readonly lookup: number;
  /** Servers that are asked before, as far as a resolver does not remember the way; null = none. */
  readonly hierarchy: HierarchySpec | null;
  /** Probes of the targets; null = none. */
  readonly check: { readonly every: number; readonly fall: number; readonly rise: number } | null;
  /** Resolvers that are asked by others, and are answered otherwise. */
  readonly groups: readonly NameGroup[];
}

/** The servers above that of a name: samplers of the time of their answers, and seconds that these are remembered. */
export interface HierarchySpec {
  readonly root: number;
  readonly tld: number;
  readonly rootTtl: number;
  readonly tldTtl: number;
  /** Lookups a second of other names of the top-level domain, at all resolvers together. */
  readonly others: number;
}

/** Resolvers that are alike. */
export interface NameGroup {
  /** For `ordered`: targets in the order of preference; null = as they are numbered. */
  readonly order: readonly number[] | null;
  /** Requests per second, for the age of what they remember at the start. */
  readonly rate: number;
}
