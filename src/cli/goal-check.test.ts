import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { healthyReport } from '../report/report.fixture.ts';
import { runsToJunit } from './goal-check.ts';
import { recordedIo } from './io.fixture.ts';
import { toJunit } from './junit.ts';
import { main } from './main.ts';

const design = (p99: string) => `
name: shop
traffic: { users: { call: web.get, rate: 50/s, timeout: 1s } }
components: { web: { kind: service, operations: { get: [ { compute: exponential(10ms) } ] } } }
goals: { users: { p99: ${p99}, success: 90% } }
scenarios:
  outage: { lasts: 20s, faults: [ { at: 5s, crash: web, for: 5s } ] }
`;

describe('tenfold check --goals', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenfold-'));
    writeFileSync(join(cwd, 'kept.yaml'), design('200ms'));
    writeFileSync(join(cwd, 'missed.yaml'), design('20ms'));
    writeFileSync(join(cwd, 'goalless.yaml'), design('200ms').replace(/goals:.*\n/, ''));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const run = async (...args: string[]) => {
    const io = recordedIo({ cwd, columns: 100 });
    const status = await main(['check', ...args, '--workers', '1'], io);
    return { status, out: io.out(), err: io.err() };
  };

  test('judges every goal as the design is and in each scenario; the worst decides', async () => {
    const { status, out } = await run('kept.yaml', '--goals');
    expect(status).toBe(1);
    expect(out).toMatch(/As it is\n {2}✔ +users\.p99 ≤ 200ms .*met\n {2}✔ +users\.success/);
    expect(out).toMatch(/Under outage\n[\s\S]*✘ +users\.success ≥ 90%/);
    expect(out).toContain('again: tenfold simulate kept.yaml --scenario outage');
  });

  test('writes JUnit XML, with the report in a failure', async () => {
    const { status } = await run('missed.yaml', '--goals', '--junit', 'goals.xml', '--scenario', 'outage');
    expect(status).toBe(1);
    const xml = readFileSync(join(cwd, 'goals.xml'), 'utf8');
    expect(xml).toMatch(/<testsuites name="shop" tests="4" failures="[34]">/);
    expect(xml).toContain('<testsuite name="shop under outage"');
    expect(xml).toContain('<failure type="missed" message="users.p99 ≤ 20ms is missed:');
    expect(xml).toContain('again: tenfold simulate missed.yaml --seed 1');
  });

  test('a lag that is missed is a number of messages, and no share', async () => {
    const report = healthyReport({
      goals: [
        {
          goal: 'orders.lag ≤ 100',
          target: 100,
          met: false,
          value: { value: 1500, low: 1400, high: 1600, unit: '1' },
        },
      ],
    });
    const xml = runsToJunit('shop', [{ scenario: null, report }]);
    expect(xml).toContain('message="orders.lag ≤ 100 is missed: 1500 ± 100"');
  });

  test('under more load, and as data', async () => {
    const { status, out } = await run(
      'kept.yaml',
      '--goals',
      '--load',
      '1.2x',
      '--scenario',
      'outage',
      '--json',
    );
    expect(status).toBe(1);
    const { valid, goals } = JSON.parse(out);
    expect(valid).toBe(true);
    expect(goals.map((each: { scenario: string | null }) => each.scenario)).toEqual([null, 'outage']);
    expect(goals[0].report.goals[0].met).toBe(true);
  });

  test.each([
    ['kept.yaml --load 2x', '--load needs --goals'],
    ['kept.yaml --goals --scenario outrage', 'did you mean outage?'],
    ['goalless.yaml --goals', 'shop has no goals to check'],
    ['kept.yaml --goals --junit none/goals.xml', 'no such folder'],
  ])('refuses %s', async (args, message) => {
    const io = recordedIo({ cwd, columns: 100 });
    expect(await main(['check', ...args.split(' ')], io)).toBe(2);
    expect(io.err()).toContain(message);
  });
});

test('names in JUnit XML are text, whatever they hold', () => {
  const failure = { type: 'missed', message: 'a < "b"', text: '\u0007<script>&' };
  const xml = toJunit('<x>', [{ name: 's', cases: [{ name: 'a & b', failure }] }]);
  expect(xml).toContain('<testsuites name="&lt;x&gt;" tests="1" failures="1">');
  expect(xml).toContain('name="a &amp; b"');
  expect(xml).toContain('message="a &lt; &quot;b&quot;">&lt;script&gt;&amp;</failure>');
});
