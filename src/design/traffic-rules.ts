import { parseQuantity } from '../quantities/index.ts';
import type { Outline } from './outline.ts';
import { isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';

/** What only one of the two sorts of traffic can say. */
const onlyOpen = ['peak', 'arrivals', 'batch', 'shape'];
const onlyClosed = ['think'];

/** Reports traffic that is neither open nor closed, or both, and what has no effect on the sort it is. */
export function checkTraffic(outline: Outline, problems: Problems): void {
  for (const [name, traffic] of outline.traffic) {
    const path: Path = ['traffic', name];
    const open = traffic['rate'] !== undefined;
    const closed = traffic['users'] !== undefined;
    if (open && closed) {
      problems.report({
        code: 'conflicting-keys',
        path: [...path, 'users'],
        at: 'key',
        message: '`rate` is open traffic and `users` is closed traffic; one traffic is one of the two',
        hint: 'keep one, or write two traffics',
      });
    } else if (!open && !closed) {
      problems.report({
        code: 'missing-key',
        path,
        at: 'key',
        message: `\`${name}\` does not say how much traffic it is`,
        expected:
          '`rate`, such as 80/s (requests come whatever the answer times), or `users`, such as 50 (each waits for the answer)',
      });
    } else {
      const idle = (closed ? onlyOpen : onlyClosed).filter((key) => traffic[key] !== undefined);
      for (const key of idle) {
        problems.report({
          code: 'idle-knob',
          path: [...path, key],
          at: 'key',
          message: closed
            ? `\`${key}\` belongs to a rate; users send their next request after the answer and \`think\``
            : `\`${key}\` belongs to users; a rate does not wait for answers`,
        });
      }
    }
    if (Array.isArray(traffic['shape'])) checkShape(traffic['shape'], [...path, 'shape'], problems);
  }
}

/** Reports points of a shape that do not come one after the other. */
export function checkShape(points: readonly unknown[], path: Path, problems: Problems): void {
  let last = -1;
  for (const [index, point] of points.entries()) {
    const written = isMap(point) ? point['at'] : undefined;
    if (typeof written !== 'string') continue;
    const at = parseQuantity(written, 'time');
    if (!at.ok) continue;
    if (at.value.value <= last) {
      problems.report({
        code: 'out-of-range',
        path: [...path, index, 'at'],
        message: 'the points of a shape come one after the other in time',
        found: written,
        expected: 'a later time than that of the point before',
      });
    }
    last = Math.max(last, at.value.value);
  }
}
