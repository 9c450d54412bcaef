import { describe, expect, test } from 'vitest';
import { renderReport, reportSchema, reportToJson } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

// Three instances take turns at 100 requests a second that come with equal gaps, and one stops answering at 10 s: from then
// on every third request hangs, and nobody gives up.
const design = planOf(`
name: frozen
traffic: { people: { call: edge.get, rate: 100/s, arrivals: constant } }
components:
  edge: { kind: load-balancer, algorithm: round-robin, to: api }
  api: { kind: service, instances: 3, operations: { get: [ { compute: 1ms } ] } }
goals: { people: { p99: 100ms, success: 99.9% } }
scenarios:
  for-ever: { lasts: 40s, faults: [ { at: 10s, freeze: api, instances: 1, for: 100s } ] }
  for-a-while: { lasts: 40s, faults: [ { at: 10s, freeze: api, instances: 1, for: 10s } ] }
  at-the-end: { lasts: 40s, faults: [ { at: 39.95s, freeze: api, instances: 1, for: 10s } ] }
`);
const run = (scenario: string) => simulate(design, simulatedKinds, { scenario, warmup: 1, replications: 2 });

describe('a request without an answer at the end of a scenario', () => {
  test('UNF-1 has not been served, once it has waited for longer than is good', async () => {
    const { operations, scenario, goals, notes } = await run('for-ever');
    const { offered, served, inFlight, unfinished, success } = operations['people']!;
    expect(offered).toBe(served + inFlight);
    // A third of 100/s for 30 s, in two replications; who came in the last window may yet be answered.
    const { window } = scenario!;
    expect(inFlight).toBeGreaterThanOrEqual(1998);
    expect(inFlight).toBeLessThanOrEqual(2002);
    expect(inFlight - unfinished!).toBeLessThanOrEqual(2 * (100 / 3) * window + 2);
    expect(success.value).toBeCloseTo(served / (served + unfinished!), 12);
    expect(goals.map(({ met }) => met)).toEqual([false, false]);
    expect(goals[0]!.value.value).toBeNull();
    expect(notes.join()).toContain('had no answer at the end and had waited for more than 100ms');
  });

  test('UNF-2 is lost, and its traffic is harmed and does not come back', async () => {
    const { operations, scenario } = await run('for-ever');
    const { harmed, recovered, lost, detection } = scenario!.outcomes['people']!;
    expect([harmed.value, recovered.value]).toEqual([1, 0]);
    expect(lost.value! * 2).toBe(operations['people']!.unfinished!);
    expect(detection.value!).toBeLessThanOrEqual(3 * scenario!.window);
    const { unfinished } = scenario!.traffic['people']!.failures;
    const sum = unfinished!.value.reduce((total: number, rate) => total + rate! * scenario!.window, 0);
    expect(sum).toBeCloseTo(lost.value!, 6);
  });

  test('UNF-3 is in the table and in the report that is read back', async () => {
    const report = await run('for-ever');
    expect(renderReport(report, { colour: false, unicode: true, width: 120 })).toContain('unfinished');
    expect(reportSchema.parse(JSON.parse(reportToJson(report)))).toMatchObject({
      operations: { people: { unfinished: report.operations['people']!.unfinished } },
    });
  });

  test('UNF-4 counts against its window while it waits, though it is served in the end', async () => {
    const { operations, scenario } = await run('for-a-while');
    expect(operations['people']).not.toHaveProperty('unfinished');
    const { harmed, recovered, detection, lost } = scenario!.outcomes['people']!;
    expect([harmed.value, recovered.value, lost.value]).toEqual([1, 1, 0]);
    // Seen long before the answers come, at 20 s.
    expect(detection.value!).toBeLessThanOrEqual(3 * scenario!.window);
  });

  test('UNF-5 that came a moment ago is in flight, no more', async () => {
    const { operations, scenario, goals } = await run('at-the-end');
    expect(operations['people']!.inFlight).toBeGreaterThan(0);
    expect(operations['people']).not.toHaveProperty('unfinished');
    expect(scenario!.outcomes['people']!.harmed.value).toBe(0);
    expect(goals.map(({ met }) => met)).toEqual([true, true]);
  });

  test.each([
    ['cut: web, from: api', 20],
    ['freeze: api, for: 100s', 20],
    ['crash: api, instances: 1, connections: hanging', 20],
  ])(
    'UNF-6 of users who all hang nobody comes back, though nobody asks any more: %s',
    async (fault, users) => {
      const people = planOf(`
name: hung
traffic: { people: { call: web.get, users: ${users}, think: 100ms } }
components:
  web: { kind: service, operations: { get: [ { call: api.get } ] } }
  api: { kind: service, instances: ${fault.startsWith('crash') ? 2 : 1}, operations: { get: [ { compute: 2ms } ] } }
scenarios: { parted: { lasts: 60s, faults: [ { at: 10s, ${fault} } ] } }
`);
      const { scenario } = await simulate(people, simulatedKinds, { scenario: 'parted', replications: 2 });
      const { harmed, recovered, lost } = scenario!.outcomes['people']!;
      expect([harmed.value, recovered.value, lost.value]).toEqual([1, 0, users]);
    },
  );

  test('UNF-7 of few, windows in which nobody asks are as those before: it is not well since nobody asks', async () => {
    const rare = planOf(`
name: rare
traffic: { rare: { call: web.get, rate: 0.2/s } }
components: { web: { kind: service, operations: { get: [ { compute: 2ms } ] } } }
scenarios: { gone: { lasts: 2m, faults: [ { at: 30s, crash: web } ] }, back: { lasts: 2m, faults: [ { at: 30s, crash: web, for: 30s } ] } }
`);
    const well = async (name: string) => {
      const { scenario } = await simulate(rare, simulatedKinds, { scenario: name, replications: 8 });
      const { harmed, recovered } = scenario!.outcomes['rare']!;
      return [harmed.value, recovered.value];
    };
    expect(await well('gone')).toEqual([1, 0]);
    expect(await well('back')).toEqual([1, 1]);
  });
});
