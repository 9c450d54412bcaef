import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { constants } from '../design/index.ts';
import { type Report, reportSchema } from '../report/index.ts';
import { type RecordedIoOptions, recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const MM1 = `name: mm1
traffic: { users: { call: server.work, rate: 80/s } }
components:
  server: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
`;

/** Four replications of a simulated minute on this thread: quick, and the same on every machine. */
const QUICK = ['--time', '60s', '--warmup', '5s', '--replications', '4', '--workers', '1'];

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-main-'));
  writeFileSync(join(cwd, 'mm1.yaml'), MM1);
  writeFileSync(join(cwd, 'met.yaml'), `${MM1}goals: { users: { p99: 60s } }\n`);
  writeFileSync(join(cwd, 'missed.yaml'), `${MM1}goals: { users: { p99: 1ms } }\n`);
  writeFileSync(
    join(cwd, 'broken.yaml'),
    'name: broken\ntraffic: { a: { call: b.c, rate: 5ms } }\nconponents: {}\n',
  );
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function tenfold(args: string[], options: RecordedIoOptions = {}) {
  const io = recordedIo({ cwd, ...options });
  const status = await main(args, io);
  return { status, out: io.out(), err: io.err() };
}

describe('help', () => {
  const commands = ['check', 'estimate', 'simulate', 'trace', 'constants', 'kinds', 'new'];

  test('comes without arguments, with --help and with help', async () => {
    const { status, out, err } = await tenfold([]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('Examples:');
    expect(out).toContain('Exit status:');
    expect((await tenfold(['--help'])).out).toBe(out);
    expect((await tenfold(['help'])).out).toBe(out);
  });

  test.each(commands)('%s --help has examples', async (command) => {
    const { status, out } = await tenfold([command, '--help']);
    expect(status).toBe(0);
    expect(out).toContain(`Usage: tenfold ${command} `);
    expect(out).toMatch(new RegExp(`Examples:\n  tenfold ${command}`));
  });

  test('every option of every command is in the reference, and no other', async () => {
    const page = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
    for (const command of ['check', 'estimate', 'simulate', 'trace']) {
      const { out } = await tenfold([command, '--help']);
      const offered = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]);
      const section = page.split(`### \`tenfold ${command}\``)[1]!.split('\n#')[0]!;
      const described = [...section.matchAll(/^\| `(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]);
      expect([...described, '--help'].sort()).toEqual(offered.sort());
    }
  });

  test('--version', async () => {
    expect((await tenfold(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a faulty call has status 2 and says what was meant', () => {
  test.each([
    [['simulat', 'mm1.yaml'], 'did you mean simulate?'],
    [['simulate', 'mm1.yaml', '--sed', '3'], 'did you mean --seed?'],
    [['simulate', 'mm1.yml'], 'did you mean mm1.yaml?'],
    [['help', 'chek'], 'did you mean check?'],
    [['help', 'shark'], 'commands: check, estimate'],
    [['shark'], "unknown command 'shark'\ntenfold --help and"],
    [['constants', 'rtt.datacenter'], 'did you mean rtt.dc, rtt.az'],
    [['simulate'], "missing required argument 'design'"],
    [['simulate', 'mm1.yaml', '--time', '60'], 'Expected a time such as'],
    [['simulate', 'mm1.yaml', '--precision', '0'], 'more than 0'],
    [['simulate', 'mm1.yaml', '--replications', '1'], 'whole number from 2'],
    [['simulate', 'mm1.yaml', '--profile', 'clasroom'], 'Allowed choices are'],
    [['simulate', 'mm1.yaml', '-o', 'nowhere/out.json'], 'no such folder'],
    [['simulate', 'mm1.yaml', '-o', './mm1.yaml'], 'is the design itself'],
    [['check', ''], 'the name of the design is empty'],
    [['kinds', 'cach'], 'did you mean cache?'],
    [['kinds', 'shark'], 'kinds: load-balancer, service'],
    [['constants', 'rtt.dx'], 'did you mean rtt.dc?'],
    [['new', 'My Shop'], 'small letters'],
  ])('%j', async (args, message) => {
    const { status, out, err } = await tenfold(args);
    expect(err).toContain(message);
    expect({ status, out }).toEqual({ status: 2, out: '' });
  });
});

describe('a faulty design', () => {
  test.each(['check', 'estimate', 'simulate'])(
    '%s prints every problem on standard error',
    async (command) => {
      const { status, out, err } = await tenfold([command, 'broken.yaml']);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(/^broken\.yaml:2:\d+ {2}error\[unit-mismatch\]/m);
      expect(err).toMatch(/^broken\.yaml:3:1 {2}error\[unknown-key\]/m);
      expect(err).toMatch(/\n\d errors in broken\.yaml\n$/);
    },
  );

  test('check --json gives the problems as data', async () => {
    const { status, out } = await tenfold(['check', 'broken.yaml', '--json']);
    const result = JSON.parse(out);
    expect(status).toBe(2);
    expect(result.valid).toBe(false);
    expect(result.diagnostics.length).toBeGreaterThan(1);
    expect(result.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'unit-mismatch', file: 'broken.yaml', line: 2 }),
    );
  });

  test('colours on a terminal mark severities', async () => {
    const { err } = await tenfold(['check', 'broken.yaml'], { terminal: true });
    expect(err).toContain('\u001b[31m error[');
  });
});

describe('check', () => {
  test('says that a design is valid, and what is in it', async () => {
    expect(await tenfold(['check', 'mm1.yaml'])).toEqual({
      status: 0,
      out: 'mm1.yaml is a valid design: 1 traffic, 1 component, 1 operation, 0 goals\n',
      err: '',
    });
  });

  test('counts the operations that are written, not those that kinds bring along', async () => {
    const { out } = await tenfold(['check', 'url-shortener']);
    expect(out).toMatch(/: 2 traffics, 4 components, 2 operations, 4 goals\n$/);
  });

  test('says plainly that a file is no text, and shows none of it', async () => {
    const { status, err } = await tenfold(['check', '-'], { stdin: '\u007fELF\u0000\u0001' });
    expect(status).toBe(2);
    expect(err).toMatch(
      /^<stdin>:1:1 {2}error\[not-text\] {2}this is not a text file: .*U\+007F\n {2}expected/,
    );
  });

  test('reads standard input', async () => {
    expect((await tenfold(['check', '-'], { stdin: MM1 })).out).toContain('<stdin> is a valid design');
  });
});

describe('simulate', () => {
  test('prints a report that its schema accepts, and nothing else, with --json', async () => {
    const { status, out, err } = await tenfold(['simulate', 'mm1.yaml', ...QUICK, '--json']);
    const report = reportSchema.parse(JSON.parse(out));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(report).toMatchObject({ kind: 'simulation', design: 'mm1', seed: 1, wallSeconds: null });
    const { offered, served, inFlight } = report.operations['users']!;
    expect(served + inFlight).toBe(offered);
  });

  test('the same seed gives the same bytes, another seed does not', async () => {
    const once = await tenfold(['simulate', 'mm1.yaml', ...QUICK, '--json']);
    expect((await tenfold(['simulate', 'mm1.yaml', ...QUICK, '--json'])).out).toBe(once.out);
    expect((await tenfold(['simulate', 'mm1.yaml', ...QUICK, '--json', '--seed', '2'])).out).not.toBe(
      once.out,
    );
  });

  test('the command of the report prints it again', async () => {
    const { out } = await tenfold([
      'simulate',
      'mm1.yaml',
      ...QUICK,
      '--seed',
      '5',
      '--profile',
      'classroom',
      '--json',
    ]);
    const { command } = JSON.parse(out) as Report;
    expect(command).toMatch(/^tenfold simulate mm1\.yaml --profile classroom --seed 5 /);
    const again = await tenfold([...command.split(' ').slice(1), '--json', '--workers', '1']);
    expect(again.out).toBe(out);
  });

  test('prints text for people, with what missed on standard error', async () => {
    const met = await tenfold(['simulate', 'met.yaml', ...QUICK]);
    expect(met).toMatchObject({ status: 0, err: '' });
    expect(met.out).toContain('✔ meets its goal');
    const missed = await tenfold(['simulate', 'missed.yaml', ...QUICK]);
    expect(missed).toMatchObject({ status: 1 });
    expect(missed.out).toContain('✘ misses its goal\n');
    expect(missed.err).toMatch(/^missed: users\.p99/);
  });

  test('lays the estimate beside it with --compare', async () => {
    const { status, out } = await tenfold(['simulate', 'met.yaml', ...QUICK, '--compare']);
    expect(status).toBe(0);
    expect(out).toMatch(/users mean +50 ms .*agrees/);
    const both = JSON.parse((await tenfold(['simulate', 'met.yaml', ...QUICK, '--compare', '--json'])).out);
    expect(reportSchema.parse(both.estimate).kind).toBe('estimate');
    expect(reportSchema.parse(both.simulation).kind).toBe('simulation');
  });

  test('also writes the report to a file, in the form that its name asks for', async () => {
    const { out } = await tenfold(['simulate', 'mm1.yaml', ...QUICK, '-o', 'report.json']);
    expect(out).toContain('mm1 · simulation');
    expect(reportSchema.parse(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).design).toBe('mm1');
    await tenfold(['simulate', 'mm1.yaml', ...QUICK, '-o', 'report.txt'], { terminal: true });
    expect(readFileSync(join(cwd, 'report.txt'), 'utf8')).toMatch(/^mm1 · simulation\n/);
  });

  test('--timing reports real time', async () => {
    let at = 0;
    const { out } = await tenfold(['simulate', 'mm1.yaml', ...QUICK, '--timing', '--json'], {
      now: () => at++,
    });
    expect((JSON.parse(out) as Report).wallSeconds).toBeGreaterThan(0);
  });
});

describe('estimate', () => {
  test('prints the sheet, and with --explain how it came about', async () => {
    const plain = await tenfold(['estimate', 'mm1.yaml']);
    expect(plain).toMatchObject({ status: 0, err: '' });
    expect(plain.out).toContain('mm1 · estimate');
    const explained = await tenfold(['estimate', 'mm1.yaml', '--explain']);
    expect(explained.out.length).toBeGreaterThan(plain.out.length);
    const report = JSON.parse((await tenfold(['estimate', 'mm1.yaml', '--json'])).out);
    expect(reportSchema.parse(report).sheet.length).toBeGreaterThan(0);
    expect(report.operations.users.latency.mean.value).toBeCloseTo(0.05, 6);
  });
});

describe('constants', () => {
  test('lists each with its value and source', async () => {
    const { status, out } = await tenfold(['constants']);
    expect(status).toBe(0);
    for (const { name } of constants)
      expect(out).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} +\\S`, 'm'));
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(constants.map((constant) => constant.name))('%s has a page that fits', async (name) => {
    const { status, out } = await tenfold(['constants', name]);
    expect(status).toBe(0);
    expect(out).toContain('source');
    expect(out).not.toMatch(/undefined|null/);
  });

  test('a family is listed by the beginning of its names', async () => {
    const { status, out } = await tenfold(['constants', 'rtt']);
    expect(status).toBe(0);
    const names = constants.map(({ name }) => name).filter((name) => name.startsWith('rtt.'));
    expect([...out.matchAll(/^([a-z]+\.[\w.-]+) /gm)].map((match) => match[1])).toEqual(names);
  });

  test('a rival shows with its profile, and stands first when its profile is asked for', async () => {
    const cloud = (await tenfold(['constants', 'rtt.dc'])).out;
    const classroom = (await tenfold(['constants', 'rtt.dc', '--profile', 'classroom'])).out;
    expect(cloud).toMatch(/others say\n +classroom +0\.5ms/);
    expect(classroom).toMatch(/^rtt\.dc +0\.5ms\n/);
  });
});

describe('kinds', () => {
  test('lists each with its sentence', async () => {
    const { out } = await tenfold(['kinds']);
    for (const { describe: kind } of kinds) expect(out).toMatch(new RegExp(`^${kind.name} +\\S`, 'm'));
  });

  test.each(kinds.map((kind) => kind.describe.name))(
    '%s shows every setting, and its example',
    async (name) => {
      const kind = kinds.find((each) => each.describe.name === name)!.describe;
      const { status, out } = await tenfold(['kinds', name]);
      expect(status).toBe(0);
      for (const setting of Object.keys(kind.settings.shape))
        expect(out).toMatch(new RegExp(`^ +${setting} +\\S`, 'm'));
      expect(out).toContain(kind.example.split('\n')[0]);
      expect(out).not.toMatch(/undefined|null|\[object/);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );
});

describe('new', () => {
  test('writes a design that is valid without a warning, and overwrites nothing', async () => {
    const first = await tenfold(['new', 'my-shop']);
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(first.out).toContain('tenfold simulate my-shop.yaml');
    expect(await tenfold(['check', 'my-shop.yaml'])).toMatchObject({ status: 0, err: '' });
    const header = readFileSync(join(cwd, 'my-shop.yaml'), 'utf8').match(/^# {3}tenfold .*/gm) ?? [];
    expect(header).toHaveLength(4);
    expect(new Set(header.map((line) => line.lastIndexOf('   '))).size).toBe(1);
    const second = await tenfold(['new', 'my-shop.yaml']);
    expect(second).toMatchObject({ status: 2, out: '' });
    expect(second.err).toContain('exists already');
    expect(existsSync(join(cwd, 'my-shop.yaml.yaml'))).toBe(false);
  });
});
