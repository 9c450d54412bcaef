/**
 * The estimate: the back-of-the-envelope sheet of a design, and its response times by queueing formulas, each
 * figure with its working and its source.
 *
 * formulas/ are closed forms, law/ computes with laws of time. flows.ts follows requests through a plan,
 * station.ts and slots.ts say how long they wait at one station, response.ts puts an operation's time together
 * from its steps, solve.ts goes round until all of it agrees. Kinds say what they are made of in the words of
 * kind.ts; nothing here knows a kind by name.
 *
 * outages/ lives through years of failures and repairs, from event to event.
 */
export { connectionLoads, connectionsTo } from './connections.ts';
export type { Entry } from './entry.ts';
export { type EstimateOptions, estimate } from './estimate.ts';
export type { Flows, Stream } from './flows.ts';
export * from './formulas/index.ts';
export { type KeyClasses, type KeyStream, keyClasses } from './keys.ts';
export type {
  Activity,
  Choosing,
  ComponentAccount,
  ComponentModel,
  CopiesModel,
  Discipline,
  EdgeMisses,
  EdgeModel,
  EstimatedKind,
  Failover,
  FrontDemand,
  FrontMisses,
  FrontModel,
  KeyRates,
  Load,
  Rent,
  Spread,
  StationModel,
} from './kind.ts';
export { type AvailabilityOptions, availability } from './outages/availability.ts';
