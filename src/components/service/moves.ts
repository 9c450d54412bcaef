import type { KindKnob, KindMoves, KindVariant } from '../../design/index.ts';
import { linkKnobs } from '../answer-link.ts';
import type { ServiceSettings } from './describe.ts';

/** A probe that finds what is down within ten seconds. */
const PROBES = { every: '5s', fall: 2 };

/** Places of a bound that is put on a queue, for each of those who serve. */
const PLACES_EACH = 10;
const BOUND_MOST = 1_000_000_000;
/** Bytes: a larger machine is not to be had (Amazon EC2, u7in-32tb.224xlarge: 32 TiB). */
const MEMORY_MOST = 32 * 2 ** 40;

export const moves: KindMoves = {
  knobs(settings) {
    const service = settings as unknown as ServiceSettings;
    const { autoscale, instances, cores, model, workers, queue, speeds, options, memory, health } = service;
    const knobs: KindKnob[] = linkKnobs(service);
    const door = workers === null ? 'cpu' : 'workers';
    // A list with a number for each instance ties their number down.
    if (speeds === undefined && options?.weights === undefined) {
      knobs.push({
        setting: autoscale === undefined ? ['instances'] : ['autoscale', 'to'],
        now: autoscale === undefined ? instances : autoscale.to,
        least: autoscale === undefined ? 1 : autoscale.from,
        most: autoscale === undefined ? 100_000 : 10_000,
        dimension: 'count',
        relieves: ['cpu', 'workers', 'memory'],
        ...(autoscale === undefined && { instances: true }),
        ...(health === undefined && { leavingOut: [{ setting: ['health'], value: PROBES }] }),
        sacrifices: 'more to deploy, and more that ask what lies behind',
      });
    }
    if (model === 'threads') {
      knobs.push({
        setting: ['cores'],
        now: cores,
        least: 1,
        most: 10_000,
        dimension: 'count',
        relieves: ['cpu'],
        sacrifices: 'larger machines: one that fails takes more with it',
      });
    }
    if (workers !== null) {
      knobs.push({
        setting: ['workers'],
        now: workers,
        least: 1,
        most: 1_000_000,
        dimension: 'count',
        relieves: ['workers'],
        sacrifices: 'memory, and more requests at once on what they wait for',
      });
    }
    if (memory !== undefined) {
      knobs.push({
        setting: ['memory'],
        now: memory.size,
        least: memory.least,
        most: MEMORY_MOST,
        dimension: 'size',
        relieves: ['memory'],
        sacrifices: 'larger machines, whose memory is paid for with their cores in the estimate',
      });
    }
    if (queue !== null && queue > 0) {
      knobs.push({
        setting: ['queue'],
        now: queue,
        least: 1,
        most: BOUND_MOST,
        dimension: 'count',
        relieves: [door],
        sacrifices: 'longer waits before anyone is refused',
      });
    }
    return knobs;
  },
  variants(settings) {
    const { instances, balance, queue, workers, cores, discipline, restart } =
      settings as unknown as ServiceSettings;
    const variants: KindVariant[] = [];
    if (queue === null && discipline !== 'processor-sharing') {
      const bound = PLACES_EACH * (workers ?? cores);
      variants.push({
        sets: [{ setting: ['queue'], value: bound }],
        chose: `at most ${bound} waiting at an instance`,
        over: 'a queue without a bound',
        because: 'who would wait too long is refused at once, and those behind are served in time',
        sacrifices: 'requests are refused while the queue is full',
        helps: 'itself',
      });
    }
    if (restart !== undefined) {
      variants.push({
        sets: [{ setting: ['when-full'], value: 'refuse' }],
        leaves: ['restart', 'restart-backoff'],
        chose: 'to refuse who finds no room in memory',
        over: 'an instance killed with all that it does',
        because: 'one request too many then fails alone, and the instance goes on with the others',
        sacrifices: 'the program has to count what it holds, and refuse in time',
        helps: 'itself',
      });
    }
    if (instances > 1 && (balance === 'random' || balance === 'round-robin')) {
      variants.push({
        sets: [{ setting: ['balance'], value: 'power-of-two' }],
        chose: 'the less busy of two instances',
        over: `an instance by ${balance}`,
        because: 'chance makes queues before some instances while others have nothing to do',
        sacrifices: 'callers have to know how busy instances are',
        helps: 'itself',
      });
    }
    return variants;
  },
};
