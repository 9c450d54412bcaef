/**
 * What can be changed about components of a kind, and what of it can be put into a design: what an answer may advise,
 * and what it may tune. All of it is said in the words of a design file.
 */
export interface KindMoves {
  /** Settings of which there can be more or less. */
  readonly knobs?: (settings: Readonly<Record<string, unknown>>) => readonly KindKnob[];
  /** Other changes of one component. */
  readonly variants?: (settings: Readonly<Record<string, unknown>>) => readonly KindVariant[];
  /** A component of this kind that holds copies of so many items before a store. */
  readonly front?: (data: string, items: number) => NewComponent;
  /** One that answers requests for an operation from copies near the users, so many at each place. */
  readonly edge?: (of: {
    readonly to: string;
    readonly operation: string;
    readonly data: string;
    readonly items: number;
  }) => NewComponent;
  /** One that keeps messages for an operation of a consumer. */
  readonly channel?: (consumer: string) => NewComponent;
  /** One that chooses among the instances of a component. */
  readonly balancer?: (to: string) => NewComponent;
  /** A request may change something there that the design does not speak of, so that no copy can stand in for its answer. */
  readonly acts?: true;
  /** As it is written, it looks at who asks: nothing before it may answer in its place. */
  readonly guards?: (written: Readonly<Record<string, unknown>>) => boolean;
}

/** A component as a design writes it. */
export type NewComponent = Readonly<Record<string, unknown>> & { readonly kind: string };

/** A setting of which there can be more or less. */
export interface KindKnob {
  /** The way to it, from the component down. */
  readonly setting: readonly string[];
  /** What it is now, in base units. */
  readonly now: number;
  /** What it can be. */
  readonly least: number;
  readonly most: number;
  /** What it counts; counts are whole numbers. */
  readonly dimension: 'time' | 'size' | 'count' | 'bandwidth';
  /** Stations of the component that more of it relieves, by name; empty where it relieves none. */
  readonly relieves: readonly string[];
  /** More of it may do nothing without more of the others that say so: all of them together are a change as well. */
  readonly joint?: true;
  /** More of it answers more requests from copies, and passes fewer on to what lies behind. */
  readonly spares?: true;
  /** They are instances: with two or more, one may fail without the others. */
  readonly instances?: true;
  /** Settings beside it with which those who ask leave out one that is down; without it, they do, or others choose. */
  readonly leavingOut?: KindVariant['sets'];
  /** What more of it gives up, beside money. */
  readonly sacrifices: string;
  /** The value written around what is said of it: `1h` of `1h ± 10%`. Without it, the value alone. */
  readonly written?: (value: string) => string;
}

/** A change of a component to something else, not to more of the same. */
export interface KindVariant {
  /** Settings that it sets, each by the way to it from the component down. */
  readonly sets: readonly { readonly setting: readonly string[]; readonly value: unknown }[];
  /** Settings of the component that may do nothing then: they go where they do. */
  readonly leaves?: readonly string[];
  /** What is chosen, over what, each in a few words. */
  readonly chose: string;
  readonly over: string;
  /** Why it may help. */
  readonly because: string;
  readonly sacrifices: string;
  /** It leaves out instances, of what it passes requests on to, that are down. */
  readonly leavesOut?: true;
  /**
   * Where it may help: at the component itself, at those to which it passes requests on, where too many of its reads are
   * stale, or against its own failure.
   */
  readonly helps: 'itself' | 'behind' | 'freshness' | 'availability';
}
