import type { Headers } from '../blocks/index.ts';
import type { CallGraph, OperationName } from './calls.ts';
import { overridden } from './headers-set.ts';

/** Data of which the requests that come to some place carry a key. */
export interface Carried {
  /** Whether some request carries a key of this data; null asks whether some carries none. */
  has(data: string | null): boolean;
  /** How many different answers there are. */
  readonly size: number;
  /** The first few, null for requests without a key. */
  some(most: number): (string | null)[];
  /** The different headers of the requests. */
  readonly headers: readonly Headers[];
}

/** No request comes here at all. */
export const nothingCarried: Carried = { has: () => false, size: 0, some: () => [], headers: [] };

/**
 * Which operations traffic reaches, with the data of which a request there may carry a key. Callers are done
 * before those they call, each once; in a circle of calls, which is an error, keys may be missing. The headers of a
 * traffic go along with all that is done for its requests, but for those that a call sets itself.
 */
export function reach({ calls, entries }: CallGraph): ReadonlyMap<OperationName, Carried> {
  const numbers = numberData({ calls, entries });
  const carried = new Map<OperationName, KeySets>();
  const at = (name: OperationName): KeySets => {
    const known = carried.get(name);
    if (known !== undefined) return known;
    const empty = new KeySets(numbers);
    carried.set(name, empty);
    return empty;
  };
  const { profileOf, setBy, asSent } = profiles();
  for (const { target, carries, headers } of entries.values()) {
    at(target)
      .of(profileOf(headers))
      .add(carries === 'same' ? null : carries.data);
  }
  for (const name of callersFirst({ calls, entries })) {
    const here = carried.get(name);
    for (const { target, carries, takes, sets, message } of here === undefined
      ? []
      : (calls.get(name) ?? [])) {
      for (const [headers, keys] of here!.byHeaders) {
        if (takes?.(headers) === false) continue;
        const there = at(target).of(message ? asSent(headers) : setBy(headers, sets));
        if (carries === 'same') there.addAll(keys);
        else there.add(carries.data);
      }
    }
  }
  return carried;
}

const NO_HEADERS: Headers = {};

/** Sets of headers that calls may make of those of traffic; what they would make beyond is left as it is. */
export const mostHeaderSets = 100;

/** One of all equal headers that came of the same traffic's. */
function profiles() {
  const known = new Map<string, Headers>();
  const sent = new Map<Headers, Headers>();
  let made = 0;
  const nameOf = (headers: Headers): string =>
    JSON.stringify(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
  const profileOf = (headers: Headers = NO_HEADERS): Headers => {
    const name = nameOf(headers);
    const first = known.get(name) ?? headers;
    known.set(name, first);
    return first;
  };
  /** As the traffic sent them, whatever has been set since. */
  const asSent = (headers: Headers): Headers => sent.get(headers) ?? headers;
  const setBy = (headers: Headers, sets: Headers | undefined): Headers => {
    if (sets === undefined) return headers;
    const from = asSent(headers);
    const after = overridden(headers, sets);
    const [before, name] = [nameOf(from), nameOf(after)];
    if (before === name) return from;
    const first = known.get(`${before} ${name}`);
    // One beyond is what tells that there are too many.
    if (first !== undefined || made > mostHeaderSets) return first ?? headers;
    made++;
    known.set(`${before} ${name}`, after);
    sent.set(after, from);
    return after;
  };
  return { profileOf, setBy, asSent };
}

function numberData({ calls, entries }: CallGraph): ReadonlyMap<string | null, number> {
  const numbers = new Map<string | null, number>([[null, 0]]);
  for (const list of [[...entries.values()], ...calls.values()]) {
    for (const { carries } of list) {
      if (carries !== 'same' && !numbers.has(carries.data)) numbers.set(carries.data, numbers.size);
    }
  }
  return numbers;
}

/** What the entries reach, every operation after all that call it: the reverse of the order of leaving. */
function callersFirst({ calls, entries }: CallGraph): OperationName[] {
  const left: OperationName[] = [];
  const seen = new Set<OperationName>();
  for (const { target } of entries.values()) {
    if (seen.has(target)) continue;
    seen.add(target);
    const stack = [{ name: target, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const call = calls.get(top.name)?.[top.next++];
      if (call === undefined) {
        left.push(top.name);
        stack.pop();
      } else if (!seen.has(call.target)) {
        seen.add(call.target);
        stack.push({ name: call.target, next: 0 });
      }
    }
  }
  return left.reverse();
}

/** The keys that requests carry, by their headers. */
class KeySets implements Carried {
  readonly byHeaders = new Map<Headers, KeySet>();
  readonly #numbers: ReadonlyMap<string | null, number>;

  constructor(numbers: ReadonlyMap<string | null, number>) {
    this.#numbers = numbers;
  }

  of(headers: Headers): KeySet {
    const known = this.byHeaders.get(headers);
    if (known !== undefined) return known;
    const empty = new KeySet(this.#numbers);
    this.byHeaders.set(headers, empty);
    return empty;
  }

  has(data: string | null): boolean {
    for (const keys of this.byHeaders.values()) if (keys.has(data)) return true;
    return false;
  }

  get size(): number {
    return this.#all().size;
  }

  some(most: number): (string | null)[] {
    return this.#all().some(most);
  }

  get headers(): readonly Headers[] {
    return [...this.byHeaders.keys()];
  }

  #all(): KeySet {
    const [first, ...others] = this.byHeaders.values();
    if (first !== undefined && others.length === 0) return first;
    const all = new KeySet(this.#numbers);
    for (const keys of this.byHeaders.values()) all.addAll(keys);
    return all;
  }
}

/** A set of data as one bit each: a large design has thousands of data and thousands of operations. */
class KeySet {
  readonly #numbers: ReadonlyMap<string | null, number>;
  readonly #bits: Uint32Array;

  constructor(numbers: ReadonlyMap<string | null, number>) {
    this.#numbers = numbers;
    this.#bits = new Uint32Array(Math.ceil(numbers.size / 32));
  }

  add(data: string | null): void {
    const number = this.#numbers.get(data) ?? 0;
    this.#bits[number >>> 5]! |= 1 << (number & 31);
  }

  addAll(other: KeySet): void {
    for (const [index, bits] of other.#bits.entries()) this.#bits[index]! |= bits;
  }

  has(data: string | null): boolean {
    const number = this.#numbers.get(data);
    return number !== undefined && (this.#bits[number >>> 5]! & (1 << (number & 31))) !== 0;
  }

  get size(): number {
    let count = 0;
    for (let bits of this.#bits) for (; bits !== 0; bits &= bits - 1) count++;
    return count;
  }

  some(most: number): (string | null)[] {
    const found: (string | null)[] = [];
    for (const data of this.#numbers.keys()) {
      if (found.length === most) break;
      if (this.has(data)) found.push(data);
    }
    return found;
  }
}
