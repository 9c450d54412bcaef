import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const run = (design: string, time = 200): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time, replications: 4, warmup: 20 });

/** Whether all of one interval lies below all of the other. */
function expectBelow(figure: Figure, other: Figure): void {
  expect(figure.high!, `${figure.value} below ${other.value}`).toBeLessThan(other.low!);
}

/** Users of a chain of three services, the last of which is offered 1.5 times what it can do. */
const chain = (users: string, first: string, second: string): string => `
name: chain
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 150/s, timeout: 100ms, ${users} } }
components:
  web: { kind: service, cores: 4, operations: { work: [ { compute: 1ms }, { call: mid.work, ${first} } ] } }
  mid: { kind: service, cores: 4, operations: { work: [ { compute: 1ms }, { call: deep.work, ${second} } ] } }
  deep: { kind: service, operations: { work: [ { compute: exponential(5ms) }, { compute: exponential(5ms) } ] } }
`;
const tells = 'deadline: propagate';
const silent = 'cancel: false';

describe('deadlines that calls pass on', () => {
  it('DEADLINE-1 keep an overloaded service at work for those who still wait', async () => {
    const burnt = await run(chain(silent, silent, silent));
    const told = await run(chain(tells, tells, tells));
    const deep = ({ stations }: Report) => stations['deep.cpu']!;
    expectBelow(burnt.operations['users']!.success, told.operations['users']!.success);
    // First all that it does is for nobody, then less than a quarter.
    expect(deep(burnt).wasted.value!).toBeGreaterThan(0.99);
    expect(deep(told).wasted.value!).toBeLessThan(0.25);
    expect(told.operations['users']!.success.value!).toBeGreaterThan(0.2);
  });

  it('DEADLINE-2 go no further than calls that say so', async () => {
    const success = async (...words: [string, string, string]) =>
      (await run(chain(...words))).operations['users']!.success.value!;
    expect(await success(silent, tells, tells)).toBeLessThan(0.01);
    expect(await success(tells, tells, silent)).toBeLessThan(0.01);
    expect(await success(tells, silent, tells)).toBeLessThan(0.01);
    // A call with a timeout begins one.
    expect(await success(silent, `timeout: 95ms, ${tells}`, tells)).toBeGreaterThan(0.2);
  });

  it('DEADLINE-3 work that gets a server too late is left undone as often as theory says: M/M/1+D', async () => {
    const { stations } = await run(
      `
name: patience
traffic: { users: { call: web.work, rate: 150/s, timeout: 20ms, ${tells} } }
components:
  web: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
`,
      1000,
    );
    // Baccelli, Boyer & Hebuterne 1984: the virtual wait has the density λ p0 e^((λ−μ)x) up to τ, and λ p0 e^(λτ−μx) beyond.
    const [lambda, mu, tau] = [150, 100, 0.02];
    const beyond = (lambda / mu) * Math.exp((lambda - mu) * tau);
    const within = (lambda / (lambda - mu)) * (Math.exp((lambda - mu) * tau) - 1);
    const { utilization } = stations['web.cpu']!;
    const busy = 1 - 1 / (1 + within + beyond);
    expect(utilization.low!).toBeLessThan(busy);
    expect(utilization.high!).toBeGreaterThan(busy);
  });

  it('DEADLINE-4 no attempt of a retry begins beyond one', async () => {
    const { offered, attempts, failed } = (
      await run(`
name: attempts
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 50/s, timeout: 50ms, ${tells} } }
components:
  web: { kind: service, operations: { work: [ { call: deep.work, retry: { attempts: 3, backoff: constant, base: 30ms } } ] } }
  deep: { kind: service, operations: { work: [ { fail: always } ] } }
`)
    ).operations['users']!;
    // Those whose second attempt is before or after the measured time are few.
    expect(Math.abs(attempts / offered - 2)).toBeLessThan(0.001);
    expect(Object.keys(failed)).toEqual(['always']);
  });

  it('DEADLINE-5 cut the waits of all below to what is left', async () => {
    const held = async (words: string) => {
      const { stations } = await run(`
name: held
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 50/s, timeout: 50ms, ${words} } }
components:
  web: { kind: service, workers: 1000, operations: { work: [ { call: deep.work, timeout: 400ms, ${words} } ] } }
  deep: { kind: service, operations: { work: [ { wait: 1s } ] } }
`);
      return stations['web.workers']!.utilization.value! * 1000;
    };
    expect(Math.abs((await held(tells)) - 50 * 0.05)).toBeLessThan(0.1);
    expect(Math.abs((await held(silent)) - 50 * 0.4)).toBeLessThan(0.6);
  });

  it('DEADLINE-6 say why what is too late fails', async () => {
    const late = await run(`
name: late
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 50/s } }
components:
  web:
    kind: service
    operations:
      work:
        - { call: mid.work, timeout: 30ms, ${tells}, fallback: [ { call: mid.again } ] }
  mid:
    kind: service
    operations:
      work: [ { wait: 20ms }, { call: deep.work, timeout: 20ms, ${tells} } ]
      again: [ { call: deep.work, timeout: 20ms, ${tells} } ]
  deep: { kind: service, operations: { work: [ { wait: 15ms }, { compute: 1us } ] } }
`);
    // Ten milliseconds were left when twenty were asked for; what nobody told of a deadline has its twenty.
    expect(late.operations['users']!.success.value).toBe(1);
    expect(late.stations['deep.cpu']!.utilization.value).toBeCloseTo(50e-6, 6);
  });

  it('DEADLINE-7 the estimate says that it leaves them out', () => {
    const { notes } = estimate(planOf(chain(tells, tells, tells)), estimatedKinds);
    expect(notes.join()).toContain('no account of `deadline`');
  });
});

describe('a deadline without effect', () => {
  const idle = (text: string) =>
    loadDesign(text, { file: 'chain.yaml', kinds: kinds.map(({ describe }) => describe) })
      .diagnostics.filter(({ code }) => code === 'idle-knob')
      .map(({ path, message }) => [path, message]);
  const endless =
    'there is no deadline to pass on: this call waits for ever, and so does all that leads here';

  it('is told of', () => {
    expect(idle(chain(tells, tells, tells))).toEqual([]);
    expect(idle(chain(silent, `timeout: 1s, ${tells}`, tells))).toEqual([]);
    expect(idle(chain(tells, silent, tells))).toEqual([
      ['components.mid.operations.work[1].deadline', endless],
    ]);
    expect(idle(chain(tells, tells, tells).replace('timeout: 100ms,', ''))[0]).toEqual([
      'traffic.users.deadline',
      'these users never give up',
    ]);
  });

  it('is no word of another meaning', () => {
    const { diagnostics } = loadDesign(chain('deadline: pass', silent, silent), {
      file: 'chain.yaml',
      kinds: kinds.map((k) => k.describe),
    });
    expect(diagnostics.map(({ code, expected }) => [code, expected])).toEqual([
      ['unknown-value', 'propagate'],
    ]);
  });
});
