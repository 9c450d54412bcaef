import { type Outline, visitCalls } from './outline.ts';
import { formatPath, isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';
import { checkIdleProtections } from './protection-rules.ts';

/** What a way to wait makes no use of. */
const idlePauses: Readonly<Record<string, readonly string[]>> = {
  none: ['base', 'cap'],
  constant: ['cap'],
};

function checkIdlePauses(retry: Readonly<Record<string, unknown>>, path: Path, problems: Problems): void {
  const backoff = retry['backoff'];
  if (typeof backoff !== 'string' || !Object.hasOwn(idlePauses, backoff)) return;
  for (const setting of idlePauses[backoff]!) {
    if (retry[setting] === undefined) continue;
    const message = `\`backoff: ${backoff}\` makes no use of it`;
    problems.report({ code: 'idle-knob', path: [...path, setting], at: 'key', message });
  }
}

/**
 * Warns of steps that are never done, because a `fail` in the same list comes before them, of pauses that a
 * retry never makes, of settings of protections without effect, and of fetches to share where no cache can miss.
 */
export function checkIdleSteps({ components }: Outline, problems: Problems): void {
  for (const component of components.values()) {
    const lists = new Map<string, 'ended' | 'told'>();
    visitCalls(component, (step, path) => {
      if (step['coalesce'] !== undefined && step['through'] === undefined) {
        const message = 'no cache is read through, so that there are no misses to share a fetch';
        problems.report({ code: 'idle-knob', path: [...path, 'coalesce'], at: 'key', message });
      }
      if (step['hot-keys'] !== undefined && step['key'] === 'none') {
        const message = 'it asks all shards, and is about no item that could be hot';
        problems.report({ code: 'idle-knob', path: [...path, 'hot-keys'], at: 'key', message });
      }
      if (step['missing'] !== undefined && step['through'] === undefined) {
        const message = 'no cache is read through, and a store takes as long to find nothing';
        problems.report({ code: 'idle-knob', path: [...path, 'missing'], at: 'key', message });
      }
      if (isMap(step['retry'])) checkIdlePauses(step['retry'], [...path, 'retry'], problems);
      checkIdleProtections(step, path, problems);
      // The branches of a parallel step are a list, and not done one after the other.
      if (path.at(-2) === 'parallel') return;
      const list = formatPath(path.slice(0, -1));
      if (lists.get(list) === 'ended') {
        lists.set(list, 'told');
        const message = 'a `fail` comes before this step, which is never done';
        problems.report({ code: 'idle-knob', path, message, hint: 'put it before, or leave it out' });
      } else if (step['fail'] !== undefined && !lists.has(list)) lists.set(list, 'ended');
    });
  }
}
