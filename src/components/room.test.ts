import { expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { kinds } from './index.ts';

const found = (components: string) =>
  loadDesign(
    `
name: room
data: { film: { count: 1k, size: 1MB } }
traffic: { users: { call: front.get, rate: 10/s, key: film } }
components:
${components}
  store: { kind: database, stores: film }
  api: { kind: service, operations: { get: [ { compute: 1ms }, { read: film, from: store } ] } }
`,
    { file: 'room.yaml', kinds: kinds.map(({ describe }) => describe) },
  ).diagnostics.filter(({ message }) => message.includes('not one `film` fits'));

test.each([
  [
    'cache',
    (memory: string) =>
      `  hot: { kind: cache, holds: film, memory: ${memory} }
  front: { kind: service, operations: { get: [ { compute: 1ms }, { read: film, from: store, through: hot } ] } }`,
    'components.hot.memory',
  ],
  [
    'gateway',
    (memory: string) => `  front: { kind: gateway, to: api, holds: film, cache: { memory: ${memory} } }`,
    'components.front.cache.memory',
  ],
  [
    'cdn',
    (memory: string) => `  front: { kind: cdn, pops: 2, to: api, holds: film, memory: ${memory} }`,
    'components.front.memory',
  ],
])('ROOM-1 less memory than one item takes is told: %s', (_, design, path) => {
  expect(found(design('10kB')).map((each) => each.path)).toEqual([path]);
  expect(found(design('10MB'))).toEqual([]);
});
