import type { Calendar } from '../../kernel/index.ts';
import type { CacheContents } from '../caching/cache-contents.ts';
import type { CopyVersions } from '../caching/copy-versions.ts';
import type { OwnCopiesOfUsers } from '../caching/own-copies.ts';
import type { Connections } from '../connections.ts';
import * as event from '../events.ts';
import type { Faults } from '../faults/faults.ts';
import type { Frames } from '../frames.ts';
import type { Legs } from '../legs.ts';
import type { Model } from '../model.ts';
import type { Onces } from '../once.ts';
import type { Followers } from '../replicas/followers.ts';
import type { Quorums } from '../replicas/quorums.ts';
import type { Accounts } from './accounts.ts';
import { type Ending, type Measurement, RequestTally } from './measurement.ts';
import { Series, type Watched } from './series.ts';

/** What a run has that is recorded. */
type Recorded = Omit<Watched, 'frames'> & {
  readonly legs: Legs;
  readonly connections: Connections;
  readonly accounts: Accounts;
  readonly onces: Onces | null;
  readonly copies: OwnCopiesOfUsers | null;
  readonly quorums: Quorums | null;
  readonly followers: Followers | null;
  readonly versions: CopyVersions | null;
  readonly faults: Faults | null;
};

/** Records what a run shows: all of the measured time together and, where that is asked for, window by window. */
export class Recorder {
  private readonly model: Model;
  private readonly frames: Frames;
  private readonly contents: CacheContents;
  private readonly watched: Recorded;
  private readonly calendar: Calendar;
  private readonly tally: RequestTally;
  private series: Series | null = null;
  private since = 0;

  constructor(model: Model, frames: Frames, contents: CacheContents, watched: Recorded, calendar: Calendar) {
    this.model = model;
    this.frames = frames;
    this.contents = contents;
    this.watched = watched;
    this.calendar = calendar;
    this.tally = new RequestTally(model.traffic.length, model.reasons.length, calendar.now);
  }

  /** A request arrives. */
  begin(traffic: number): void {
    this.tally.begin(traffic);
    if (this.series !== null) this.series.begin(traffic);
  }

  /** A request that arrived at `start` ends with `status` (0 = served, else a reason). */
  end(traffic: number, start: number, status: number): void {
    this.tally.end(traffic, start, status);
    if (this.series !== null) this.series.end(traffic, start, status);
  }

  /** Forgets what was until now, and goes on in so many windows; 0 = without. */
  restart(seconds: number, windows: number): void {
    this.since = this.calendar.now[0]!;
    this.tally.restart();
    this.watched.autoscaling.restart();
    this.watched.stations.reset();
    this.watched.messages?.restart();
    this.watched.onces?.restart();
    this.watched.copies?.reset();
    this.watched.faults?.kills?.restart();
    this.watched.quorums?.restart();
    this.watched.followers?.restart();
    this.contents.reset();
    this.watched.legs.reset();
    this.watched.connections.reset();
    this.watched.accounts.reset();
    this.watch(seconds, windows);
  }

  /** From now on the run is watched in so many windows; 0 = not. */
  watch(seconds: number, windows: number): void {
    if (windows === 0) return;
    const { model, frames, watched, calendar } = this;
    watched.versions?.restart(windows, seconds / windows);
    this.series = new Series(windows, seconds / windows, model, { ...watched, frames }, calendar.now);
    calendar.push(calendar.now[0]! + seconds / windows, event.MARK + 8 * event.MARK_SERIES);
  }

  /** A window of the series ends; nothing does where there is none. */
  cut(end: number): void {
    const next = this.series === null ? end : this.series.cut();
    if (next < end) this.calendar.push(next, event.MARK + 8 * event.MARK_SERIES);
  }

  measurement(events: number, workSeries: Float64Array, ended: Ending): Measurement {
    const { model } = this;
    const { stations, autoscaling, accounts, messages, faults } = this.watched;
    const inFlight = new Float64Array(model.traffic.length);
    this.frames.forEachRequest((t) => {
      inFlight[t]!++;
    });
    return {
      seconds: this.calendar.now[0]! - this.since,
      events,
      traffic: this.tally.measured(inFlight).map((each, t) => ({
        ...each,
        attempts: each.offered + accounts.further[t]!,
        late: accounts.late[t]!,
      })),
      stations: model.stationGroups.map(({ component, servers, most = Number.POSITIVE_INFINITY }, group) => {
        const consumers = messages?.stationOf(group) ?? null;
        if (consumers !== null) {
          const { of, concurrency } = messages!.consumerOf(group)!;
          return {
            ...consumers,
            wasted: 0,
            servers: Math.min(most, autoscaling.serversOf(of, concurrency) ?? consumers.servers!),
          };
        }
        const measured = { ...stations.measured(group), wasted: accounts.wasted(group) };
        const scaled = servers === null ? null : autoscaling.serversOf(component, servers);
        return scaled === null ? measured : { ...measured, servers: scaled };
      }),
      caches: this.contents.measured(),
      hotItems: this.contents.hot.measured(),
      channels: messages?.measured() ?? [],
      ...(this.watched.onces !== null && { onces: this.watched.onces.measured() }),
      ...(this.watched.copies !== null && { copies: this.watched.copies.measured() }),
      ...(this.watched.quorums !== null && { quorums: this.watched.quorums.measured() }),
      ...(this.watched.followers !== null && { replication: this.watched.followers.measured() }),
      ...(this.watched.versions !== null && { versions: this.watched.versions.measured() }),
      crossings: this.watched.legs.measured(),
      connections: this.watched.connections.measured(),
      workSeries,
      series: this.series === null ? null : this.series.measured(),
      ...(faults !== null && faults.canaries !== null && { canaries: faults.canaries.measured() }),
      ...(faults !== null && faults.kills !== null && { kills: faults.kills.measured() }),
      ended,
    };
  }
}
