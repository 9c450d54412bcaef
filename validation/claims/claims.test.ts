import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases } from '../index.ts';
import { littleCase } from '../laws.ts';
import { areas } from './areas.ts';
import { type Area, type Evidence, stateOf } from './claim.ts';
import { renderPage } from './page.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const caseIds = new Set([...cases, littleCase].map(({ id }) => id));
const claims = areas.flatMap((area) => area.claims);
const contents = new Map<string, string | null>();

function contentOf(path: string): string | null {
  if (!contents.has(path)) contents.set(path, existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null);
  return contents.get(path)!;
}

/** Whether a test of this text has the title: in quotes, with a function or options behind it. */
function titles(text: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const [, ...behind] = text.split(`${quote}${title}${quote}`);
    return behind.some((rest) => /^,\s*(async\b|\(|\{)/.test(rest));
  });
}

/** What is wrong with something that is named; nothing where it is there. */
function problemOf(evidence: Evidence): string[] {
  if ('test' in evidence) {
    const [file, title] = evidence.test;
    const text = contentOf(file);
    if (text === null || !file.endsWith('.test.ts')) return [`there is no test file ${file}`];
    return titles(text, title) ? [] : [`${file} has no test “${title}”`];
  }
  if ('system' in evidence) {
    const files = ['design.yaml', 'README.md'].map((name) => `systems/${evidence.system}/${name}`);
    return files.filter((file) => !existsSync(at(file))).map((file) => `there is no ${file}`);
  }
  if ('case' in evidence) return caseIds.has(evidence.case) ? [] : [`there is no case ${evidence.case}`];
  const there = existsSync(at(`src/cli/commands/${evidence.command}.ts`));
  return there ? [] : [`there is no command ${evidence.command}`];
}

describe('the claims', () => {
  it.each(areas.map((area) => [area.title, area] as const))('of %s are numbered, all of them', (_, area) => {
    const ids = Array.from({ length: area.count }, (_, i) => `${area.prefix}-${`${i + 1}`.padStart(2, '0')}`);
    expect(area.claims.map(({ id }) => id)).toEqual(ids);
  });

  it('are in areas of different names', () => {
    expect(new Set(areas.map(({ prefix }) => prefix)).size).toBe(areas.length);
  });

  it('name nothing that does not exist', () => {
    const problems = claims.flatMap(({ id, shownBy }) =>
      shownBy.flatMap(problemOf).map((problem) => `${id}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it('name nothing twice', () => {
    const twice = claims.filter(
      ({ shownBy }) => new Set(shownBy.map((one) => JSON.stringify(one))).size < shownBy.length,
    );
    expect(twice).toEqual([]);
  });

  it('that nothing shows say what is missing', () => {
    const silent = claims.filter((claim) => stateOf(claim) === 'not yet' && !claim.missing);
    expect(silent).toEqual([]);
  });
});

describe('the page', () => {
  it('on disk is what the claims say', () => {
    expect(contentOf('docs/coverage.md')).toBe(renderPage(areas));
  });

  it('tells the three states apart, and lets no text end a cell', () => {
    const area: Area = {
      prefix: 'ONE',
      title: 'One',
      count: 3,
      claims: [
        { id: 'ONE-01', says: 'a | b', shownBy: [{ case: 'mm1' }] },
        { id: 'ONE-02', says: 'c', shownBy: [{ test: ['x.test.ts', 'does [it]'] }], missing: 'd' },
        { id: 'ONE-03', says: 'e', shownBy: [], missing: 'f' },
      ],
    };
    const lines = renderPage([area]).split('\n');
    expect(lines).toContain('| [One](#one) | 3 | 1 | 1 | 1 |');
    expect(lines).toContain('| ONE-01 | a \\| b | case [`mm1`](validation.md#mm1) | shown |');
    expect(lines).toContain('| ONE-02 | c | [does \\[it\\]](../x.test.ts) | **in part**; missing: d |');
    expect(lines).toContain('| ONE-03 | e |  | **not yet**; missing: f |');
  });
});
