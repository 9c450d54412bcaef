import { callsWithin } from '../design/callees.ts';
import { someStep } from '../design/inner-steps.ts';
import type { Plan } from '../design/plan.ts';
import { lookedUp } from './fronts.ts';
import type { StationModel } from './kind.ts';
import { mean, scv } from './law/index.ts';
import { shareText } from './numbers.ts';
import { protectionNotes } from './protected-call.ts';
import { queueNotes } from './queues.ts';
import { asksAgain } from './same-item.ts';
import { classesOf } from './shares.ts';
import type { Solution, SolvedStation } from './solution.ts';
import { looksAtLoad } from './spreads.ts';
import type { StationState } from './station.ts';

/** Waits of fewer than this are not worth a word. */
const HARDLY_EVER = 1e-4;

/** Who waits less often than this comes back to next to no queue. */
const SELDOM = 0.05;

/** Traffic whose requests queue at the same station again and again, one visit after the other. */
export function returnsOf(solution: Solution): { traffic: string; station: string }[] {
  const { plan, responses, stations } = solution;
  return plan.traffic.flatMap(({ name, index }) => {
    const { rate } = responses[index]!;
    return stations
      .flatMap((each, c) => each.map((station) => ({ c, ...station })))
      .flatMap((at) => {
        const { name: station, state, c } = at;
        if (state === null || state.delayed < SELDOM || state.load.process?.whole) return [];
        const visits = ((state.load.byTraffic.get(index)?.rate ?? 0) - scattered(solution, c, index)) / rate;
        return visits > 1.5 ? [{ traffic: name, station }] : [];
      });
  });
}

/** Visits per second of a traffic that ask all shards of a component at once: each of them another queue. */
function scattered({ plan, models, flows }: Solution, c: number, traffic: number): number {
  if (models[c]!.placement === undefined) return 0;
  const streams = plan.components[c]!.operations.flatMap((o) => flows.streams[o]!);
  return streams.reduce(
    (sum, { traffic: t, keys, rate }) => (t === traffic && keys.keys === 'none' ? sum + rate : sum),
    0,
  );
}

/** Where the estimate of a design is an approximation, and what it leaves out. */
export function notesOf(solution: Solution): string[] {
  const { plan, models, misses, stations, responses } = solution;
  const notes = [
    ...solution.notes,
    ...plan.traffic.flatMap(({ name, arrivals }) =>
      arrivals.type === 'open' && arrivals.shape.length > 0
        ? [`${name}: estimated as if the highest point of its shape lasted for ever.`]
        : [],
    ),
    ...planNotes(plan),
    ...responses.flatMap(({ law, success, overloaded }, t) =>
      success > 0 && overloaded.length === 0 && mean(law) === Number.POSITIVE_INFINITY
        ? [
            `${plan.traffic[t]!.name}: the tail of a service time on its way is so heavy that waits have no mean: how long p99 and p999 are depends on how long one looks, and they are unknown; p50 and p95 are those of the steady state.`,
          ]
        : [],
    ),
    ...returnsOf(solution).map(
      ({ traffic, station }) =>
        `${traffic}: its requests queue at ${station} several times, and these waits are taken for independent: p50 is too high, p95 and p99 are too low, by up to a half where the queue is long.`,
    ),
    ...solution.queues.flatMap(queueNotes),
    ...plan.components.flatMap(({ name }, c) => [
      ...spreadNotes(solution, c),
      ...stations[c]!.filter(({ offered, servers }) => offered > 0 && servers !== null).flatMap((station) =>
        stationNotes(station, models[c]!.instances),
      ),
      ...stations[c]!.flatMap((station, s) => controlNote(station, models[c]!.stations[s]!)),
      ...behindNotes(solution, c),
      ...(asksAgain(plan, models[c]!)
        ? [
            `${name}: requests look the same item up more than once, and each lookup is taken for one of a request of its own; the later ones nearly always hit, so that the true hit ratio is higher.`,
          ]
        : []),
      ...[...(misses[c]?.notes ?? []), ...(models[c]!.notes ?? [])].map((note) => `${name}: ${note}.`),
    ]),
  ];
  return [...new Set(notes)];
}

/** Of a cache that is asked what another one on the way does not have. */
function behindNotes({ plan, models, flows }: Solution, c: number): string[] {
  const looked = lookedUp(models[c]!);
  const isBehind = (looked?.operations ?? []).some((operation) =>
    flows.streams[operation]!.some(
      ({ keys }) => keys.keys === 'drawn' && keys.missed && keys.data === looked!.holds,
    ),
  );
  return isBehind
    ? [
        `${plan.components[c]!.name}: asked only for what a cache before it does not have, taken to come at random; an item comes again only when its copy there has gone, so that where both keep items about as long the true hit ratio is lower, down to none.`,
      ]
    : [];
}

function planNotes(plan: Plan): string[] {
  const notes: string[] = [];
  const calls = plan.operations.flatMap(({ steps }) => [...callsWithin(steps)]);
  notes.push(...protectionNotes(calls));
  if (calls.some(({ timeout }) => timeout !== null)) {
    notes.push(
      'Timeouts: what does not come in time counts as failed; the load is that of requests that are not given up.',
    );
  }
  if ([...calls, ...plan.traffic].some(({ cancel }) => cancel)) {
    notes.push('The estimate takes no account of `cancel`: what is given up counts as load to its end.');
  }
  if ([...calls, ...plan.traffic].some(({ deadline }) => deadline)) {
    notes.push(
      'The estimate takes no account of `deadline`: what is begun too late counts as load like any other.',
    );
  }
  if (calls.some(({ retry }) => retry?.heed !== undefined)) {
    notes.push(
      'The estimate takes no account of `heed-retry-after`: it takes pauses between attempts, and the chance that one succeeds, for those without it.',
    );
  }
  if (plan.operations.some(({ steps }) => someStep(steps, ({ step }) => step === 'once'))) {
    notes.push('The estimate takes no account of `once`: a repeat counts as load like what came first.');
  }
  if (plan.network.bandwidth !== null) notes.push('The time that transfers take is not estimated.');
  return notes;
}

function spreadNotes(solution: Solution, c: number): string[] {
  const { plan, models, stations, spreads } = solution;
  const { name } = plan.components[c]!;
  const { instances } = models[c]!;
  const { spread, others } = spreads[c]!;
  if (instances === 1 || stations[c]!.every(({ offered, servers }) => offered === 0 || servers === null))
    return [];
  const notes: string[] = [];
  if (looksAtLoad(spread)) {
    notes.push(
      `${name}: ${spread} lies between one queue shared by all instances and a random split; both ends are the interval, the value is an approximation.`,
    );
  }
  notes.push(...unevenNotes(solution, c));
  if (others.length > 0) {
    notes.push(`${name}: instances are chosen in several ways; taken is that of most requests, ${spread}.`);
  }
  if (models[c]!.placement !== undefined) notes.push(placedNote(solution, c));
  else if (spread === 'key') notes.push(keyNote(solution, c));
  return notes;
}

function unevenNotes({ plan, models, stations, spreads }: Solution, c: number): string[] {
  const { name } = plan.components[c]!;
  const { instances } = models[c]!;
  const { spread, weights, sticky } = spreads[c]!;
  const notes: string[] = [];
  if (sticky !== undefined) {
    notes.push(
      spread === 'key'
        ? `${name}: most requests go where the last one about their key went, and instances are taken for chosen by key.`
        : `${name}: most requests are about a key that is forgotten, and that some go where the last one went is left out.`,
    );
  }
  const uneven = models[c]!.stations.some(({ speeds }) => classesOf(instances, speeds, weights).length > 1);
  if (!uneven) return notes;
  if (looksAtLoad(spread)) {
    notes.push(
      `${name}: its instances differ; which share of the requests each gets is that of many instances, and waits are those at equal ones of the mean speed${spread === 'power-of-two' ? '; where few are slow, p99 is up to a half too low' : ''}.`,
    );
  } else if (
    stations[c]!.some(({ slot }) => slot !== null) ||
    plan.traffic.some(({ arrivals }) => arrivals.type === 'closed')
  ) {
    notes.push(
      `${name}: its instances differ, and queues behind a limit or of closed traffic are those at equal ones with the same mean time of work; in truth the busiest is full first.`,
    );
  }
  return notes;
}

/** The shards of the keys are those of the simulation; what else is left out. */
function placedNote({ plan, models, stations }: Solution, c: number): string {
  const { name } = plan.components[c]!;
  const { instances } = models[c]!;
  const most = stations[c]!.reduce((a, b) => (hottestOf(b) > hottestOf(a) ? b : a));
  const closed = plan.traffic.some(({ arrivals }) => arrivals.type === 'closed');
  const held = stations[c]!.some(({ slot }) => slot !== null);
  const left = [
    'keys beyond the 131,072 most popular are taken to spread as many do',
    ...(held ? ['waits for what is held are those of shards that are all alike'] : []),
    ...(closed ? ['queues of closed traffic are those at shards that are all alike'] : []),
  ];
  const share = shareText(most.hottest ?? 1 / instances);
  const busy = shareText(Math.min(1, hottestOf(most)));
  return `${name}: the hottest of ${instances} does ${share} of the work and is ${busy} busy; ${left.join('; ')}.`;
}

/** How busy the busiest instance is. */
function hottestOf({ hottest, accepted, service, servers, instances }: SolvedStation): number {
  if (hottest === undefined || servers === null) return 0;
  return (accepted * service * hottest * instances) / servers;
}

/** The node of the most popular key has that key and its share of the others. */
function keyNote({ plan, models, flows, rules, stations, spreads }: Solution, c: number): string {
  const { name, operations } = plan.components[c]!;
  const { instances } = models[c]!;
  let all = 0;
  let top = 0;
  for (const o of operations) {
    for (const { keys, rate } of flows.streams[o]!) {
      all += rate;
      if (keys.keys !== 'drawn') continue;
      const { keys: counts } = rules.keySpace.classes(keys.data);
      top += rate * (keys.shares[0]! / counts[0]!);
    }
  }
  const { weights } = spreads[c]!;
  if (models[c]!.stations.some(({ speeds }) => classesOf(instances, speeds, weights).length > 1)) {
    return `${name}: keys are taken to spread over ${instances} nodes ${weights === undefined ? 'evenly' : 'by weight'}; the most popular key is ${shareText(top / all)} of the operations, and all of them go to one.`;
  }
  const share = top / all + (1 - top / all) / instances;
  const busiest = Math.max(
    ...stations[c]!.map((s) => (s.accepted * s.service * share * instances) / (s.servers ?? 1)),
  );
  return `${name}: keys are taken to spread evenly over ${instances} nodes; that of the most popular key gets ${shareText(share)} of the operations and is about ${shareText(busiest)} busy.`;
}

function controlNote(station: SolvedStation, { impatient }: Pick<StationModel, 'impatient'>): string[] {
  const { name, control, stable, slot, state, capacity, offered } = station;
  const delayed = slot?.delayed ?? state?.delayed ?? 0;
  if (control === null || (stable && delayed < HARDLY_EVER)) return [];
  const over = !stable && impatient === true;
  const failing = over
    ? [
        `${name}: at least ${shareText(1 - capacity / offered)} of what comes to it fails there, by ${control}.`,
      ]
    : [];
  return [
    ...failing,
    `${name}: what ${control} makes of its queue is not estimated: figures are those without it, and do not hold where more comes than it can serve.`,
  ];
}

function stationNotes({ name, state, slot, servers }: SolvedStation, instances: number): string[] {
  if (slot !== null && slot.delayed > HARDLY_EVER && !slot.exact) {
    return [
      `${name}: waiting for it is by flow-equivalent aggregation; where those inside queue as well, it may be a fifth off, percentiles up to a quarter.`,
    ];
  }
  if (state === null || state.delayed < HARDLY_EVER) return [];
  return approximations(state, servers! / instances, instances).map((what) => `${name}: ${what}.`);
}

function approximations({ load, time }: StationState, servers: number, instances: number): string[] {
  const { discipline, uses, dispersion, process, places, spread } = load;
  const exponential = time.law === 'exponential';
  const several = servers > 1;
  const inTurn = spread === 'round-robin' && instances > 1;
  const found: readonly (readonly [boolean, string])[] = [
    [
      uses.some(({ time }) => !Number.isFinite(scv(time))),
      'a service time has no variance, so the mean wait has no limit',
    ],
    [
      discipline === 'processor-sharing',
      'mean under processor sharing; the percentiles are approximate, of a law with the variance of M/M/1: up to a quarter off, p50 and p95 up to a third where service is very variable',
    ],
    [
      discipline === 'lifo' && !exponential,
      'last in, first out: the percentiles are approximate, those of a busy period of M/M/c, stretched; p50 is some 10 % too low where service is constant',
    ],
    [
      discipline === 'priority',
      'waits by priority after Cobham 1954; each is taken for exponential, which makes p50 some 10 % too high',
    ],
    [
      several && !exponential,
      'several servers and service that is not exponential: mean wait after Kimura 1986',
    ],
    [
      Math.abs(dispersion - 1) > 0.01 && process === null,
      'arrivals are not Poisson: their variability is by the Queueing Network Analyzer (Whitt 1983), an approximation',
    ],
    [
      process?.whole === true && several && !exponential,
      'branches that begin at once are taken for batches with exponential service',
    ],
    [inTurn && !exponential, 'round robin with service that is not exponential: an approximation'],
    [places !== null && !exponential, 'the bounded queue is taken for M/M/c/K'],
    [
      places !== null && discipline === 'lifo',
      'last in, first out with a bounded queue: the mean is right, the percentiles are those of first come, first served',
    ],
    [
      places !== null && discipline === 'priority',
      'priorities with a bounded queue: means by class are up to a third off',
    ],
  ];
  return found.flatMap(([holds, what]) => (holds ? [what] : []));
}
