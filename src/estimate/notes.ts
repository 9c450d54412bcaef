import type { Plan } from '../design/plan.ts';
import { callsIn } from './flows.ts';
import { scv } from './law/index.ts';
import type { Solution } from './solution.ts';
import { looksAtLoad } from './spreads.ts';

/** Where the estimate of a design is an approximation, and what it leaves out. */
export function notesOf(solution: Solution): string[] {
  return [
    ...solution.notes,
    ...trafficNotes(solution.plan),
    ...planNotes(solution.plan),
    ...solution.plan.components.flatMap((_, c) => componentNotes(solution, c)),
  ];
}

function trafficNotes(plan: Plan): string[] {
  return plan.traffic.flatMap(({ name, arrivals }) => {
    if (arrivals.type === 'closed' || arrivals.shape.length === 0) return [];
    return [`${name}: estimated as if the highest point of its shape lasted for ever.`];
  });
}

function planNotes(plan: Plan): string[] {
  const notes: string[] = [];
  const calls = plan.operations.flatMap(({ steps }) => [...callsIn(steps)]);
  if (calls.some(({ timeout }) => timeout !== null)) {
    notes.push(
      'Timeouts: what does not come in time counts as failed; the load is that of requests that are not given up.',
    );
  }
  if (plan.network.bandwidth !== null) notes.push('The time that transfers take is not estimated.');
  return notes;
}

function componentNotes({ plan, models, stations, spreads, misses }: Solution, c: number): string[] {
  const { name } = plan.components[c]!;
  const { instances } = models[c]!;
  const { spread, others } = spreads[c]!;
  const notes: string[] = [];
  const used = stations[c]!.filter(({ offered, servers }) => offered > 0 && servers !== null);
  if (instances > 1 && used.length > 0) {
    if (looksAtLoad(spread)) {
      notes.push(
        `${name}: ${spread} lies between one queue shared by all instances and a random split; both ends are the interval, the value is an approximation.`,
      );
    }
    if (others.length > 0)
      notes.push(`${name}: instances are chosen in several ways; taken is that of most requests, ${spread}.`);
    if (spread === 'key')
      notes.push(
        `${name}: keys are taken to spread evenly over ${instances} nodes; a very popular key loads its own more.`,
      );
  }
  for (const { name: station, state, slot, servers } of used) {
    if (slot !== null && slot.delayed > 1e-4) {
      notes.push(
        `${station}: waiting for it is by flow-equivalent aggregation, exact for exponential times.`,
      );
    }
    if (state === null || state.delayed < 1e-4) continue;
    const { discipline, uses, dispersion, process, places } = state.load;
    const spreadOut = uses.some(({ time }) => scv(time) !== 1) || uses.length > 1;
    const several = servers! / instances > 1;
    if (uses.some(({ time }) => !Number.isFinite(scv(time)))) {
      notes.push(`${station}: a service time has no variance, so the mean wait has no limit.`);
    }
    if (discipline === 'processor-sharing')
      notes.push(
        `${station}: mean under processor sharing; the percentiles are of a gamma law with the variance of M/M/1.`,
      );
    else if (discipline === 'lifo')
      notes.push(
        `${station}: last in, first out; the mean is that of the queue in order, the percentiles are of a gamma law.`,
      );
    else if (discipline === 'priority')
      notes.push(`${station}: waits by priority after Cobham 1954; each is taken for exponential.`);
    if (several && spreadOut)
      notes.push(
        `${station}: several servers and service that is not exponential: Allen–Cunneen approximation.`,
      );
    if (Math.abs(dispersion - 1) > 0.01 && process === null)
      notes.push(
        `${station}: arrivals are not Poisson; their variability is by the Queueing Network Analyzer (Whitt 1983), an approximation.`,
      );
    if (spread === 'round-robin' && instances > 1 && (several || spreadOut))
      notes.push(
        `${station}: round robin over several cores or with service that is not exponential: an approximation.`,
      );
    if (places !== null && spreadOut) notes.push(`${station}: the bounded queue is taken for M/M/c/K.`);
  }
  for (const note of misses[c]?.notes ?? []) notes.push(`${name}: ${note}.`);
  return notes;
}
