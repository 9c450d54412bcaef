import { type Headers, lowerCase, type Route } from '../blocks/index.ts';
import { parseQuantity } from '../quantities/index.ts';
import { isMap } from './path.ts';

/** More routes than a component may have are none: the list itself is refused. */
export const mostRoutes = 100;

/** The routes of a list, each with what could be read of it; none where it is no list, or one too long. */
export function readRoutes(list: unknown): readonly Route[] {
  if (!Array.isArray(list) || list.length > mostRoutes) return [];
  return list.map((written): Route => {
    const { path, header, share, by } = isMap(written) ? written : ({} as Record<string, unknown>);
    return {
      ...(typeof path === 'string' && { path: path.trim() }),
      ...(isMap(header) && { headers: readHeaders(header) }),
      ...(share !== undefined && { share: readShare(share) }),
      ...((by === 'key' || by === 'chance') && { by }),
    };
  });
}

/** A share that cannot be read takes something and leaves something. */
const SOME = 0.01;

function readShare(written: unknown): number {
  if (typeof written !== 'string' && typeof written !== 'number') return SOME;
  const read = parseQuantity(written, 'ratio');
  return read.ok && read.value.value > 0 && read.value.value <= 1 ? read.value.value : SOME;
}

/** Header fields as written, their names in lower case and their values as texts; none where it is no map. */
export function readHeaders(written: unknown): Headers {
  if (!isMap(written)) return {};
  const told = Object.entries(written).filter(([, value]) => isHeaderValue(value));
  return lowerCase(Object.fromEntries(told.map(([name, value]) => [name, String(value).trim()])));
}

/** Whether something can be the value of a header: a text, a number, or a word that YAML reads as true or false. */
export function isHeaderValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The path by which a request asks for an operation. */
export function pathOf(operation: string): string {
  return `/${operation}`;
}
