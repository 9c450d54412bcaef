import { BoundedLoadRing, type BoundedLocator } from './bounded-load.ts';
import { HashRing } from './hash-ring.ts';
import { JumpLocator } from './jump.ts';
import type { AvailabilityLocator, LocatorOptions, LocatorState, TrackingLocator } from './locator.ts';
import { MaglevLocator } from './maglev.ts';
import { ModuloLocator } from './modulo.ts';
import { RendezvousLocator } from './rendezvous.ts';

const table = {
  modulo: ModuloLocator,
  ring: HashRing,
  'bounded-load': BoundedLoadRing,
  rendezvous: RendezvousLocator,
  jump: JumpLocator,
  maglev: MaglevLocator,
} as const satisfies Record<string, new (nodes: number, options?: LocatorOptions) => AvailabilityLocator>;

/** Names a design may use. */
export type LocatorName = keyof typeof table;

/** Every {@link LocatorName}, in the order of the documentation. */
export const locators = Object.freeze(Object.keys(table)) as readonly LocatorName[];

/**
 * A locator over `nodes` nodes, all of them available.
 *
 * @param nodes whole number from 1 to 2^20
 * @throws RangeError when the name is unknown, or an option is outside its range
 */
export function createLocator(name: 'bounded-load', nodes: number, options?: LocatorOptions): BoundedLocator;
export function createLocator(name: LocatorName, nodes: number, options?: LocatorOptions): TrackingLocator;
export function createLocator(name: LocatorName, nodes: number, options?: LocatorOptions): TrackingLocator {
  return make(name, nodes, options);
}

/**
 * A locator that goes on where one of the same name, nodes and options was saved.
 *
 * @throws RangeError when the state is not of such a locator
 */
export function restoreLocator(
  name: LocatorName,
  nodes: number,
  options: LocatorOptions,
  state: LocatorState,
): TrackingLocator {
  const locator = make(name, nodes, options);
  locator.restore(state);
  return locator;
}

function make(name: LocatorName, nodes: number, options: LocatorOptions = {}): AvailabilityLocator {
  if (!Object.hasOwn(table, name)) {
    throw new RangeError(`name must be one of ${locators.join(', ')}, got ${name}`);
  }
  return new table[name](nodes, options);
}
