import {
  bytesSent,
  choice,
  type KindFinding,
  type KindKnob,
  type Plan,
  type PlanOperation,
  quantity,
  quantityOrUnlimited,
  type Settling,
  type Surroundings,
  section,
  uncompressedAnswer,
} from '../design/index.ts';
import type { Activity, StationModel } from '../estimate/index.ts';
import type { Assembly } from '../simulate/program/assembly.ts';
import type { Emitter } from '../simulate/program/emitter.ts';

/** How answers leave a component: compressed or not, and over a link that they share. */

/** Compression of answers that nobody behind has compressed. */
export interface Compression {
  /** Bytes before ÷ bytes after. */
  readonly ratio: number;
  /** Bytes that a core compresses in a second. */
  readonly speed: number;
}

/** The link of each instance towards those who ask. */
export interface AnswerLink {
  /** Bytes per second. */
  readonly bandwidth: number;
  /** Bytes of an answer beside the items that it brings. */
  readonly headers: number;
}

/** What a component says of it. */
export interface AnswerSettings {
  readonly compress?: Compression;
  readonly link?: AnswerLink;
}

const algorithms = ['gzip', 'brotli'] as const;

export const linkField = {
  bandwidth: quantityOrUnlimited(
    'bandwidth',
    {
      is: 'Bandwidth of the link by which answers leave each instance; those on their way at the same time share it.',
      default: 'unlimited',
    },
    { above: 0 },
  ).optional(),
};

/** The section `compress` of a kind; `where` says whose time it takes. */
export const compressField = (where: string) => ({
  compress: section('compression', {
    algorithm: choice(algorithms, {
      is: 'Which constants hold where `ratio` and `speed` are not said; gzip unless said.',
    }).optional(),
    ratio: quantity(
      'ratio',
      {
        is: 'Bytes of an item before, by bytes after; the constant compress.gzip.ratio or compress.brotli.ratio unless said.',
      },
      { above: 1, most: 1000 },
    ).optional(),
    speed: quantity(
      'bandwidth',
      {
        is: 'How much is compressed in a second, by one core; the constant compress.gzip.speed or compress.brotli.speed unless said.',
      },
      { above: 0 },
    ).optional(),
  })
    .meta({
      description: `Compresses what answers bring, ${where}, unless somebody behind it has; without it, it does not.`,
    })
    .optional(),
});

export const ON_ITS_CORES = 'on its own cores';

interface WrittenAnswers {
  readonly bandwidth?: number | null | undefined;
  readonly compress?:
    | {
        readonly algorithm?: (typeof algorithms)[number] | undefined;
        readonly ratio?: number | undefined;
        readonly speed?: number | undefined;
      }
    | undefined;
}

/** What is written, with the defaults. */
export function settleAnswers({ bandwidth, compress }: WrittenAnswers, settling: Settling): AnswerSettings {
  const { algorithm = 'gzip', ratio, speed } = compress ?? {};
  return {
    ...(compress && {
      compress: {
        ratio: ratio ?? settling.constant(`compress.${algorithm}.ratio`),
        speed: speed ?? settling.constant(`compress.${algorithm}.speed`),
      },
    }),
    ...(bandwidth != null && {
      link: { bandwidth, headers: settling.constant('size.http.headers') },
    }),
  };
}

/** Whether it has something to compress. */
export function compressesAny(
  { compress }: AnswerSettings,
  { operations, answerOf }: Pick<Surroundings, 'operations' | 'answerOf'>,
): boolean {
  return compress !== undefined && operations.some((operation) => answerOf(operation).plain > 0);
}

/** Reports compression that has nothing to do, and an algorithm of which nothing is taken. */
export function checkAnswers(
  { compress }: WrittenAnswers,
  around: Pick<Surroundings, 'operations' | 'answerOf'>,
): KindFinding[] {
  if (compress === undefined) return [];
  const idle = (setting: readonly string[], message: string): KindFinding[] => [
    { code: 'idle-knob', setting, message },
  ];
  const answers = around.operations.map((operation) => around.answerOf(operation));
  if (answers.every(({ read }) => read === 0)) {
    return idle(['compress'], 'no step behind it reads data, so answers bring no bytes to compress');
  }
  if (answers.every(({ plain }) => plain === 0)) {
    return idle(['compress'], 'what comes to it is compressed already');
  }
  const { algorithm, ratio, speed } = compress;
  return algorithm !== undefined && ratio !== undefined && speed !== undefined
    ? idle(['compress', 'algorithm'], '`ratio` and `speed` say all there is to it')
    : [];
}

/** The knob of the link; none where it has no end. */
export function linkKnobs({ link }: AnswerSettings): KindKnob[] {
  if (link === undefined) return [];
  return [
    {
      setting: ['bandwidth'],
      now: link.bandwidth,
      least: 1,
      most: 1e15,
      dimension: 'bandwidth',
      relieves: ['link'],
      sacrifices: 'a larger link, at a price that is not in the estimate',
    },
  ];
}

/** What each answer to an operation takes: seconds of a core, and of the link. */
export function answerTimes(
  { compress, link }: AnswerSettings,
  plan: Plan,
  { index }: Pick<PlanOperation, 'index'>,
): { readonly cpu: number; readonly link: number } {
  if (compress === undefined && link === undefined) return { cpu: 0, link: 0 };
  const answer = uncompressedAnswer(plan, index);
  const sent = compress === undefined ? bytesSent(answer) : answer.packed + answer.plain / compress.ratio;
  return {
    cpu: compress === undefined ? 0 : answer.plain / compress.speed,
    link: link === undefined ? 0 : (link.headers + sent) / link.bandwidth,
  };
}

/** Whether an answer to some operation of a component takes CPU time. */
export function answersCompute(settings: AnswerSettings, plan: Plan, operations: readonly number[]): boolean {
  return operations.some((index) => answerTimes(settings, plan, { index }).cpu > 0);
}

/** The station of the link, for the formulas; none where it has no end. */
export function linkModel({ link }: AnswerSettings): readonly StationModel[] {
  if (link === undefined) return [];
  return [{ name: 'link', servers: 1, places: null, discipline: 'processor-sharing' }];
}

/** What becomes of an answer, for the formulas. Without cores, nobody waits for another to be compressed. */
export function answerActivities(
  settings: AnswerSettings,
  plan: Plan,
  operation: PlanOperation,
  stations: { readonly cpu: number | null; readonly link: number },
): readonly Activity[] {
  return [
    ...compressionActivities(settings, plan, operation, stations.cpu),
    ...sendingActivities(settings, plan, operation, stations.link),
  ];
}

/** The first half of that: it is compressed. */
export function compressionActivities(
  settings: AnswerSettings,
  plan: Plan,
  operation: PlanOperation,
  cpu: number | null,
): readonly Activity[] {
  const time = { law: 'constant', value: answerTimes(settings, plan, operation).cpu } as const;
  if (time.value === 0) return [];
  return [cpu === null ? { does: 'wait', time } : { does: 'visit', station: cpu, time }];
}

/** The second half: it is sent. */
export function sendingActivities(
  settings: AnswerSettings,
  plan: Plan,
  operation: PlanOperation,
  link: number,
): readonly Activity[] {
  const time = { law: 'constant', value: answerTimes(settings, plan, operation).link } as const;
  return time.value === 0 ? [] : [{ does: 'visit', station: link, time }];
}

/** Where that is an approximation. */
export function answerNotes({ compress, link }: AnswerSettings): readonly string[] {
  if (compress === undefined && link === undefined) return [];
  return [
    'every answer is taken to bring what the answers to its operation bring on average, those of requests that fail behind it too',
    ...(compress !== undefined && link !== undefined
      ? [
          'answers are taken to come to its link at random; its cores compress one after the other, so that they come more regularly where these are busy, and wait less than the estimate says',
        ]
      : []),
  ];
}

/** Declares the link; gives the number of its station, null where it has no end. */
export function assembleLink(
  { link }: AnswerSettings,
  component: Parameters<Assembly['station']>[0],
  instances: number,
  assembly: Assembly,
): number | null {
  if (link === undefined) return null;
  return assembly.station(component, 'link', {
    instances,
    servers: 1,
    places: null,
    discipline: 'processor-sharing',
  });
}

/** Emits what becomes of an answer that is served. Without cores, nobody waits for another to be compressed. */
export function emitAnswer(
  code: Emitter,
  settings: AnswerSettings,
  operation: PlanOperation,
  stations: { readonly cpu: number | null; readonly link: number | null },
): void {
  emitCompression(code, settings, operation, stations.cpu);
  emitSending(code, settings, operation, stations.link);
}

/** The first half of that: it is compressed. */
export function emitCompression(
  code: Emitter,
  settings: AnswerSettings,
  operation: PlanOperation,
  cpu: number | null,
): void {
  const time = {
    law: 'constant',
    value: answerTimes(settings, code.assembly.plan, operation).cpu,
  } as const;
  if (cpu === null) code.delay(time, 'compression');
  else code.compute(cpu, time, 'compression');
}

/** The second half: it is sent. */
export function emitSending(
  code: Emitter,
  settings: AnswerSettings,
  operation: PlanOperation,
  link: number | null,
): void {
  if (link === null) return;
  const { link: value } = answerTimes(settings, code.assembly.plan, operation);
  code.compute(link, { law: 'constant', value }, 'answer');
}
