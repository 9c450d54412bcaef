import type { BalanceAlgorithm, BalancerOptions } from '../blocks/index.ts';
import { count, type KindFinding, type OwnName, quantity, ratios } from '../design/index.ts';
import type { Choosing, Spread } from '../estimate/index.ts';

/** A word beside the algorithm that some of the algorithms have a use for. */
type OptionWord = 'weights' | 'choices' | 'virtual-nodes' | 'load-factor' | 'dispatchers';

interface Way {
  /** What the estimator takes it for. */
  readonly spread: Spread;
  readonly takes: readonly OptionWord[];
}

/**
 * The ways to choose an instance that a design may name. `ip-hash` is not among them: a client has no address here,
 * and by the key of a request it is `key-hash`.
 */
const ways = {
  random: { spread: 'random', takes: ['weights'] },
  'round-robin': { spread: 'round-robin', takes: [] },
  'weighted-round-robin': { spread: 'round-robin', takes: ['weights'] },
  'least-connections': { spread: 'least-connections', takes: [] },
  'weighted-least-connections': { spread: 'least-connections', takes: ['weights'] },
  'power-of-two': { spread: 'power-of-two', takes: [] },
  'power-of-d': { spread: 'power-of-two', takes: ['choices'] },
  'peak-ewma': { spread: 'power-of-two', takes: [] },
  'join-idle-queue': { spread: 'least-connections', takes: ['dispatchers'] },
  'key-hash': { spread: 'key', takes: [] },
  ring: { spread: 'key', takes: ['weights', 'virtual-nodes'] },
  'bounded-ring': { spread: 'key', takes: ['weights', 'virtual-nodes', 'load-factor'] },
  rendezvous: { spread: 'key', takes: ['weights'] },
  jump: { spread: 'key', takes: [] },
  maglev: { spread: 'key', takes: ['weights'] },
} as const satisfies Partial<Record<BalanceAlgorithm, Way>>;

export type InstanceBalancing = keyof typeof ways;

/** Every {@link InstanceBalancing}. */
export const instanceBalancing = Object.freeze(Object.keys(ways)) as readonly InstanceBalancing[];

/** What the algorithm is told beside the number of instances; without it, the block's defaults. */
export type InstanceBalancingOptions = Pick<
  BalancerOptions,
  'weights' | 'choices' | 'virtualNodes' | 'loadFactor' | 'dispatchers'
>;

/** Points that the block's rings may have, and have for an instance of weight 1 unless told otherwise. */
const POINTS_MAX = 2 ** 24;
const VIRTUAL_NODES = 160;

/** The words beside `algorithm` or `balance`, for the settings of a kind. */
export const balancingFields = {
  weights: ratios(
    'a weight',
    {
      is: 'Weight of each instance, relative to the others, 1 each unless said; for random, weighted-round-robin, weighted-least-connections, ring, bounded-ring, rendezvous and maglev.',
    },
    { least: 0.001, most: 1_000_000 },
  ).optional(),
  choices: count(
    { is: 'Instances that power-of-d looks at for a request.', default: 2 },
    { most: 1024 },
  ).optional(),
  'virtual-nodes': count(
    {
      is: 'Points on the ring of an instance of weight 1, for ring and bounded-ring.',
      default: VIRTUAL_NODES,
    },
    { most: 65_536 },
  ).optional(),
  'load-factor': quantity(
    'ratio',
    {
      is: 'How far above the mean number in progress bounded-ring fills an instance before the next one on the ring gets the request.',
      default: '1.25x',
    },
    { least: 1, most: 1000 },
  ).optional(),
  dispatchers: count(
    {
      is: 'Queues of idle instances of join-idle-queue, one for each balancer that it stands for.',
      default: 1,
    },
    { most: 65_536 },
  ).optional(),
};

/** {@link balancingFields} as read. */
export interface WrittenBalancing {
  readonly weights?: readonly number[] | undefined;
  readonly choices?: number | undefined;
  readonly 'virtual-nodes'?: number | undefined;
  readonly 'load-factor'?: number | undefined;
  readonly dispatchers?: number | undefined;
}

const optionNames = {
  weights: 'weights',
  choices: 'choices',
  'virtual-nodes': 'virtualNodes',
  'load-factor': 'loadFactor',
  dispatchers: 'dispatchers',
} as const satisfies Record<OptionWord, keyof InstanceBalancingOptions>;

const optionWords = Object.keys(optionNames) as readonly OptionWord[];

/** The options that were written and mean something to the algorithm; null where there are none. */
export function optionsOf(
  balancing: InstanceBalancing | OwnName<'balance'>,
  written: WrittenBalancing,
): InstanceBalancingOptions | null {
  const options = takenBy(balancing)
    .filter((word) => written[word] !== undefined)
    .map((word) => [optionNames[word], written[word]]);
  return options.length === 0 ? null : Object.fromEntries(options);
}

/** A pool of instances that words about balancing are about. */
export interface Target {
  readonly name: string;
  readonly instances: number;
  /** Why there is nothing to choose, other than that there is one instance. */
  readonly alone?: string;
}

/** Why there is nothing to choose, where there is one to choose. */
export function aloneAs({ name, alone }: Target): string {
  return alone ?? `\`${name}\` has one instance`;
}

/** Words that were written and change nothing, and those that cannot be. */
export function checkBalancing(
  balancing: InstanceBalancing | OwnName<'balance'>,
  written: WrittenBalancing,
  target: Target,
): KindFinding[] {
  const takes = takenBy(balancing);
  const beside = optionWords.flatMap((word): KindFinding[] => {
    if (written[word] === undefined) return [];
    const idle = (message: string, hint?: string): KindFinding[] => [
      { code: 'idle-knob', setting: [word], message, ...(hint === undefined ? {} : { hint }) },
    ];
    if (!takes.includes(word)) {
      const able = instanceBalancing.filter((name) => (ways[name] as Way).takes.includes(word));
      return idle(`${balancing} takes no ${word}`, `${listed(able)} ${able.length === 1 ? 'does' : 'do'}`);
    }
    if (target.instances === 1) {
      return idle(`${aloneAs(target)}, so there is nothing to choose`);
    }
    if (word === 'choices' && written.choices! > target.instances) {
      const message = `\`${target.name}\` has ${target.instances} instances, and no more can be looked at`;
      return idle(message, 'least-connections looks at all of them');
    }
    return word === 'weights' ? checkWeights(written.weights!, target) : [];
  });
  return [...beside, ...checkPoints(balancing, written, target.instances)];
}

function checkWeights(
  weights: readonly number[],
  { name, instances }: { readonly name: string; readonly instances: number },
): KindFinding[] {
  if (weights.length !== instances) {
    return [
      {
        code: 'out-of-range',
        setting: ['weights'],
        message: `${weights.length} weights for ${instances} instances of \`${name}\``,
        expected: `${instances} weights, one for each instance`,
      },
    ];
  }
  if (weights.some((weight) => weight !== weights[0])) return [];
  return [{ code: 'idle-knob', setting: ['weights'], message: 'all weights are equal' }];
}

/** A ring has a point for each virtual node, as many more as an instance weighs. */
function checkPoints(balancing: string, written: WrittenBalancing, instances: number): KindFinding[] {
  if (!takenBy(balancing).includes('virtual-nodes')) return [];
  const { 'virtual-nodes': each = VIRTUAL_NODES, weights } = written;
  const weight = weights?.reduce((sum, of) => sum + of, 0) ?? instances;
  if (each * weight <= POINTS_MAX) return [];
  return [
    {
      code: 'out-of-range',
      setting: [written['virtual-nodes'] === undefined ? 'weights' : 'virtual-nodes'],
      message: `the ring would have ${Math.round(each * weight)} points`,
      expected: `at most ${POINTS_MAX} points, virtual nodes × weight of all instances together`,
    },
  ];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Whether the algorithm alone already sends a key always to the same instance. */
export function keepsKeys(balancing: InstanceBalancing): boolean {
  return ways[balancing].spread === 'key' && balancing !== 'bounded-ring';
}

/** What the estimator takes it for; one of the user's own for random, since nothing is known of it. */
export function choosingOf(
  balancing: InstanceBalancing | OwnName<'balance'>,
  options: InstanceBalancingOptions | undefined,
): Choosing {
  if (!isBuiltIn(balancing)) return { spread: 'random' };
  const { weights, choices } = options ?? {};
  const { spread } = ways[balancing];
  return {
    spread: choices === 1 ? 'random' : spread,
    ...(weights === undefined ? {} : { weights }),
    ...(choices === undefined || choices === 1 ? {} : { choices }),
  };
}

/** What is to be said of that. */
export function choosingNotes(balancing: InstanceBalancing | OwnName<'balance'>): readonly string[] {
  if (isBuiltIn(balancing)) return [];
  return [`no formula is known for the balancing ${balancing}; instances are taken to be chosen at random`];
}

function isBuiltIn(balancing: string): balancing is InstanceBalancing {
  return Object.hasOwn(ways, balancing);
}

/** What an algorithm takes beside its name; one of the user's own, nothing. */
function takenBy(balancing: string): readonly OptionWord[] {
  return isBuiltIn(balancing) ? ways[balancing].takes : [];
}
