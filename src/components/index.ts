/**
 * The kinds of components: one folder each, that says all there is to say about its kind. This is the
 * registry that hands them to the floors above, which know no kind by name.
 */
import type { DesignInput, KindDescription, KindMoves, Naming, OwnBlocks } from '../design/index.ts';
import type { EstimatedKind } from '../estimate/index.ts';
import type { SimulatedKind } from '../simulate/index.ts';
import { describe as cache } from './cache/describe.ts';
import { estimate as cacheEstimated } from './cache/estimate.ts';
import { moves as cacheMoves } from './cache/moves.ts';
import { simulate as cacheSimulated } from './cache/simulate.ts';
import { describe as cdn } from './cdn/describe.ts';
import { estimate as cdnEstimated } from './cdn/estimate.ts';
import { moves as cdnMoves } from './cdn/moves.ts';
import { simulate as cdnSimulated } from './cdn/simulate.ts';
import { describe as client } from './client/describe.ts';
import { estimate as clientEstimated } from './client/estimate.ts';
import { simulate as clientSimulated } from './client/simulate.ts';
import { describe as database } from './database/describe.ts';
import { estimate as databaseEstimated } from './database/estimate.ts';
import { moves as databaseMoves } from './database/moves.ts';
import { simulate as databaseSimulated } from './database/simulate.ts';
import { describe as dns } from './dns/describe.ts';
import { estimate as dnsEstimated } from './dns/estimate.ts';
import { simulate as dnsSimulated } from './dns/simulate.ts';
import { describe as external } from './external/describe.ts';
import { estimate as externalEstimated } from './external/estimate.ts';
import { moves as externalMoves } from './external/moves.ts';
import { simulate as externalSimulated } from './external/simulate.ts';
import { describe as gateway } from './gateway/describe.ts';
import { estimate as gatewayEstimated } from './gateway/estimate.ts';
import { moves as gatewayMoves } from './gateway/moves.ts';
import { simulate as gatewaySimulated } from './gateway/simulate.ts';
import { describe as loadBalancer } from './load-balancer/describe.ts';
import { estimate as loadBalancerEstimated } from './load-balancer/estimate.ts';
import { moves as loadBalancerMoves } from './load-balancer/moves.ts';
import { simulate as loadBalancerSimulated } from './load-balancer/simulate.ts';
import { describe as queue } from './queue/describe.ts';
import { estimate as queueEstimated } from './queue/estimate.ts';
import { moves as queueMoves } from './queue/moves.ts';
import { simulate as queueSimulated } from './queue/simulate.ts';
import { describe as service } from './service/describe.ts';
import { estimate as serviceEstimated } from './service/estimate.ts';
import { moves as serviceMoves } from './service/moves.ts';
import { simulate as serviceSimulated } from './service/simulate.ts';
import { describe as stream } from './stream/describe.ts';
import { estimate as streamEstimated } from './stream/estimate.ts';
import { moves as streamMoves } from './stream/moves.ts';
import { simulate as streamSimulated } from './stream/simulate.ts';

/** Everything one kind brings along. */
export interface ComponentKind<Description extends KindDescription = KindDescription> {
  /** What a user writes. */
  readonly describe: Description;
  /** What it is made of, for the formulas. */
  readonly estimate: EstimatedKind;
  /** What it does on virtual time. */
  readonly simulate: SimulatedKind;
  /** What can be changed about it, and what of it can be put into a design; without it, nothing is advised. */
  readonly moves?: KindMoves;
}

/** The built-in kinds. */
export const kinds = [
  {
    describe: loadBalancer,
    estimate: loadBalancerEstimated,
    simulate: loadBalancerSimulated,
    moves: loadBalancerMoves,
  },
  { describe: service, estimate: serviceEstimated, simulate: serviceSimulated, moves: serviceMoves },
  { describe: cache, estimate: cacheEstimated, simulate: cacheSimulated, moves: cacheMoves },
  { describe: cdn, estimate: cdnEstimated, simulate: cdnSimulated, moves: cdnMoves },
  { describe: database, estimate: databaseEstimated, simulate: databaseSimulated, moves: databaseMoves },
  { describe: gateway, estimate: gatewayEstimated, simulate: gatewaySimulated, moves: gatewayMoves },
  { describe: external, estimate: externalEstimated, simulate: externalSimulated, moves: externalMoves },
  { describe: queue, estimate: queueEstimated, simulate: queueSimulated, moves: queueMoves },
  { describe: stream, estimate: streamEstimated, simulate: streamSimulated, moves: streamMoves },
  { describe: dns, estimate: dnsEstimated, simulate: dnsSimulated },
  { describe: client, estimate: clientEstimated, simulate: clientSimulated },
] as const satisfies readonly ComponentKind[];

/** What the floors above are handed of each kind. */
export interface KindParts {
  readonly described: readonly KindDescription[];
  /** What the kinds offer to the estimator and to the simulator, by name. */
  readonly estimated: ReadonlyMap<string, EstimatedKind>;
  readonly simulated: ReadonlyMap<string, SimulatedKind>;
  /** What can be changed about them, by name. */
  readonly moves: ReadonlyMap<string, KindMoves>;
}

/**
 * The parts of the built-in kinds, and of the user's own beside them.
 *
 * @throws TypeError when something among the user's own is no kind
 * @throws RangeError when one of them has the name of another kind
 */
export function kindParts(own: readonly ComponentKind[] = []): KindParts {
  if (!Array.isArray(own)) throw new TypeError(`kinds must be a list, got ${String(own)}`);
  const all: readonly ComponentKind[] = [...kinds, ...own.map(requireKind)];
  const names = all.map(({ describe }) => describe.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new RangeError(`kinds must have names of their own, got ${twice}, which another kind has`);
  }
  return {
    described: all.map(({ describe }) => describe),
    estimated: new Map(all.map(({ describe, estimate }) => [describe.name, estimate])),
    simulated: new Map(all.map(({ describe, simulate }) => [describe.name, simulate])),
    moves: new Map(
      all.flatMap(({ describe, moves }) => (moves === undefined ? [] : [[describe.name, moves]])),
    ),
  };
}

function requireKind(kind: Partial<ComponentKind> | null | undefined, index: number): ComponentKind {
  const { describe, estimate, simulate } = kind ?? {};
  const whole =
    typeof describe?.name === 'string' &&
    typeof describe.settle === 'function' &&
    typeof estimate?.model === 'function' &&
    typeof simulate?.build === 'function';
  if (whole) return kind as ComponentKind;
  throw new TypeError(
    `kinds[${index}] must be a kind: { describe: { name, settle, … }, estimate: { model }, simulate: { build } }`,
  );
}

/** What the built-in kinds offer to the estimator and to the simulator, by name. */
export const { estimated: estimatedKinds, simulated: simulatedKinds } = kindParts();

/** The kinds whose settings `defineDesign` knows. */
export type BuiltInKind = (typeof kinds)[number]['describe'];

/** A design as `defineDesign` takes it. */
type Written<OwnKind extends KindDescription, Own extends OwnBlocks> = [Own] extends [never]
  ? DesignInput<BuiltInKind | OwnKind>
  : Naming<DesignInput<BuiltInKind | OwnKind>, Own>;

/**
 * A design in TypeScript: the same shape as in YAML, with completion. Returns its argument; problems are
 * reported when it is loaded. Kinds of your own, and the type of blocks of your own, are named as the type arguments.
 */
export function defineDesign<OwnKind extends KindDescription = never, Own extends OwnBlocks = never>(
  design: Written<OwnKind, Own>,
): Written<OwnKind, Own> {
  return design;
}
