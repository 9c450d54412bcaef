import type { Headers } from '../blocks/index.ts';

/** The headers of a request whose caller has set some: these in place of those that came, the others as they came. */
export function overridden(came: Headers, sets: Headers | undefined): Headers {
  return sets === undefined ? came : { ...came, ...sets };
}
