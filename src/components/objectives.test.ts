import { describe, expect, test } from 'vitest';
import { detectionTime, workbookBurnRules } from '../blocks/index.ts';
import { loadDesign } from '../design/index.ts';
import { type ObjectiveReport, renderReport, reportSchema, reportToJson } from '../report/index.ts';
import { simulate } from '../simulate/simulate.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const design = (goal: string, fault: string, lasts = '6m') => `
name: slo
traffic: { users: { call: web.get, rate: 20/s } }
components: { web: { kind: service, cores: 4, operations: { get: [ { compute: 5ms } ] } } }
goals: { users: { ${goal} } }
scenarios: { incident: { lasts: ${lasts}, faults: [ ${fault} ] } }
`;
const OBJECTIVE = 0.999;
const DOWN = '{ at: 60s, crash: web, for: 2m }';
const options = { scenario: 'incident', replications: 5 } as const;

const run = (goal: string, fault = DOWN, lasts?: string) =>
  simulate(planOf(design(goal, fault, lasts)), simulatedKinds, options);
async function objective(...of: Parameters<typeof run>): Promise<ObjectiveReport> {
  return (await run(...of)).scenario!.objectives!['users']!;
}

describe('objectives', () => {
  test('SLO-1 an incident burns its share of the budget of the window', async () => {
    const { burnt, window, alerts } = await objective('success: 99.9%, window: 30d');
    expect([window, alerts]).toEqual([30 * 86_400, []]);
    // Two minutes of the 43.2 that 99.9 % leave in 30 days; arrivals vary by their square root.
    expect(burnt.value! / (120 / (43.2 * 60))).toBeGreaterThan(0.93);
    expect(burnt.value! / (120 / (43.2 * 60))).toBeLessThan(1.07);
    const week = await objective('success: 99.9%, window: 7d');
    expect(week.burnt.value! / burnt.value!).toBeCloseTo(30 / 7, 1);
    const looser = await objective('success: 99%, window: 30d');
    expect(burnt.value! / looser.burnt.value!).toBeCloseTo(10, 1);
  });

  test('SLO-2 alerts fire when the formula says, and end within the short window', async () => {
    const { alerts } = await objective('success: 99.9%, alerts: standard');
    expect(alerts.map(({ severity, burnRate }) => [severity, burnRate])).toEqual([
      ['page', 14.4],
      ['page', 6],
      ['ticket', 1],
    ]);
    const expected = workbookBurnRules().map((rule) => detectionTime(rule, OBJECTIVE, 1));
    // 52 s of the first; the second takes 130 s, longer than the incident; and the third 259 s.
    expect(expected.map(Math.round)).toEqual([52, 130, 259]);
    expect(alerts.map(({ fired }) => fired.value)).toEqual([1, 0, 0]);
    // To the window of the series, 10 s, and a thirtieth of its own by chance of arrivals.
    const { detection, over, short } = alerts[0]!;
    expect(detection.value).toBeGreaterThan(expected[0]! - 5);
    expect(detection.value).toBeLessThan(expected[0]! + 15);
    expect(over.value).toBeGreaterThan(0.9 * short);
    expect(over.value).toBeLessThan(1.1 * short);
    expect(alerts[1]!.detection.value).toBeNull();
  });

  test('SLO-3 a lower share of errors burns slower, and is seen later or not at all', async () => {
    const errors = (share: string) => `{ at: 60s, errors: web, share: ${share}, for: 15m }`;
    const { alerts } = await objective('success: 99.9%, alerts: standard', errors('20%'), '18m');
    const [page] = workbookBurnRules();
    const after = detectionTime(page!, OBJECTIVE, 0.2);
    expect(alerts[0]!.detection.value! / after).toBeGreaterThan(0.75);
    expect(alerts[0]!.detection.value! / after).toBeLessThan(1.25);
    const little = await objective('success: 99.9%, alerts: standard', errors('1%'), '18m');
    expect(little.alerts.map(({ fired }) => fired.value)).toEqual([0, 0, 0]);
  });

  test('SLO-4 of another window the rules are for the same shares of its budget', async () => {
    const { alerts } = await objective('success: 99.9%, window: 7d, alerts: standard');
    expect(alerts.map(({ burnRate }) => burnRate)).toEqual(
      // A tenth of it in three of seven days is no haste.
      [14.4, 6].map((rate) => expect.closeTo((rate * 7) / 30, 9)),
    );
  });

  test('SLO-5 where it does not come back, no alert is over', async () => {
    const { alerts } = await objective('success: 99.9%, alerts: standard', '{ at: 60s, crash: web }', '4m');
    expect(alerts[0]!.fired.value).toBe(1);
    expect(alerts[0]!.over.value).toBeNull();
  });

  test('SLO-6 is in the JSON and on the page; without a window there is nothing of it', async () => {
    const report = await run('success: 99.9%, alerts: standard');
    expect(reportSchema.parse(JSON.parse(reportToJson(report)))).toEqual(JSON.parse(reportToJson(report)));
    const page = renderReport(report, { width: 100 });
    expect(page).toMatch(/Error budget\n.*burnt\n +users +4\.\d+ % .* of what may fail in 30 days/);
    expect(page).toContain('page: 14.4× over 60 min and 5 min');
    const plain = await run('success: 99.9%');
    expect(reportToJson(plain)).not.toContain('objectives');
    expect(renderReport(plain)).not.toContain('Error budget');
  });

  test('SLO-7 what cannot be is refused, and what changes nothing is said', () => {
    const of = (text: string) =>
      loadDesign(text, {
        kinds: kinds.map((kind) => kind.describe),
        file: 'x.yaml',
      }).diagnostics.map(({ code, path }) => `${code} ${path}`);
    const goal = (words: string) => of(design(words, DOWN));
    expect(goal('success: 99.9%, window: 30d, alerts: standard')).toEqual([]);
    expect(goal('p99: 1s, window: 30d')).toEqual(['missing-key goals.users']);
    expect(goal('p99: 1s, alerts: standard')).toEqual(['missing-key goals.users']);
    expect(goal('success: 100%, window: 30d')).toEqual(['out-of-range goals.users.success']);
    expect(goal('success: 99%, window: 10s')).toEqual(['out-of-range goals.users.window']);
    expect(goal('success: 99%, window: 2d, alerts: standard')).toEqual(['idle-knob goals.users.alerts']);
    expect(goal('success: 99%, alerts: mine')).toEqual(['unknown-value goals.users.alerts']);
    const calm = design('success: 99%, window: 30d, alerts: standard', DOWN).replace(/\nscenarios.*/, '');
    expect(of(calm)).toEqual(['idle-knob goals.users.window', 'idle-knob goals.users.alerts']);
  });
});
