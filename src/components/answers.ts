import type { KindFinding, Surroundings } from '../design/index.ts';
import type { Room } from './room.ts';

/** Copies of answers, by operation and key, of what stands behind a component. */

/** Whose answers are kept: those of the named operations, null = of all. */
export interface KeptAnswers {
  readonly caches: readonly string[] | null;
}

/** Whether the answers of an operation are kept. */
export function isCached({ caches }: KeptAnswers, operation: string): boolean {
  return caches === null || caches.includes(operation);
}

/** Items of a size, bytes, that fit. */
export function itemsThatFit(room: Room, size: number): number {
  return 'items' in room ? room.items : Math.floor(room.bytes / size);
}

/**
 * Operations that are said to be kept and cannot be.
 *
 * @param named the setting that names them
 * @param behind what is asked where there is no copy, in words
 */
export function cachedOperations(
  { caches }: KeptAnswers,
  { operations, keysOf, data }: Surroundings,
  named: readonly string[],
  behind: string,
): KindFinding[] {
  const held = data('holds')[0]?.name;
  const kept = caches ?? operations;
  const unknown = (caches ?? []).filter((operation) => !operations.includes(operation));
  const findings = unknown.map(
    (operation): KindFinding => ({
      code: 'unknown-operation',
      setting: named,
      message: `${behind} has no operation \`${operation}\``,
      expected: operations.join(', '),
    }),
  );
  for (const operation of kept) {
    const other = keysOf(operation).find((key) => key !== null && key !== held);
    if (other === undefined) continue;
    findings.push({
      code: 'data-not-held',
      setting: caches === null ? ['holds'] : named,
      message: `requests for \`${operation}\` carry keys of \`${other}\`, of which it holds no copies`,
      hint: `say with \`${named.at(-1)}\` which operations are kept`,
    });
  }
  if (findings.length === 0 && !kept.some((operation) => keysOf(operation).includes(held ?? null))) {
    findings.push({
      code: 'idle-knob',
      setting: ['holds'],
      message: `no request for an operation that is kept carries a key of \`${held}\``,
    });
  }
  return findings;
}
