import {
  type KindFinding,
  quantity,
  references,
  type Settling,
  type Surroundings,
  section,
} from '../../design/index.ts';

/** Copies of answers that each user keeps. */
export interface CopiesSettings {
  /** Seconds from the answer. */
  readonly ttl: number;
  readonly users: number;
  /** Operations whose answers are kept; null = all. */
  readonly operations: readonly string[] | null;
}

export const copiesField = section('the cache of a client', {
  ttl: quantity(
    'time',
    { is: 'How long a user answers requests for an item from the copy that came with an answer.' },
    { above: 0 },
  ),
  operations: references('the name of an operation', {
    is: 'Operations whose answers are kept, by the key of the request; all unless said.',
  }).optional(),
})
  .meta({
    description: 'Each user keeps answers, as a browser does with max-age, and asks for none that it has.',
  })
  .optional();

interface WrittenCopies {
  readonly ttl: number;
  readonly operations?: readonly string[] | undefined;
}

/** What is written, with the defaults. */
export function copiesOf(
  { ttl, operations = undefined }: WrittenCopies,
  users: number | undefined,
  settling: Settling,
): CopiesSettings {
  if (users === undefined) {
    settling.refuse({
      code: 'missing-key',
      setting: ['cache'],
      message: 'how often a user asks for the same item again depends on how many users share the requests',
      expected: '`users` beside it, such as 100k',
    });
  }
  return { ttl, users: users ?? 1, operations: operations ?? null };
}

/** Whether the answers of an operation are kept. */
export function keeps({ operations }: CopiesSettings, operation: string): boolean {
  return operations === null || operations.includes(operation);
}

/** Reports operations that cannot be kept. */
export function checkCopies(
  copies: CopiesSettings,
  { operations, keysOf }: Pick<Surroundings, 'operations' | 'keysOf'>,
): KindFinding[] {
  const unknown = (copies.operations ?? []).filter((operation) => !operations.includes(operation));
  const findings = unknown.map(
    (operation): KindFinding => ({
      code: 'unknown-operation',
      setting: ['cache', 'operations'],
      message: `who is asked has no operation \`${operation}\``,
      expected: operations.join(', '),
    }),
  );
  const kept = operations.filter((operation) => keeps(copies, operation));
  if (findings.length > 0 || kept.some((operation) => keysOf(operation).some((key) => key !== null)))
    return findings;
  const message = 'no request for an operation that is kept carries a key of data';
  return [{ code: 'idle-knob', setting: ['cache'], message }];
}
