import { type OptionNames, requireOptions } from '../require-options.ts';
import { hashInteger, hashString } from './hash.ts';

/** Decides which of several nodes, numbered from 0, a key belongs to. */
export interface Locator {
  /** Number of nodes, available or not; ≥ 1. */
  readonly nodes: number;
  /**
   * The node for a key, 0 to nodes − 1, or −1 when none is available. Allocates nothing.
   *
   * @param hash a well-mixed hash of the key, a whole number from 0 to 2^32 − 1 (`hashString`, `hashInteger`)
   * @throws RangeError when `hash` is not such a number
   */
  locate(hash: number): number;
  /**
   * Takes a node out of use, or back into it. Telling what is so already changes nothing.
   *
   * @throws RangeError when there is no such node
   */
  setAvailable(node: number, available: boolean): void;
}

/** A locator that tells what it knows and can be saved. */
export interface TrackingLocator extends Locator {
  /** Number of nodes available now. */
  readonly available: number;
  /** Whether a node is available. */
  isAvailable(node: number): boolean;
  /** What was reported to it, as plain JSON; options are not part of it. */
  snapshot(): LocatorState;
}

/** A saved locator; see `restoreLocator`. */
export interface LocatorState {
  readonly version: 1;
  /** The locator's name. */
  readonly locator: string;
  /** By node: 1 when available, else 0. */
  readonly available: readonly number[];
  /** By node: requests started and not finished; only where the locator counts them. */
  readonly load?: readonly number[];
}

/** Options of all locators; each says which it takes notice of. */
export interface LocatorOptions {
  /**
   * What each node is known by, all different. Default: its number. With ids a key stays where it is when the
   * list is put in another order or loses a node in the middle (ring, bounded-load, rendezvous; nearly so
   * maglev). Without meaning for modulo and jump, where only a node's number counts.
   */
  readonly ids?: readonly string[];
  /**
   * Each node's share of keys relative to the others, finite and > 0. Default 1 each. Modulo and jump take
   * none but equal ones.
   */
  readonly weights?: readonly number[];
  /** Another seed places nodes elsewhere; a 32-bit integer. Default 0. Without meaning for modulo and jump. */
  readonly seed?: number;
  /**
   * Ring and bounded-load: points on the ring of a node of weight 1, whole, ≥ 1. Default 160, as in ketama
   * (R. Jones, "libketama", Last.fm 2007). At most 2^24 points in all.
   */
  readonly virtualNodes?: number;
  /**
   * Bounded-load: c, how far above the mean load a node may be filled, finite and ≥ 1. Default 1.25, the low
   * end of what HAProxy's manual advises for `hash-balance-factor`.
   */
  readonly loadFactor?: number;
  /** Bounded-load: requests reckoned to be in flight at least, ≥ 0. Default 0. */
  readonly assumedLoad?: number;
  /** Maglev: entries of the table, a prime up to 2^24. Default 65,537, as in the paper. */
  readonly tableSize?: number;
}

const MAX_NODES = 2 ** 20;

const OPTIONS: OptionNames<LocatorOptions> = {
  ids: true,
  weights: true,
  seed: true,
  virtualNodes: true,
  loadFactor: true,
  assumedLoad: true,
  tableSize: true,
};

/** The books that every locator keeps. */
export abstract class AvailabilityLocator implements TrackingLocator {
  readonly nodes: number;
  available: number;
  /** By node: 1 when available. */
  protected readonly up: Uint8Array;
  /** Its name in the list of locators. */
  protected abstract readonly name: string;

  /** @throws RangeError when `nodes` is not a whole number from 1 to 2^20 */
  constructor(nodes: number, options: LocatorOptions) {
    requireOptions('locator', options, OPTIONS);
    if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= MAX_NODES)) {
      throw new RangeError(`nodes must be a whole number from 1 to 2^20, got ${nodes}`);
    }
    this.nodes = nodes;
    this.available = nodes;
    this.up = new Uint8Array(nodes).fill(1);
  }

  abstract locate(hash: number): number;

  setAvailable(node: number, available: boolean): void {
    this.requireNode(node);
    const now = available ? 1 : 0;
    const change = now - this.up[node]!;
    if (change === 0) return;
    this.up[node] = now;
    this.available += change;
    this.availabilityChanged(node, change);
  }

  isAvailable(node: number): boolean {
    this.requireNode(node);
    return this.up[node] === 1;
  }

  snapshot(): LocatorState {
    return { version: 1, locator: this.name, available: [...this.up] };
  }

  /** Takes over what was saved; the locator is a fresh one. */
  restore(state: LocatorState): void {
    const { version, locator, available } = state;
    if (version !== 1 || locator !== this.name) {
      throw new RangeError(`state must be of ${this.name}, version 1, got ${locator}, version ${version}`);
    }
    if (!Array.isArray(available) || available.length !== this.nodes) {
      throw new RangeError(`state.available must have ${this.nodes} entries, got ${available?.length}`);
    }
    for (let node = 0; node < this.nodes; node++) {
      const up = available[node];
      if (up !== 0 && up !== 1) throw new RangeError(`state.available must be of 0 and 1, got ${up}`);
      this.setAvailable(node, up === 1);
    }
  }

  /** A node came or went: `change` is 1 or −1. */
  protected availabilityChanged(_node: number, _change: number): void {
    // Most locators look at `up` when they are asked.
  }

  protected requireNode(node: number): void {
    if (!(Number.isInteger(node) && node >= 0 && node < this.nodes)) {
      throw new RangeError(`node must be a whole number from 0 to ${this.nodes - 1}, got ${node}`);
    }
  }
}

/** Refuses what is not an unsigned 32-bit integer; one comparison. */
export function requireHash(hash: number): void {
  if (hash >>> 0 !== hash) {
    throw new RangeError(`hash must be a whole number from 0 to 2^32 − 1, got ${hash}`);
  }
}

/** Two independent 32-bit numbers a node, which stand for it wherever nodes are hashed. */
export interface NodeSalts {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/** The salts of the nodes: hashes of their ids, else of their numbers. */
export function nodeSalts(nodes: number, { ids, seed = 0 }: LocatorOptions): NodeSalts {
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be a 32-bit integer, got ${seed}`);
  if (ids !== undefined && ids.length !== nodes) {
    throw new RangeError(`ids must have ${nodes} entries, got ${ids.length}`);
  }
  if (ids !== undefined && new Set(ids).size !== nodes) throw new RangeError('ids must all be different');
  const first = new Uint32Array(nodes);
  const second = new Uint32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const id = ids?.[node];
    first[node] = id === undefined ? hashInteger(node, seed) : hashString(id, seed);
    second[node] = id === undefined ? hashInteger(node, ~seed) : hashString(id, ~seed);
  }
  return { first, second };
}

/** The weights of the nodes, 1 each when there are none. */
export function nodeWeights(nodes: number, { weights }: LocatorOptions): Float64Array {
  const result = new Float64Array(nodes).fill(1);
  if (weights === undefined) return result;
  if (weights.length !== nodes)
    throw new RangeError(`weights must have ${nodes} entries, got ${weights.length}`);
  for (let node = 0; node < nodes; node++) {
    const weight = weights[node]!;
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weights must be finite and > 0, got ${weight}`);
    }
    result[node] = weight;
  }
  return result;
}

/** Refuses weights that differ, for locators that know none. */
export function requireEqualWeights(nodes: number, options: LocatorOptions, name: string): void {
  const weights = nodeWeights(nodes, options);
  const different = weights.find((weight) => weight !== weights[0]);
  if (different !== undefined) {
    throw new RangeError(`weights must be equal with ${name}, got ${weights[0]} and ${different}`);
  }
}
