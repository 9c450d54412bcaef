/**
 * The kinds of components: one folder each, that says all there is to say about its kind. This is the
 * registry that hands them to the floors above, which know no kind by name.
 */
import type { DesignInput, KindDescription } from '../design/index.ts';
import type { EstimatedKind } from '../estimate/index.ts';
import type { SimulatedKind } from '../simulate/index.ts';
import { describe as cache } from './cache/describe.ts';
import { estimate as cacheEstimated } from './cache/estimate.ts';
import { simulate as cacheSimulated } from './cache/simulate.ts';
import { describe as database } from './database/describe.ts';
import { estimate as databaseEstimated } from './database/estimate.ts';
import { simulate as databaseSimulated } from './database/simulate.ts';
import { describe as loadBalancer } from './load-balancer/describe.ts';
import { estimate as loadBalancerEstimated } from './load-balancer/estimate.ts';
import { simulate as loadBalancerSimulated } from './load-balancer/simulate.ts';
import { describe as service } from './service/describe.ts';
import { estimate as serviceEstimated } from './service/estimate.ts';
import { simulate as serviceSimulated } from './service/simulate.ts';

/** Everything one kind brings along. */
export interface ComponentKind<Description extends KindDescription = KindDescription> {
  /** What a user writes. */
  readonly describe: Description;
  /** What it is made of, for the formulas. */
  readonly estimate: EstimatedKind;
  /** What it does on virtual time. */
  readonly simulate: SimulatedKind;
}

/** The built-in kinds. */
export const kinds = [
  { describe: loadBalancer, estimate: loadBalancerEstimated, simulate: loadBalancerSimulated },
  { describe: service, estimate: serviceEstimated, simulate: serviceSimulated },
  { describe: cache, estimate: cacheEstimated, simulate: cacheSimulated },
  { describe: database, estimate: databaseEstimated, simulate: databaseSimulated },
] as const satisfies readonly ComponentKind[];

/** What the built-in kinds offer to the estimator, by name. */
export const estimatedKinds: ReadonlyMap<string, EstimatedKind> = new Map(
  kinds.map((kind) => [kind.describe.name, kind.estimate]),
);

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
