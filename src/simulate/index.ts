/**
 * The simulator: a plan is compiled to a small program over stations, caches and balancers, run request by
 * request on virtual time, replicated with independent random streams, and summed up in a report.
 */

export { FaultyBlock } from './faulty-block.ts';
export type { InstanceChoice, Instances } from './instances.ts';
export type { SimulatedComponent, SimulatedKind } from './kind.ts';
export { type Progress, type SimulateOptions, USUAL_MAX_WALL } from './options.ts';
export type { Measurement, TrafficMeasurement } from './outcome/measurement.ts';
export type { Assembly } from './program/assembly.ts';
export type { Emitter } from './program/emitter.ts';
export {
  inlineRunner,
  type ReplicationJob,
  type ReplicationRunner,
  runReplication,
  TooMuchToSimulate,
} from './replication.ts';
export { simulate } from './simulate.ts';
export type { Discipline } from './stations/station-group.ts';
export type { StationMeasurement } from './stations/station-measurement.ts';
export { type TraceOptions, trace } from './trace.ts';
export {
  type BlameMeasurement,
  type BlameRow,
  COUNT,
  FIRST_PART,
  type JoinTally,
  SECONDS,
} from './tracing/blame-measurement.ts';
export { isSlow } from './tracing/exemplars.ts';
