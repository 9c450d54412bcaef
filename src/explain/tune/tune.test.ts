import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { loadDesignObject } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import { renderTuning } from '../../report/index.ts';
import { inlineRunner } from '../../simulate/index.ts';
import type { Changeable } from '../advise/index.ts';
import { FaultyKnob } from './knob.ts';
import { type TuneOptions, tune } from './tune.ts';

const parts = kindParts();
const runner = inlineRunner(parts.simulated);
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });
const changeable = (design: unknown): Changeable => ({ design, load });
const tuned = (design: unknown, options: TuneOptions) => tune(changeable(design), parts, options, runner);

/** M/M/c: 400 requests a second of 10 ms each. */
const queue = (cores: number, p99 = '55ms') => ({
  name: 'queue',
  traffic: { users: { call: 'api.ask', rate: '400/s' } },
  components: { api: { kind: 'service', cores, operations: { ask: [{ compute: 'exponential(10ms)' }] } } },
  goals: { users: { p99 } },
});

describe('tuning', () => {
  test('TUN-1 finds the least number of servers that the closed form of M/M/c says, from above and from below', async () => {
    const least = Array.from({ length: 20 }, (_, i) => i + 1).find(
      (cores) => estimate(load(queue(cores)).plan!, parts.estimated).goals[0]!.met === true,
    );
    for (const cores of [20, 2]) {
      const { best, check, knobs } = await tuned(queue(cores), { knobs: ['api.cores=1..20'] });
      expect(best!.values).toEqual([least]);
      expect(knobs[0]).toMatchObject({ now: String(cores), chosen: String(least), costs: true });
      expect(check!.held).toBe(true);
      expect(check!.seed).not.toBe(1);
      expect(best!.goals[0]!.slack.value!).toBeGreaterThan(0);
    }
  });

  test('TUN-2 the frontier gets dearer and faster; same seed, same bytes', async () => {
    const report = await tuned(queue(8), { knobs: ['api.cores=1..20'], seed: 4 });
    const { frontier } = report;
    expect(frontier.length).toBeGreaterThan(1);
    frontier.slice(1).forEach(({ cost, p99 }, i) => {
      expect(cost!).toBeGreaterThan(frontier[i]!.cost!);
      expect(p99['users']!.value!).toBeLessThan(frontier[i]!.p99['users']!.value!);
    });
    expect(JSON.stringify(await tuned(queue(8), { knobs: ['api.cores=1..20'], seed: 4 }))).toBe(
      JSON.stringify(report),
    );
  });

  test('TUN-3 of what cannot be, the goals that conflict are named, and what the others cost', async () => {
    const design = {
      name: 'torn',
      traffic: { users: { call: 'front.ask', rate: '100/s' } },
      components: {
        front: { kind: 'service', cores: 4, operations: { ask: [{ call: 'back.ask', timeout: '100ms' }] } },
        back: { kind: 'service', cores: 2, operations: { ask: [{ wait: 'exponential(50ms)' }] } },
      },
      // A timeout that is short enough for the one fails too many for the other.
      goals: { users: { p99: '150ms', success: '99%' } },
    };
    const { best, conflict, now } = await tuned(design, {
      knobs: ['front.operations.ask.0.timeout=60ms..1s'],
    });
    expect(best).toBe(null);
    expect(now!.keepsAll).toBe(false);
    expect(conflict.map(({ goal }) => goal).sort()).toEqual(['users.p99 ≤ 150ms', 'users.success ≥ 99%']);
    for (const { without } of conflict) expect(without).not.toBe(null);
    const one = await tuned(design, {
      knobs: ['front.operations.ask.0.timeout=60ms..1s'],
      goals: ['users.success'],
    });
    expect(one.best).not.toBe(null);
    const hopeless = await tuned(
      { ...design, goals: { users: { mean: '1ms' } } },
      { knobs: ['back.cores=1..2'], most: 2 },
    );
    expect(hopeless.conflict).toEqual([{ goal: 'users.mean ≤ 1ms', scenario: null, without: null }]);
    expect(renderTuning(hopeless)).not.toContain('without it');
    expect(renderTuning(hopeless)).not.toContain('cheaper one');
  });

  test('TUN-4 a scenario asks for more than a usual day, once however often it is named', async () => {
    const design = {
      ...queue(12, '60ms'),
      scenarios: { rush: { lasts: '60s', traffic: { users: { spike: '1.5x', at: '10s', for: '40s' } } } },
    };
    const usual = await tuned(design, { knobs: ['api.cores=5..12'] });
    const rush = await tuned(design, { knobs: ['api.cores=5..12'], scenarios: ['rush', 'rush'] });
    expect(rush.best!.values[0]).toBeGreaterThan(Number(usual.best!.values[0]));
    expect(rush.best!.goals.map(({ scenario }) => scenario)).toEqual([null, 'rush']);
  });

  test('TUN-5 without knobs named, those of the kinds are turned; words can be turned as well', async () => {
    const own = await tuned(queue(6), { most: 4 });
    expect(own.knobs.map(({ name }) => name)).toEqual(['api.instances', 'api.cores']);
    const words = await tuned(queue(8), { knobs: ['api.discipline=fifo,lifo'] });
    expect(words.knobs[0]).toMatchObject({ values: 2, costs: false });
    expect(words.best).not.toBe(null);
  });

  test.each([
    'api.cores=20..2',
    'api.cores=2',
    'api.cores=a..b',
    'api.cores=1ms..20',
    'api.cores=0..4',
    'api.cores=1.5..4',
    'cores=1..4',
    'api=1..4',
    'api.colour=1..4',
    'web.cores=1..4',
    'api.operations.none.0.timeout=1ms..2ms',
    'api.operations.ask.7.timeout=1ms..2ms',
    'nothing',
    '=1..2',
    '',
    'api.__proto__.x=1..2',
  ])('TUN-6 a knob that is none is refused: %j', async (knob) => {
    await expect(tuned(queue(4), { knobs: [knob] })).rejects.toThrow(FaultyKnob);
  });

  test('TUN-9 no machine is larger than the largest: knobs end there, and more of it is refused', async () => {
    const design = { ...queue(6), constants: { 'cap.machine.cores': 8 } };
    const { knobs } = await tuned(design, { knobs: ['api.cores'], most: 2 });
    expect(knobs[0]).toMatchObject({ from: '2', to: '8' });
    await expect(tuned(design, { knobs: ['api.cores=1..9'] })).rejects.toThrow('the largest machine has 8');
  });

  test.each([
    ['api.instance=1..4', 'did you mean `instances`?'],
    ['api.instance', 'did you mean api.instances?'],
    ['ap.instances=1..4', 'did you mean api?'],
    ['api.instances=4..2', 'did you mean 2..4?'],
    ['api.instances=2..2', 'both are 2'],
    ['api.instances=1.5..2.5', 'from 1.5 to 2.5 there is 2 alone'],
    ['api.instances=0.2..0.8', 'there is none from 0.2 to 0.8'],
    ['api.instances=1.5..4.5', 'did you mean 2..4?'],
    ['api.instances=a..4', 'a is no value'],
    ['api.instances=..4', 'one end is missing'],
    ['api.instances=2..1s', '2 has no unit'],
    ['api.instances=1s..5%', '1s and 5% are of two sorts'],
  ])('TUN-8 of one that is nearly there, what is wrong and the nearest is named: %s', async (knob, near) => {
    await expect(tuned(queue(4), { knobs: [knob] })).rejects.toThrow(near);
  });

  test('TUN-10 beside a component without a price all else is made as cheap as beside one with a price', async () => {
    const design = (price: object) => ({
      name: 'mail',
      traffic: { buyers: { call: 'api.buy', rate: '300/s' } },
      components: {
        api: { kind: 'service', cores: 2, operations: { buy: [{ compute: '1ms' }, { publish: 'mails' }] } },
        mails: { kind: 'queue', ...price, consumer: 'mailer.send', concurrency: 16 },
        mailer: { kind: 'service', cores: 8, operations: { send: [{ compute: '5ms' }] } },
      },
      goals: { buyers: { p99: '60ms' }, mails: { 'age p99': '2s' } },
    });
    const knobs = ['mailer.cores=1..8', 'mails.concurrency=8,16'];
    const unknown = await tuned(design({}), { knobs });
    const known = await tuned(design({ price: '$0.01/h' }), { knobs });
    expect(Number(known.best!.values[0])).toBeLessThan(8);
    expect(unknown.best!.values).toEqual(known.best!.values);
    // 730 hours of the queue at a cent.
    expect(known.best!.cost! - unknown.best!.cost!).toBeCloseTo(7.3, 6);
    expect([unknown.unpriced, known.unpriced]).toEqual([['mails'], []]);
    expect(unknown.knobs.map(({ costs }) => costs)).toEqual([true, 'unknown']);
    expect(known.knobs.map(({ costs }) => costs)).toEqual([true, false]);
    expect(unknown.notes.join()).toContain('Nobody knows what mails costs');
    const page = renderTuning(unknown).replaceAll(/\s+/g, ' ');
    expect(page).toMatch(/all goals are kept for \$\d+.*\(without mails, whose price nobody knows\)/);
    expect(page).toMatch(/mailer\.cores 8 \S+ 1\.\.8 mails/);
    expect(page).toMatch(/8\.\.16, at a price nobody knows/);
  });

  test('TUN-7 other options out of range are refused', async () => {
    const refused = (options: TuneOptions) => expect(tuned(queue(4), options)).rejects.toThrow(RangeError);
    await refused({ load: 0 });
    await refused({ most: 1 });
    await refused({ scenarios: ['none'] });
    await refused({ goals: ['none'] });
    await refused({ knobs: ['api.cores=1..4', 'api.cores=1..5'] });
  });
});
