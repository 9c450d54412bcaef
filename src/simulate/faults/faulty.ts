import type { Calendar } from '../../kernel/index.ts';
import type { Autoscaling } from '../autoscaling.ts';
import type { Branches } from '../branches.ts';
import type { CacheContents } from '../caching/cache-contents.ts';
import type { CopyVersions } from '../caching/copy-versions.ts';
import type { Controls } from '../controls.ts';
import type { Equipment } from '../equipment.ts';
import type { Frames } from '../frames.ts';
import type { Messages } from '../messages/messages.ts';
import type { Model } from '../model.ts';
import type { Protections } from '../protection/protections.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { Stations } from '../stations/stations.ts';
import type { Unwinding } from '../unwinding.ts';
import type { Freeze } from './freeze.ts';

/** What a run has that faults can do something to. */
export interface Faulty {
  readonly model: Model;
  readonly equipment: Equipment;
  readonly frames: Frames;
  readonly stations: Stations;
  readonly branches: Branches;
  readonly ready: ReadyQueue;
  readonly unwinding: Unwinding;
  readonly contents: CacheContents;
  readonly calendar: Calendar;
  readonly controls: Controls;
  readonly autoscaling: Autoscaling;
  readonly protections: Protections;
  readonly freeze: Freeze;
  /** null where nothing is published. */
  readonly messages: Messages | null;
  /** null where no data changes. */
  readonly versions: CopyVersions | null;
  /** A server of this station has become free. */
  readonly leave: (station: number) => void;
}
