import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderTrace, trace } from '../index.ts';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const MM1 = `name: mm1
traffic: { users: { call: server.work, rate: 80/s } }
components:
  server: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
scenarios:
  calm: { lasts: 5s, faults: [ { at: 2s, crash: server, for: 1s } ] }
`;

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-trace-'));
  writeFileSync(join(cwd, 'mm1.yaml'), MM1);
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function tenfold(args: string[]) {
  const io = recordedIo({ cwd });
  const status = await main(args, io);
  return { status, out: io.out(), err: io.err() };
}

const calm = ['trace', 'mm1.yaml', '--scenario', 'calm'];

describe('tenfold trace', () => {
  test('prints waterfalls and the command that gives them again', async () => {
    const { status, out, err } = await tenfold([...calm, '--seed', '3', '--of', 'users']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^users: median /m);
    expect(out).toMatch(/^users: p99 /m);
    expect(out).toMatch(/^users: failed: server down /m);
    const again = /^again: tenfold (.*)$/m.exec(out)![1]!.split(' ');
    expect((await tenfold(again)).out).toBe(out);
  });

  test('writes a file instead where asked to', async () => {
    const { status, out } = await tenfold([...calm, '--format', 'otlp', '--output', 'spans.json']);
    expect({ status, out }).toEqual({ status: 0, out: '' });
    const written = readFileSync(join(cwd, 'spans.json'), 'utf8');
    expect(JSON.parse(written)).toHaveProperty('resourceSpans');
    expect((await tenfold([...calm, '--format', 'otlp'])).out).toBe(written);
    const { traceEvents } = JSON.parse((await tenfold([...calm, '--format', 'perfetto'])).out);
    expect(traceEvents.length).toBeGreaterThan(10);
  });

  test.each([
    [['--of', 'user'], 'mm1 has no traffic user\ndid you mean users?\nits traffic: users'],
    [['--scenario', 'storm'], 'mm1 has no scenario storm'],
    [['--format', 'svg'], "argument 'svg' is invalid"],
    [['--output', 'mm1.yaml'], 'mm1.yaml is the design itself'],
  ])('complains about %j', async (args, complaint) => {
    const { status, err } = await tenfold(['trace', 'mm1.yaml', ...args]);
    expect(status).toBe(2);
    expect(err).toContain(complaint);
  });
});

test('the page about traces shows what the command prints', async () => {
  const page = readFileSync(
    fileURLToPath(new URL('../../docs/reference/traces.md', import.meta.url)),
    'utf8',
  );
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)![1]!;
  const traced = await trace(block('yaml shop.yaml'), { command: 'tenfold trace shop.yaml --seed 1' });
  expect(renderTrace(traced)).toBe(block('text'));
});
