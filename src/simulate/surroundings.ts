import type { Calendar } from '../kernel/index.ts';
import { Autoscaling } from './autoscaling.ts';
import type { Branches } from './branches.ts';
import type { CacheContents } from './caching/cache-contents.ts';
import { CopyVersions, changedData } from './caching/copy-versions.ts';
import { OwnCopiesOfUsers } from './caching/own-copies.ts';
import { Refreshing } from './caching/refreshing.ts';
import { Cancellation } from './cancellation.ts';
import { Connections } from './connections.ts';
import type { Controls } from './controls.ts';
import { Deadlines } from './deadlines.ts';
import type { Equipment } from './equipment.ts';
import { Faults } from './faults/faults.ts';
import { Freeze } from './faults/freeze.ts';
import type { Frames } from './frames.ts';
import { Legs } from './legs.ts';
import { Messages } from './messages/messages.ts';
import type { Model } from './model.ts';
import { Onces } from './once.ts';
import { Recorder } from './outcome/recorder.ts';
import { Pauses } from './pauses.ts';
import { Protections } from './protection/protections.ts';
import { RareInstructions } from './rare-instructions.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { Failover } from './replicas/failover.ts';
import { Followers } from './replicas/followers.ts';
import { Quorums } from './replicas/quorums.ts';
import { Resolvers } from './resolvers.ts';
import { Routing } from './routing.ts';
import type { Stations } from './stations/stations.ts';
import type { Tracer } from './tracing/tracer.ts';
import { Unwinding } from './unwinding.ts';

/** What every request of a run uses. */
export interface Core {
  readonly model: Model;
  readonly equipment: Equipment;
  readonly frames: Frames;
  readonly stations: Stations;
  readonly branches: Branches;
  readonly ready: ReadyQueue;
  readonly contents: CacheContents;
  readonly calendar: Calendar;
  readonly controls: Controls;
  /** A server of this station has become free. */
  readonly leave: (station: number) => void;
}

/** What there is in a run besides its requests: it protects, hurts, scales and records them. */
export interface Surroundings {
  readonly rare: RareInstructions;
  readonly recorder: Recorder;
  readonly autoscaling: Autoscaling;
  /** null where no fault strikes, and no balancer looks at health. */
  readonly faults: Faults | null;
  /** null where nothing can stand still. */
  readonly freeze: Freeze | null;
  readonly pauses: Pauses | null;
}

/** Puts the surroundings of a run together. */
export function surround(core: Core, tracer: Tracer | null): Surroundings {
  const { model, equipment, frames, stations, branches, ready, contents, calendar, controls } = core;
  const { samplers, balancers } = equipment;
  const { now: clock } = calendar;
  const { accounts } = branches;
  const versions = changedData(model).size === 0 ? null : new CopyVersions(model, equipment, frames, clock);
  branches.versions = versions;
  const refreshing = new Refreshing(model, equipment, contents, frames, branches, ready, clock);
  refreshing.versions = versions;
  const resolvers = model.names.length === 0 ? null : new Resolvers(model, equipment, frames, calendar);
  const protections = new Protections(model, equipment, frames, branches, calendar, refreshing);
  const autoscaling = new Autoscaling({ model, equipment, stations, calendar, controls });
  const freeze = model.faults !== null || model.pauses.length > 0 ? new Freeze(core) : null;
  const connections = new Connections(model, equipment, frames, clock);
  const unwinding = new Unwinding({ ...core, protections, refreshing, connections, balancers, clock });
  const messages = model.channels.length === 0 ? null : new Messages(core);
  if (messages !== null) autoscaling.watch((...which) => messages.scaled(...which));
  const onces = model.onces.length === 0 ? null : new Onces(model, frames, clock);
  const copies =
    model.copies.length === 0 ? null : new OwnCopiesOfUsers(model, equipment, frames, clock, versions);
  const quorums = model.quorums.length === 0 ? null : new Quorums(model, equipment, frames, clock);
  const followers = model.followers.length === 0 ? null : new Followers(core, clock);
  const run = {
    ...core,
    protections,
    unwinding,
    samplers,
    messages,
    autoscaling,
    versions,
    waste: accounts.waste,
  };
  if (model.cancels !== null) branches.waits = new Cancellation(model.cancels, unwinding, run);
  const faults = model.faults && freeze && new Faults(model.faults, { ...run, autoscaling, freeze });
  if (faults !== null) resolvers?.watch(faults, controls);
  if (faults !== null && followers !== null) {
    const failover = new Failover(model.followers, followers, faults, controls, clock);
    faults.changed = () => failover.look();
    faults.followers = followers;
  }
  const legs = new Legs(model, samplers, frames, calendar);
  const deadlines = model.deadlines && new Deadlines(model.deadlines, model.code, frames, branches, clock);
  const watched = {
    stations,
    protections,
    autoscaling,
    legs,
    connections,
    accounts,
    balancers,
    messages,
    onces,
    copies,
    quorums,
    followers,
    versions,
    faults,
  };
  return {
    rare: new RareInstructions(
      model.code,
      protections,
      faults,
      legs,
      resolvers,
      connections,
      deadlines,
      new Routing(model, equipment, frames),
      tracer,
      messages,
      onces,
      copies,
      quorums,
      followers,
      versions,
    ),
    recorder: new Recorder(model, frames, contents, watched, calendar),
    autoscaling,
    faults,
    freeze,
    pauses: freeze && new Pauses({ model, equipment, calendar, controls, freeze }),
  };
}
