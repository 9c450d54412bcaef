import { readKey } from './calls.ts';
import { type Outline, visitSteps } from './outline.ts';
import type { Problems } from './problems.ts';

/**
 * Warns of reads and writes that ask all shards of a store that has one.
 *
 * @param settings of a component, by its name
 */
export function checkIdleKeys(
  { components }: Outline,
  settings: (component: string) => Readonly<Record<string, unknown>> | undefined,
  problems: Problems,
): void {
  for (const { name, written } of components.values()) {
    for (const [operation, steps] of written) {
      visitSteps(steps, ['components', name, 'operations', operation], (step, path) => {
        const store = String(step['from'] ?? step['to'] ?? '').trim();
        if (typeof step['key'] !== 'string' || readKey(step['key']).from !== 'none') return;
        const known = settings(store);
        const shards = known === undefined ? 1 : (components.get(store)?.kind?.shards?.(known) ?? 1);
        if (shards > 1) return;
        const message = `\`${store}\` has one shard, which has every key`;
        problems.report({ code: 'idle-knob', path: [...path, 'key'], at: 'key', message });
      });
    }
  }
}
