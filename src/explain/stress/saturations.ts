import type { Plan } from '../../design/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { LEAST, typeable } from './breaking-loads.ts';
import { rootOf } from './causes.ts';
import type { Probes, Widened } from './probes.ts';
import { FULL, isFull, type StationLoad, stationLoad } from './station-load.ts';

/** A station that gives way. */
export interface Saturation {
  readonly station: string;
  /** The multiple of the load at which what is asked of it reaches what it can do. */
  readonly at: Figure;
  /** Stations that were full before it, and are taken to be wide enough here. */
  readonly widened: readonly string[];
}

/** A station that does not give way up to the highest load. */
export interface Spare {
  readonly station: string;
  /** What is asked of it at the load of the design, as a share of what it can do. */
  readonly load: number;
  /** Where it would give way if what is asked of it grew in proportion: an extrapolation. */
  readonly at: number;
}

export interface Saturations {
  readonly full: readonly Saturation[];
  readonly spare: readonly Spare[];
  /** The search ended before the highest load: further stations may give way there. */
  readonly unfinished: boolean;
}

/** How near its capacity a station is when its load is read, as a share of it. */
const NEAR = 0.06;
/** By how much a run stays below the load at which a station is taken to be full: a full one does not settle. */
const SHORT = 0.04;
/** A widened station has so many times the servers that it needs at the highest load. */
const ROOM = 2;
/** Looks at no more loads than so many for each station to find. */
const LOOKS = 4;
const MOST_READINGS = 5;
/** How far below where the fullest station would be full a design is run that does not carry its load, so often at most. */
const BELOW = 0.15;
const LOOKS_DOWN = 12;

/**
 * Looks for the loads at which stations are full, the lowest first. Behind a station that is full nothing more arrives
 * than it lets through; so each is widened when its turn is over, and those that had only waited for it are no
 * longer full.
 *
 * @param most the highest load to look at, as a multiple
 * @param rungs full stations to look for
 */
export async function saturations(
  plan: Plan,
  probes: Probes,
  most: number,
  rungs: number,
): Promise<Saturations> {
  const full: Saturation[] = [];
  let widened: Widened = {};
  let times = 1;
  let report = await probes.at(times);
  // Behind what is full less arrives than is asked for: the first to be full is found from below.
  for (let looks = 0; looks < LOOKS_DOWN && times > LEAST && hasFull(report); looks++) {
    times = Math.max(LEAST, typeable(nextFull(report, times, {}) * (1 - BELOW)));
    report = await probes.at(times);
  }
  /** Of a run in which nothing was full: behind what is full, loads do not grow in proportion. */
  let sound = { times, report };
  for (let looks = 0; looks < LOOKS * rungs && full.length < rungs; looks++) {
    const roots = rootOf(plan, report, (name, station) => !(name in widened) && isNearlyFull(station));
    if (roots === null) {
      sound = { times, report };
    } else {
      const found = await read(roots, times, report, widened);
      full.push({ station: roots, at: found, widened: Object.keys(widened) });
      widened = { ...widened, [roots]: Math.ceil((ROOM * most) / (found.value ?? times)) };
    }
    if ((roots === null && times >= most) || full.length === rungs) break;
    const next = nextFull(sound.report, sound.times, widened);
    const least = roots === null ? times * (1 + NEAR) : times;
    times = Math.min(most, typeable(Math.max(least, next * (1 - SHORT))));
    report = await probes.at(times, { widened });
  }
  const first = await probes.at(1);
  const spare = Object.entries(first.stations).flatMap(([station, each]): Spare[] => {
    const load = stationLoad(each);
    if (load === null || full.some((rung) => rung.station === station)) return [];
    return [{ station, load: load.value, at: 1 / load.value }];
  });
  spare.sort((a, b) => a.at - b.at);
  return { full: full.sort((a, b) => a.at.value! - b.at.value!), spare, unfinished: times < most };

  /** Reads the load of a station close to where it is full, so that little is taken to grow in proportion. */
  async function read(station: string, found: number, seen: Report, wide: Widened): Promise<Figure> {
    let at = found;
    let load = loadOf(seen, station);
    let low: number | null = null;
    for (let reading = 0; reading < MOST_READINGS; reading++) {
      if (Math.abs(load.value - 1) <= NEAR) break;
      const guess = typeable(at / load.value);
      const nearer = low === null || (guess > low && guess < found) ? guess : typeable((low + found) / 2);
      if (nearer === at) break;
      const report = await probes.at(nearer, { widened: wide });
      at = nearer;
      load = loadOf(report, station);
      if (load.value < FULL) low = Math.max(low ?? 0, nearer);
    }
    const high = load.low > 0 ? at / load.low : null;
    return { value: at / load.value, low: at / load.high, high, unit: '1' };
  }
}

const hasFull = ({ stations }: Report): boolean => Object.values(stations).some(isFull);

/** Whether it is so near to its capacity that its load can be read there; below, in a run that settles, it is no less exact. */
function isNearlyFull(station: Report['stations'][string]): boolean {
  return isFull(station) || (stationLoad(station)?.value ?? 0) >= 1 - NEAR;
}

function loadOf(report: Report, station: string): StationLoad {
  return stationLoad(report.stations[station]!) ?? { value: 1, low: 1, high: 1 };
}

/** The load at which the next station is full, those widened left out, if what is asked of each grows in proportion. */
function nextFull({ stations }: Report, times: number, widened: Widened): number {
  const loads = Object.entries(stations).flatMap(([name, station]) =>
    name in widened ? [] : (stationLoad(station)?.value ?? []),
  );
  return times / Math.max(0, ...loads);
}
