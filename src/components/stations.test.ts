import { expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { simulate } from '../simulate/index.ts';
import { kinds, simulatedKinds } from './index.ts';

/** One component of every kind, with all the stations it can have. */
const design = `
name: every-station
data: { item: { count: 1k, size: 1KB } }
traffic: { users: { call: people.show, rate: 100/s, key: item } }
components:
  people: { kind: client, to: www }
  www: { kind: dns, to: near }
  near: { kind: cdn, to: edge, holds: item, pops: 2, items: 10, bandwidth: 1Gbit/s }
  edge: { kind: load-balancer, to: shop, cost: 10us, bandwidth: 1Gbit/s }
  shop:
    kind: service
    workers: 8
    memory: 1GB
    memory-per-request: 10MB
    sidecar: { cores: 1 }
    bandwidth: 1Gbit/s
    operations: { show: [ { compute: 1ms }, { read: item, from: store, through: copies }, { call: gate.pay }, { publish: letters }, { publish: clicks } ] }
  gate: { kind: gateway, to: till, auth: jwt, bandwidth: 1Gbit/s }
  till: { kind: service, workers: 8, memory: 1GB, memory-per-request: 10MB, sidecar: { cores: 1 }, bandwidth: 1Gbit/s, operations: { pay: [ { compute: 1ms }, { call: bank.charge } ], post: [ { compute: 1ms } ] } }
  letters: { kind: queue, consumer: till.post }
  clicks: { kind: stream, consumer: till.post }
  bank: { kind: external, operations: [ charge ], latency: 5ms, availability: 99.9% }
  copies: { kind: cache, holds: item, items: 100 }
  store: { kind: database, stores: item }
`;

test('a simulation reports the stations that the descriptions of the kinds name', async () => {
  const descriptions = kinds.map((kind) => kind.describe);
  const { plan, diagnostics } = loadDesign(design, { kinds: descriptions, file: 'every-station.yaml' });
  expect(diagnostics).toEqual([]);
  const report = await simulate(plan!, simulatedKinds, { time: 1, warmup: 0, replications: 2 });
  const described = plan!.components.flatMap((component) => {
    const { stations } = descriptions.find((kind) => kind.name === component.kind)!;
    return Object.keys(stations).map((station) => `${component.name}.${station}`);
  });
  expect(new Set(plan!.components.map((component) => component.kind)).size).toBe(kinds.length);
  expect(Object.keys(report.stations).sort()).toEqual(described.sort());
});
