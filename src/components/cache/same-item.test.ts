import { describe, expect, it } from 'vitest';
import { estimate } from '../../estimate/index.ts';
import { estimatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

const read = (more = '') => `{ read: page, from: store, through: hot${more} }`;
const designOf = (steps: string) => `
name: again
data: { page: { count: 1k, size: 1KB } }
traffic: { users: { call: api.view, rate: 100/s, key: page } }
components:
  api: { kind: service, operations: { view: [ ${steps} ] } }
  hot: { kind: cache, holds: page, items: 300 }
  store: { kind: database, stores: page }
`;

const isTold = (design: string): boolean =>
  estimate(planOf(design), estimatedKinds).notes.some((note) =>
    note.includes('the same item up more than once'),
  );

describe('an item that a request asks for twice', () => {
  it('SAME-1 is told of a cache, where the estimate takes each lookup for another request', () => {
    expect(isTold(designOf(`${read()}, { compute: 1ms }, ${read()}`))).toBe(true);
    expect(isTold(designOf(`{ repeat: 2, do: [ ${read()} ] }`))).toBe(true);
    expect(isTold(designOf(`{ parallel: [ [ ${read()} ], [ ${read()} ] ] }`))).toBe(true);
    // Once, another item, or one of two ways.
    expect(isTold(designOf(read()))).toBe(false);
    expect(isTold(designOf(`${read()}, ${read(', key: page')}`))).toBe(false);
    const ways = [0.4, 0.6].map((chance) => `{ probability: ${chance}, do: [ ${read()} ] }`);
    expect(isTold(designOf(`{ choose: [ ${ways.join(', ')} ] }`))).toBe(false);
  });

  it('SAME-2 is told of a CDN that is called twice', () => {
    const design = (calls: string) => `
name: again
data: { page: { count: 1k, size: 1KB } }
traffic: { users: { call: web.view, rate: 100/s, key: page } }
components:
  web: { kind: service, operations: { view: [ ${calls} ] } }
  edge: { kind: cdn, to: origin, holds: page, pops: 1, items: 300 }
  origin: { kind: service, operations: { get: [ { compute: 1ms } ] } }
`;
    expect(isTold(design('{ call: edge.get }, { call: edge.get }'))).toBe(true);
    expect(isTold(design('{ call: edge.get }'))).toBe(false);
  });
});
