import type { Origin } from './constant.ts';

/** Notes and courses on system design, where a value is common lore and no original is known. */
export const teachingNotes: Origin = { source: 'system design teaching notes', date: '2026' };

/** The list that teaching material quotes most. */
export const latencyList2012: Origin = {
  source: 'J. Dean, P. Norvig, "Latency numbers every programmer should know", list of about 2012',
  date: '2012',
};

/** Its best known revision. Parts of it are extrapolated trends and not measurements. */
export const latencyList2020: Origin = {
  source: 'C. Scott, "Latency numbers every programmer should know", interactive revision, numbers for 2020',
  date: '2020',
};

/** The value of another profile used unchanged, because nothing better is known. */
export function takenOver(from: string, date: string): Origin {
  return { source: `${from}; taken over for want of a better figure`, date };
}

/** One short run with client and server on the same two cores. */
export function measuredOnTwoCores(how: string): Origin {
  return { source: `measured: ${how}, client and server on a 2-core Debian 12 machine`, date: '2026-11-22' };
}

/** Runs on two such machines; the range spans both. */
export function measuredOnTwoMachines(how: string): Origin {
  return {
    source: `measured: ${how}, client and server on a 2-core Debian 12 machine, range over two machines`,
    date: '2026-11-22',
  };
}
