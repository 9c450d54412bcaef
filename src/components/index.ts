/**
 * The kinds of components: one folder each, that says all there is to say about its kind. This is the
 * registry that hands them to the floors above, which know no kind by name.
 */
import type { DesignInput, KindDescription } from '../design/index.ts';
import type { SimulatedKind } from '../simulate/index.ts';
import { describe as cache } from './cache/describe.ts';
import { simulate as cacheSimulated } from './cache/simulate.ts';
import { describe as database } from './database/describe.ts';
import { simulate as databaseSimulated } from './database/simulate.ts';
import { describe as loadBalancer } from './load-balancer/describe.ts';
import { simulate as loadBalancerSimulated } from './load-balancer/simulate.ts';
import { describe as service } from './service/describe.ts';
import { simulate as serviceSimulated } from './service/simulate.ts';

/** Everything one kind brings along. */
export interface ComponentKind<Description extends KindDescription = KindDescription> {
  /** What a user writes. */
  readonly describe: Description;
  /** What it does on virtual time. */
  readonly simulate: SimulatedKind;
}

/** The built-in kinds. */
export const kinds = [
  { describe: loadBalancer, simulate: loadBalancerSimulated },
  { describe: service, simulate: serviceSimulated },
  { describe: cache, simulate: cacheSimulated },
  { describe: database, simulate: databaseSimulated },
] as const satisfies readonly ComponentKind[];

/** What the built-in kinds offer to the simulator, by name. */
export const simulatedKinds: ReadonlyMap<string, SimulatedKind> = new Map(
  kinds.map((kind) => [kind.describe.name, kind.simulate]),
);

/** The kinds whose settings `defineDesign` knows. */
export type BuiltInKind = (typeof kinds)[number]['describe'];

/**
 * A design in TypeScript: the same shape as in YAML, with completion. Returns its argument; problems are
 * reported when it is loaded. Kinds of your own are named as the type argument.
 */
export function defineDesign<OwnKind extends KindDescription = never>(
  design: DesignInput<BuiltInKind | OwnKind>,
): DesignInput<BuiltInKind | OwnKind> {
  return design;
}
