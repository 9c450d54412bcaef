import { type CallOptions, protectionOf } from './call-options.ts';
import { type OperationName, readKey, type WrittenKey } from './calls.ts';
import { hotKeysOf } from './hot-keys.ts';
import { keyFor } from './keys.ts';
import type { KindDescription } from './kind.ts';
import type { PlanCall, PlanJourneyState, PlanKey, PlanReach, PlanStep } from './plan.ts';
import type { Carried } from './reach.ts';
import type { Asking, Step } from './step.ts';

/** What lowering has to know of the rest of the design; every name is known to resolve. */
export interface Lowering {
  operation(name: OperationName): number;
  data(name: string): number;
  kind(component: string): KindDescription;
  /** Parts that a component keeps its data in. */
  shards(component: string): number;
  /** Whether a front remembers of a key that it stands for nothing. */
  remembersMissing(component: string): boolean;
  /** The only data that a component keeps, if it is one. */
  keyedBy(component: string): string | null;
  /** Keys that requests carry in the operation whose steps are lowered. */
  readonly carried: Carried;
}

/** Writes the steps of the language as those of the plan: references as indices, reads and writes as calls. */
export function lowerSteps(steps: readonly Step[], to: Lowering): PlanStep[] {
  return steps.flatMap((step) => lowerStep(step, to));
}

function lowerStep(step: Step, to: Lowering): PlanStep[] {
  if ('compute' in step) return [{ step: 'compute', time: step.compute }];
  if ('wait' in step) return [{ step: 'wait', time: step.wait }];
  if ('call' in step) return withFallback([lowerCall(step, to)], step, to);
  if ('read' in step) return withFallback(lowerRead(step, to), step, to);
  if ('write' in step) return withFallback(lowerWrite(step, to), step, to);
  if ('publish' in step) return withFallback([lowerPublish(step, to)], step, to);
  if ('fail' in step) return [{ step: 'fail', reason: step.fail }];
  if ('repeat' in step) return [{ step: 'repeat', times: step.repeat, steps: lowerSteps(step.do, to) }];
  if ('once' in step) return [lowerOnce(step, to)];
  if ('choose' in step) {
    const cases = step.choose.map(({ probability, do: steps }) => ({
      probability,
      steps: lowerSteps(steps, to),
    }));
    return [{ step: 'choose', cases }];
  }
  if ('parallel' in step) {
    const branches = step.parallel.map((branch) => lowerSteps(Array.isArray(branch) ? branch : [branch], to));
    const waitFor = step['wait for'] ?? branches.length;
    return [{ step: 'parallel', branches, waitFor, ...(step.cancel && { cancel: true }) }];
  }
  return [lowerJourney(step.journey, to)];
}

/** The call by which a component passes a request on, with its settings as the options. */
export function lowerPassing(
  operation: number,
  options: CallOptions,
  reach: PlanReach | undefined,
): PlanCall {
  return { ...callOf(operation, options, { from: 'request' }), ...(reach && { reach }) };
}

function lowerOnce({ once, do: steps }: Extract<Step, { once: unknown }>, to: Lowering): PlanStep {
  return {
    step: 'once',
    keep: once.for,
    lease: once.lease ?? (once.for || 1),
    keys: once.keys ?? null,
    whenFull: once['when-full'] ?? 'reject',
    steps: lowerSteps(steps, to),
  };
}

function withFallback(steps: PlanStep[], { fallback }: Asking, to: Lowering): PlanStep[] {
  if (fallback === undefined) return steps;
  return [{ step: 'fallback', steps, otherwise: lowerSteps(fallback, to) }];
}

function lowerCall(step: Extract<Step, { call: string }>, to: Lowering): PlanCall {
  const component = step.call.split('.', 1)[0]?.trim() ?? '';
  const keyed = to.keyedBy(component);
  const key: WrittenKey =
    step.key !== undefined
      ? readKey(step.key)
      : ((keyed === null ? null : keyFor(keyed, to.carried)) ?? { from: 'request' });
  return callOf(to.operation(normalName(step.call)), step, planKey(key, to));
}

function lowerPublish(step: Extract<Step, { publish: string }>, to: Lowering): PlanCall {
  const operation = operationOf(step.publish, to.kind(step.publish).roles.channel?.publish, to);
  const key: WrittenKey = step.key === undefined ? { from: 'request' } : readKey(step.key);
  return callOf(operation, step, planKey(key, to));
}

function lowerRead(step: Extract<Step, { read: string }>, to: Lowering): PlanStep[] {
  const store = operationOf(step.from, to.kind(step.from).roles.store?.read, to);
  const data = to.data(step.read);
  const answer = { data, with: 'answer' } as const;
  if (asksAll(step)) return askAll(store, step, to.shards(step.from), answer);
  const key = dataKey(step.read, step, to);
  const hot = step['hot-keys'] === undefined ? {} : { hotKeys: hotKeysOf(step['hot-keys']) };
  if (step.through === undefined) return [{ ...callOf(store, step, key, answer), ...hot }];
  const front = to.kind(step.through).roles.front;
  if (step.missing !== undefined) return lowerMissing(step, store, to);
  const next = follow(key);
  const filled = { moves: { data, with: 'request' } } as const;
  const onMiss = [
    { ...callOf(store, step, next), moves: answer },
    { ...callOf(operationOf(step.through, front?.fill, to), step, next), ...filled },
  ];
  const lookup = { ...callOf(operationOf(step.through, front?.lookup, to), step, key), moves: answer };
  return [{ ...lookup, ...hot, onMiss, ...(step.coalesce !== undefined && { coalesce: step.coalesce }) }];
}

/** A share of the reads asks for what there is not: the cache misses, or knows, and the store finds nothing. */
function lowerMissing(
  { missing, ...step }: Extract<Step, { read: string }>,
  store: number,
  to: Lowering,
): PlanStep[] {
  const { share, keys } = missing!;
  const through = step.through!;
  const front = to.kind(through).roles.front;
  const data = to.data(step.read);
  const absent: PlanKey = { from: 'missing', data, keys: keys ?? null };
  const last: PlanKey = { from: 'last' };
  const found = callOf(store, step, last);
  const note = callOf(operationOf(through, front?.fill, to), step, last);
  const lookup = {
    ...callOf(operationOf(through, front?.lookup, to), step, absent),
    onMiss: to.remembersMissing(through) ? [found, note] : [found],
  };
  const present = lowerRead(step, to);
  return [
    {
      step: 'choose',
      cases: [
        { probability: share, steps: [lookup] },
        { probability: 1 - share, steps: present },
      ],
    },
  ];
}

function lowerWrite(step: Extract<Step, { write: string }>, to: Lowering): PlanStep[] {
  const item = { data: to.data(step.write), with: 'request' } as const;
  const store = operationOf(step.to, to.kind(step.to).roles.store?.write, to);
  if (asksAll(step)) return askAll(store, step, to.shards(step.to), item);
  const key = dataKey(step.write, step, to);
  const write = callOf(store, step, key, item);
  if (step.invalidate === undefined) return [write];
  const drop = to.kind(step.invalidate).roles.front?.drop;
  return [write, callOf(operationOf(step.invalidate, drop, to), step, follow(key))];
}

function asksAll({ key }: CallOptions): boolean {
  return key !== undefined && readKey(key).from === 'none';
}

/** Scatters to all shards of a store and gathers their answers; each call is protected by itself. */
function askAll(
  store: number,
  step: CallOptions,
  shards: number,
  carries: NonNullable<PlanCall['carries']>,
): PlanStep[] {
  const calls = Array.from({ length: shards }, (_, shard) =>
    callOf(store, step, { from: 'shard', shard }, carries),
  );
  if (shards === 1) return calls;
  return [{ step: 'parallel', branches: calls.map((call) => [call]), waitFor: shards }];
}

function lowerJourney(journey: Extract<Step, { journey: unknown }>['journey'], to: Lowering): PlanStep {
  const numbers = new Map(Object.keys(journey).map((name, index) => [name, index]));
  const states = Object.entries(journey).map(([name, { do: steps, next = {} }]): PlanJourneyState => {
    return {
      name,
      steps: lowerSteps(steps, to),
      next: Object.entries(next).map(([target, probability]) => ({
        state: numbers.get(target) ?? 0,
        probability,
      })),
    };
  });
  return { step: 'journey', states };
}

function operationOf(component: string, operation: string | undefined, to: Lowering): number {
  return to.operation(`${component}.${operation}`);
}

/** `component.operation` without the spaces a user may have left around the dot. */
export function normalName(text: string): OperationName {
  const dot = text.indexOf('.');
  return `${text.slice(0, dot).trim()}.${text.slice(dot + 1).trim()}`;
}

function callOf(
  operation: number,
  options: CallOptions,
  key: PlanKey,
  carries?: PlanCall['carries'],
): PlanCall {
  return {
    step: 'call',
    operation,
    timeout: options.timeout ?? null,
    key,
    ...protectionOf(options),
    ...(options.cancel && { cancel: true }),
    ...(options.deadline && { deadline: options.deadline }),
    ...(options.headers && { headers: options.headers }),
    onMiss: [],
    ...(carries === undefined ? {} : { carries }),
  };
}

function dataKey(data: string, options: CallOptions, to: Lowering): PlanKey {
  const written = options.key === undefined ? keyFor(data, to.carried) : readKey(options.key);
  return planKey(written ?? { from: 'draw', data }, to);
}

function planKey(key: WrittenKey, to: Lowering): PlanKey {
  return 'data' in key ? { from: key.from, data: to.data(key.data) } : { from: 'request' };
}

/** The key of the calls that belong to one that has `key`. */
function follow(key: PlanKey): PlanKey {
  return key.from === 'request' ? key : { from: 'last' };
}
