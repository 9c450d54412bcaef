import type { Edit } from '../../design/index.ts';
import { isMap } from '../../design/path.ts';
import { goalsOfTraffic } from '../../design/plan-goal.ts';
import { formatQuantity } from '../../quantities/index.ts';
import { type Move, type Situation, split } from './move.ts';
import { type PlacedStep, stepsOf } from './steps.ts';

/** Moves that change how a component asks another: timeouts, attempts, breakers, and what becomes of work given up. */

interface CallMove {
  readonly word: string;
  /** Whether a call lacks it. */
  readonly lacks: (step: PlacedStep['step']) => boolean;
  readonly sets: (
    situation: Situation,
    step: PlacedStep['step'],
  ) => readonly (readonly [setting: readonly string[], value: unknown])[];
  readonly chose: string | ((edits: readonly Edit[]) => string);
  readonly over: string;
  readonly because: string;
  readonly sacrifices: string;
}

/** Of these numbers the first three are what `tenfold/blocks` and its models take where nothing is said. */
const CALL_MOVES: readonly CallMove[] = [
  {
    word: 'retry.budget',
    lacks: ({ retry }) => isMap(retry) && retry['budget'] === undefined,
    sets: () => [[['retry', 'budget'], '10%']],
    chose: 'at most a tenth more requests by retries',
    over: 'as many attempts as it takes',
    because: 'retries come on top when there is too much already',
    sacrifices: 'more requests fail while much else fails too',
  },
  {
    word: 'retry',
    lacks: (step) => step['retry'] === undefined,
    sets: () => [[['retry'], { attempts: 2, budget: '10%' }]],
    chose: 'a second attempt, for at most a tenth of the requests',
    over: 'one attempt',
    because: 'what failed once may succeed the next time',
    sacrifices: 'it may be done twice, and adds to the load',
  },
  {
    word: 'timeout',
    lacks: (step) => step['timeout'] === undefined,
    sets: (situation) => {
      const time = patience(situation);
      return time === null ? [] : [[['timeout'], formatQuantity(time, 'time', { digits: 3 })]];
    },
    chose: 'to wait no longer for an answer than it is of use',
    over: 'waiting without end',
    because: 'who waits holds what others need',
    sacrifices: 'answers that come late are thrown away',
  },
  {
    word: 'breaker',
    lacks: (step) => step['breaker'] === undefined,
    sets: () => [[['breaker'], { failures: '50%', of: 40, open: '5s' }]],
    chose: 'a breaker that opens when half of the calls fail',
    over: 'asking on',
    because: 'what cannot answer is left alone, and nobody waits for it',
    sacrifices: 'requests fail at once for five seconds that might have succeeded',
  },
  {
    word: 'hedge',
    lacks: (step) => step['hedge'] === undefined && step['write'] === undefined,
    sets: () => [[['hedge'], { after: 'p95', budget: '5%' }]],
    chose: 'a second request where the first is slower than 95 % are',
    over: 'one request',
    because: 'two instances are rarely slow at the same time',
    sacrifices: 'up to a twentieth more requests, and it may be done twice',
  },
  {
    word: 'bulkhead.most',
    lacks: ({ bulkhead }) => mostAtOnce(bulkhead) !== null,
    sets: (_, { bulkhead }) => [[['bulkhead', 'most'], 2 * mostAtOnce(bulkhead)!]],
    chose: (edits) =>
      `${[...new Set(edits.map(({ value }) => String(value)))].join(' and ')} at the same time through the bulkhead`,
    over: 'as few as now',
    because: 'who finds no place there fails, though what is behind might serve it',
    sacrifices: 'more of the caller can be stuck at once when it hangs',
  },
  {
    word: 'cancel',
    lacks: (step) => step['timeout'] !== undefined && step['cancel'] === undefined,
    sets: () => [[['cancel'], true]],
    chose: 'to cancel what nobody waits for any more',
    over: 'working it off',
    because: 'work for those who have given up takes the place of work for others',
    sacrifices: 'every part below must be able to stop',
  },
  {
    word: 'coalesce',
    lacks: (step) => step['through'] !== undefined && step['coalesce'] === undefined,
    sets: () => [[['coalesce'], 'cache']],
    chose: 'one fetch for all who miss the same item',
    over: 'a fetch for each of them',
    because: 'many ask for what is popular while it is fetched',
    sacrifices: 'they wait for one fetch, and share its failure',
  },
];

function mostAtOnce(bulkhead: unknown): number | null {
  const most = isMap(bulkhead) ? bulkhead['most'] : undefined;
  return typeof most === 'number' && Number.isInteger(most) ? most : null;
}

/** What the station of a bulkhead is called, before the operation that the calls through it ask. */
const BULKHEAD = 'bulkhead to ';

/** Settings of the calls to what gives way first, and of those behind a bulkhead that does. */
export function callSettings(situation: Situation): Move[] {
  const { design, narrow, way } = situation;
  const behind = narrow.flatMap(({ station }) =>
    station.startsWith(BULKHEAD) ? [split(station.slice(BULKHEAD.length))[0]] : [],
  );
  const asked = new Set([...narrow.map(({ component }) => component), ...behind]);
  const calls = stepsOf(design).filter(
    ({ asks, component, step }) =>
      asks !== null && asked.has(asks) && way.has(component) && step['publish'] === undefined,
  );
  return [...asked].flatMap((component) =>
    CALL_MOVES.flatMap(({ word, lacks, sets, ...said }): Move[] => {
      const steps = calls.filter(({ asks, step }) => asks === component && lacks(step));
      const edits = steps.flatMap(({ path, step }) =>
        sets(situation, step).map(([setting, value]): Edit => ({ path: [...path, ...setting], value })),
      );
      if (edits.length === 0) return [];
      const how = typeof said.chose === 'string' ? said.chose : said.chose(edits);
      const chose = `calls to ${component}: ${how}`;
      return [{ name: `${component} calls.${word}`, ...said, chose, edits, helps: 'load' }];
    }),
  );
}

/** Seconds for which an answer is of use: the shortest goal on a slow answer, else how long users wait. */
function patience({ plan }: Situation): number | null {
  const slow = plan.traffic
    .flatMap(({ index }) => goalsOfTraffic(plan.goals, index))
    .filter(({ metric, comparator }) => metric !== 'mean' && comparator === '<=');
  const targets =
    slow.length > 0 ? slow.map(({ target }) => target) : plan.traffic.flatMap(({ timeout }) => timeout ?? []);
  return targets.length === 0 ? null : Math.min(...targets);
}
