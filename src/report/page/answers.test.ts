import { describe, expect, test } from 'vitest';
import { adviceOf, compareOf, tuningOf } from '../../cli/answers.fixture.ts';
import { bare, HOSTILE, planned } from '../../cli/results.fixture.ts';
import { comparePage } from './compare-document.ts';
import { compareToHtml, renderPage } from './index.ts';
import type { Part } from './page.ts';
import { pageOf } from './sections/index.ts';

const known = { ...planned(bare), command: 'tenfold', version: '1' };
const chartsOf = (parts: readonly Part[]) =>
  parts.flatMap((part) => (part.part === 'chart' ? [part.chart] : []));
const tablesOf = (parts: readonly Part[]) =>
  parts.flatMap((part) => (part.part === 'table' ? [part.rows] : []));
const sectionOf = (results: Parameters<typeof pageOf>[0], id: string) =>
  pageOf(results).sections.find((section) => section.id === id)!;

describe('a page of advice', () => {
  const { parts } = sectionOf({ ...known, advice: adviceOf('bare', 'web') }, 'advice');

  test('PAGE-1 shows the headroom of each change with its bracket, and what a hundred dollars buy where there is a price', () => {
    const [headroom, worth] = chartsOf(parts);
    expect(headroom!.table.rows).toEqual([
      ['as it is', '1.4×..1.8×'],
      ['1. web.queue', '2×..2.2×'],
      ['2. web.cores', '7.3×..8.7×'],
      ['3. web-cdn', '60×..more'],
    ]);
    expect(worth!.table.rows).toEqual([['2. web.cores', '+1.4×..1.9×']]);
  });

  test('PAGE-2 says what changes give up, which were tried in vain and why, and what has no price', () => {
    const [load, uptime, reasons, rejected] = tablesOf(parts);
    expect(load!.map((row) => row.at(-1))).toEqual([
      'next to nothing to pay',
      '+1.4×..1.9×',
      'price not known',
    ]);
    expect(uptime![0]).toEqual(['4. web (a second)', '3.472 days', '3.333 min', 'web', '$140/month more']);
    expect(reasons!.map((row) => row[3])).toContain('a larger machine, and there is a largest');
    expect(rejected).toEqual([
      ['web calls.retry', 'web: cores 8', 'what it changes is less than the runs can tell'],
    ]);
  });

  test('PAGE-3 where no load is known at which it holds, there is still a page', async () => {
    const none = { value: null, low: null, high: 0.01, unit: '1' } as const;
    const advice = { ...adviceOf('bare', 'web'), headroom: none };
    const [headroom] = chartsOf(sectionOf({ ...known, advice }, 'advice').parts);
    expect(headroom!.table.rows[0]).toEqual(['as it is', 'below 0.01×']);
    const html = await renderPage({ ...known, advice: { ...advice, advice: [], rejected: [] } }, 'html');
    expect(html).toContain('Does not hold at any load tried');
  });
});

describe('a page of tuning', () => {
  const { parts } = sectionOf({ ...known, tuning: tuningOf('bare', 'web') }, 'tuning');

  test('PAGE-4 shows how much of each goal is left with its interval, the nearest first, those of which nothing is known not', () => {
    const [slack] = chartsOf(parts);
    expect(slack!.table.rows.map(([name]) => name)).toEqual([
      'users.success ≥ 99.9% during web',
      'users.p99 ≤ 60ms',
    ]);
    expect(slack!.table.rows[1]![1]).toBe('47 % ± 3');
  });

  test('PAGE-5 shows the frontier of cost against p99, which settings keep all goals, and which was chosen', () => {
    const frontier = chartsOf(parts)[1]!;
    expect(frontier.table.rows).toEqual([
      ['$360/month', '59 ms ± 3', '118 ms ± 6'],
      ['$395/month', '32.0 ms ± 1.6', '64 ms ± 3'],
      ['$930/month', '25.9 ms ± 1.3', '52 ms ± 3'],
    ]);
    expect(
      tablesOf(parts)
        .at(-1)!
        .map((row) => row.at(-1)),
    ).toEqual(['not surely kept', 'kept, chosen', 'kept']);
  });

  test('PAGE-6 one setting is no frontier', () => {
    const tuning = { ...tuningOf('bare', 'web'), frontier: [] };
    expect(chartsOf(sectionOf({ ...known, tuning }, 'tuning').parts).length).toBe(1);
  });
});

describe('a page of a comparison', () => {
  const { sections } = comparePage(compareOf('a.yaml', 'b.yaml'));

  test('PAGE-7 a verdict on each design comes first, then each against the first', () => {
    expect(sections.map(({ title }) => title)).toEqual([
      'Verdict',
      'b.yaml against a.yaml',
      'third.yaml against a.yaml',
      'Reproduce',
    ]);
    const cards = sections[0]!.parts.flatMap((part) => (part.part === 'cards' ? part.cards : []));
    expect(cards.map(({ answer, tone }) => [answer, tone])).toEqual([
      ['misses a goal that was not missed', 'bad'],
      ['new: b.yaml; no longer: web', 'bad'],
      ['$569', null],
      ['no difference beyond chance', null],
      ['the same as before', null],
    ]);
  });

  test('PAGE-8 a chart has every figure that is a multiple of what it was; the table has all that differ', () => {
    const { parts } = sections[1]!;
    const [chart] = chartsOf(parts);
    // From nothing and to nothing there is no multiple.
    expect(chart!.table.rows).toEqual([
      ['users.p99', '10', '9.5', '10.5', 'worse'],
      ['users.p50', '0.01', '-0.09', '0.11', 'better'],
      ['web.cpu.busy', '1.05', '1.045', '1.055', 'more'],
      ['cost.total', '1.422', '1.422', '1.422', 'worse'],
    ]);
    expect(chart!.label).toContain('3 more are in the table below');
    const differing = tablesOf(parts)[1]!;
    expect(differing.map(([name]) => name)).toContain('fresh.p99');
    expect(differing.map(([name]) => name)).not.toContain('web.cpu.alike');
  });

  test('PAGE-9 single points of failure that come and go are named, and so it is said that none does', () => {
    expect(tablesOf(sections[1]!.parts).at(-1)).toEqual([
      ['b.yaml', 'new'],
      ['web', 'no longer'],
    ]);
    expect(sections[2]!.parts).toContainEqual({ part: 'text', text: 'None comes and none goes.' });
  });

  test('PAGE-10 hostile names are text, and nothing is drawn at a place that is no number', async () => {
    const html = await compareToHtml(compareOf(HOSTILE, HOSTILE));
    const all =
      html +
      (await renderPage(
        { ...known, advice: adviceOf(HOSTILE, HOSTILE), tuning: tuningOf(HOSTILE, HOSTILE) },
        'html',
      ));
    expect(all.replace(/"[^"]*"/g, '""').match(/<script|<img|<iframe|<[^>]*\son\w+=/i)?.[0]).toBeUndefined();
    expect(all.match(/.{0,40}(?:NaN|Infinity|undefined).{0,20}/)?.[0]).toBeUndefined();
    expect(await compareToHtml(compareOf(HOSTILE, HOSTILE))).toBe(html);
  });
});
