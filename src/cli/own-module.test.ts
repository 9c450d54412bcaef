import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const dist = new URL('../../dist/', import.meta.url);
const program = fileURLToPath(new URL('../../bin/tenfold.js', import.meta.url));
const built = existsSync(new URL('cli/main.js', dist));
const LONG = 60_000;

/** A design whose retry names `backoff`, with what its module exports beside it. */
const retrying = (backoff: string, exported: string) => `${exported}
export default {
  name: 'own',
  traffic: { users: { call: 'web.work', rate: '50/s' } },
  components: {
    web: {
      kind: 'service',
      operations: {
        work: [{ call: 'server.work', retry: { attempts: 3, backoff: '${backoff}', base: '20ms' } }],
      },
    },
    server: {
      kind: 'service',
      operations: { work: [{ choose: [{ probability: '50%', do: [{ fail: 'lost' }] }] }, { compute: '1ms' }] },
    },
  },
};
`;

const fibonacci = `const fibonacci = ({ base, cap }) => (attempt) => {
  let [delay, next] = [base, base];
  for (let n = 1; n < attempt; n++) [delay, next] = [next, delay + next];
  return Math.min(cap, delay);
};
export const blocks = { backoff: { fibonacci } };
`;

const everything = `import { defineBlocks, defineDesign, kinds as builtIn } from '${dist.href}index.js';
import { CountingBalancer, createCache } from '${dist.href}blocks/library.js';

class First extends CountingBalancer {
  pick() {
    return 0;
  }
}

export const blocks = defineBlocks({
  evict: { 'my-random': (options) => createCache('random', options) },
  balance: { first: (targets) => new First(targets) },
});

const service = builtIn.find(({ describe }) => describe.name === 'service');
export const kinds = [{ ...service, describe: { ...service.describe, name: 'lambda' } }];

export default defineDesign({
  name: 'own',
  network: { latency: '0s' },
  data: { page: { count: 5000, size: '1KB', popularity: 'zipf(1)' } },
  traffic: { users: { call: 'edge.show', rate: '100/s', key: 'page' } },
  components: {
    edge: { kind: 'load-balancer', to: 'web', algorithm: 'first' },
    web: {
      kind: 'lambda',
      instances: 3,
      operations: { show: [{ compute: 'exponential(2ms)' }, { read: 'page', from: 'pages', through: 'copies' }] },
    },
    copies: { kind: 'cache', holds: 'page', items: 300, evict: 'my-random' },
    pages: { kind: 'database', stores: ['page'] },
  },
});
`;

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-own-'));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

let written = 0;

/** Modules are kept by their address, so that each has one of its own. */
function module(text: string): string {
  const name = `own-${written++}.mjs`;
  writeFileSync(join(cwd, name), text);
  return name;
}

const QUICK = ['--time', '20s', '--warmup', '2s', '--replications', '4'];

async function tenfold(...args: string[]) {
  const io = recordedIo({ cwd });
  const status = await main(args, io);
  return { status, out: io.out(), err: io.err() };
}

describe('a module that exports blocks beside its design', () => {
  test('is checked, estimated and simulated', async () => {
    const file = module(retrying('fibonacci', fibonacci));
    expect(await tenfold('check', file)).toMatchObject({ status: 0, err: '' });
    const estimated = await tenfold('estimate', file, '--json');
    expect(JSON.parse(estimated.out).notes.join()).toContain('the backoff fibonacci');
    const constant = module(retrying('constant', ''));
    const latency = async (name: string) => {
      const { status, out } = await tenfold('simulate', name, ...QUICK, '--workers', '1', '--json');
      expect(status).toBe(0);
      return JSON.parse(out).operations.users.latency;
    };
    // The second pause is as long as the first, 20 ms.
    expect(await latency(file)).toEqual(await latency(constant));
  });

  test('a name that none of them has is a diagnostic with the nearest one', async () => {
    const { status, err } = await tenfold('check', module(retrying('fibonaci', fibonacci)));
    expect(status).toBe(2);
    expect(err).toContain('did you mean fibonacci?');
  });

  test.each([
    [
      'export const blocks = { backoff: { none: () => () => 0 } };',
      'blocks.backoff.none must have another name: none is a built-in one',
    ],
    ['export const blocks = 5;', 'blocks must be a map of themes, got 5'],
    ['export const kinds = {};', 'kinds must be a list, got [object Object]'],
    ['export const kinds = [{ describe: {} }];', 'kinds[0] must be a kind'],
  ])('%s is refused', async (exported, message) => {
    const file = module(retrying('none', exported));
    const { status, err } = await tenfold('check', file);
    expect({ status, err }).toEqual({
      status: 2,
      err: expect.stringContaining(`error: ${file}: ${message}`),
    });
  });

  test('a faulty block ends a run as other faulty input does, by its name and without a stack', async () => {
    const exported = "export const blocks = { backoff: { mine: () => { throw new Error('no luck'); } } };";
    const file = module(retrying('mine', exported));
    const { status, err, out } = await tenfold('simulate', file, ...QUICK, '--workers', '1');
    expect({ status, out, err }).toEqual({
      status: 2,
      out: '',
      err: 'error: the block backoff mine cannot be made: no luck\n',
    });
  });
});

describe.runIf(built)('on worker threads', { timeout: LONG }, () => {
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args], { cwd });

  test('blocks and kinds of a module give the same bytes as on one', async () => {
    const file = module(everything);
    const one = await run('simulate', file, ...QUICK, '--json', '--workers', '1');
    const two = await run('simulate', file, ...QUICK, '--json', '--workers', '2');
    expect(two.stdout).toBe(one.stdout);
    expect(two.stderr).toBe('');
    const { operations, stations } = JSON.parse(one.stdout);
    expect(operations.users.served).toBeGreaterThan(1000);
    expect(stations['web.cpu'].utilization.value).toBeCloseTo(0.2 / 3, 2);
    expect((await run('estimate', file)).stdout).toContain('my-random');
    expect((await run('check', file)).stdout).toContain('1 traffic, 4 components, 1 operation');
  });

  test('a faulty block is told as on one', async () => {
    const exported = 'export const blocks = { backoff: { mine: () => () => -1 } };';
    const file = module(retrying('mine', exported));
    await expect(run('simulate', file, ...QUICK, '--workers', '2')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: the block backoff mine must give a delay of at least 0 seconds, got -1\n',
    });
  });
});
