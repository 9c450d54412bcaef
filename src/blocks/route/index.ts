/**
 * Routing: which of several pools a request goes to, by its path, its headers, and shares: a canary gets a few of the
 * requests, or those of a few keys. `Router` decides for a service; the simulator follows the same forks.
 */
export {
  type Fork,
  forksOf,
  type Headers,
  matchesHeaders,
  matchesPath,
  NO_ROUTE,
  type Route,
  type RouteProblem,
  routeProblems,
  sharesOf,
  statesTheSame,
} from './route.ts';
export { lowerCase, pickRoute, Router, routerSeed } from './router.ts';
