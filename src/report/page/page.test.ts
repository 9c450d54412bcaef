import { beforeAll, describe, expect, test } from 'vitest';
import { bare, HOSTILE, hostile, planned, resultsFor, shop } from '../../cli/results.fixture.ts';
import type { ExplainReport } from '../explain.ts';
import { figure, operation } from '../report.fixture.ts';
import { latencyChart, ticksOf } from './charts/latency-chart.ts';
import { shortened } from './charts/shortened.ts';
import { timeChart } from './charts/time-chart.ts';
import { renderPage, renderSummary } from './index.ts';
import type { Part, Section } from './page.ts';
import type { Results } from './results.ts';
import { pageOf } from './sections/index.ts';

let shopResults: Results;
let hostileResults: Results;
beforeAll(async () => {
  shopResults = await resultsFor(shop);
  hostileResults = await resultsFor(hostile);
});

const sectionOf = (results: Results, id: string): Section | undefined =>
  pageOf(results).sections.find((section) => section.id === id);
const chartsOf = (parts: readonly Part[]) =>
  parts.flatMap((part) => (part.part === 'chart' ? [part.chart] : []));
/** All texts of the cells of the tables of a section. */
const cellsOf = (section: Section | undefined): string[] =>
  (section?.parts ?? []).flatMap((part) =>
    part.part === 'table'
      ? part.rows.flat().map((cell) => (typeof cell === 'string' ? cell : cell.value))
      : [],
  );

describe('the sections of a page', () => {
  test('come in the order in which a design is worked out', () => {
    expect(pageOf(shopResults).sections.map(({ title }) => title)).toEqual([
      'Summary',
      'Requirements',
      'Estimates',
      'High-level design',
      'Data model',
      'Interface',
      'Deep dive: behaviour under its load',
      'Deep dive: single requests',
      'Deep dive: scenario store-slow',
      'Bottlenecks',
      'Cost',
      'Trade-offs and decisions',
      'Assumptions',
      'Reproduce',
    ]);
  });

  test('a scenario has the tables that a simulation has', () => {
    const killed = { times: 3, rate: figure(0.1, 0.01, '1/s') };
    const share = figure(0.2, 0.01, '1');
    const age = operation().latency;
    const scenarios = shopResults.scenarios!.map((report) => ({
      ...report,
      kills: { 'a-killed-one': killed },
      staleness: { 'a-stale-one': { reads: 7, stale: share, age, versions: share } },
      operations: Object.fromEntries(
        Object.keys(report.operations).map((name) => [name, operation({ inFlight: 9, unfinished: 8 })]),
      ),
    }));
    const section = sectionOf({ ...shopResults, scenarios }, 'scenario-1');
    const heads = (section?.parts ?? []).flatMap((part) => (part.part === 'heading' ? [part.text] : []));
    for (const head of [
      'What became of the requests',
      'Killed for want of memory',
      'Reads of replicas and copies',
    ])
      expect(heads).toContain(head);
    for (const cell of ['a-killed-one', 'a-stale-one', '8']) expect(cellsOf(section)).toContain(cell);
  });

  test('say so where the design says nothing', () => {
    const results = { ...planned(bare), command: 'tenfold', version: '1' };
    const said = pageOf(results).sections.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.part === 'text' && part.tone === 'open' ? [part.text] : [])),
    );
    expect(said.map((text) => text.split(':')[0])).toEqual([
      'The design sets no goals',
      'The design names no scenario',
      'The design names no data',
      'The design records no decision',
    ]);
  });

  test('about results that are not there are left out', () => {
    const { plan, kinds, command, version } = shopResults;
    const ids = pageOf({ plan, kinds, command, version }).sections.map(({ id }) => id);
    expect(ids).toEqual([
      'summary',
      'requirements',
      'design',
      'data',
      'interface',
      'decisions',
      'assumptions',
      'reproduce',
    ]);
  });

  test('carry the figures of the results', () => {
    const { simulation, estimate, scenarios } = shopResults;
    expect(cellsOf(sectionOf(shopResults, 'requirements'))).toEqual(
      expect.arrayContaining([
        'visitors',
        'edge.view',
        '60/s',
        '120/s',
        'product',
        ...simulation!.goals.map(({ goal }) => goal),
      ]),
    );
    expect(cellsOf(sectionOf(shopResults, 'data'))).toEqual(
      expect.arrayContaining([
        'product',
        '20,000',
        '2 KB',
        '40 MB',
        '10/day',
        '365 days',
        'hot (cache), store (database)',
      ]),
    );
    const sources = cellsOf(sectionOf(shopResults, 'assumptions'));
    for (const { name, source } of shopResults.plan.constants) {
      expect(sources).toContain(name);
      expect(sources).toContain(source);
    }
    const sheet = cellsOf(sectionOf(shopResults, 'estimates'));
    for (const { source } of estimate!.sheet) expect(sheet).toContain(source);
    const stations = chartsOf(sectionOf(shopResults, 'behaviour')!.parts).at(-1)!;
    expect(stations.table.rows.map(([name]) => name)).toContain('shop.cpu');
    const lost = scenarios![0]!.scenario!.outcomes['visitors']!.lost.value!;
    expect(cellsOf(sectionOf(shopResults, 'scenario-1'))).toContain(String(lost));
  });

  test('say how a request travels, messages last', () => {
    const { parts } = sectionOf(shopResults, 'design')!;
    const [items] = parts.flatMap((part) => (part.part === 'items' ? [part.items] : []));
    expect(items).toEqual(
      [
        'visitors: edge.view → shop.view → hot.get → store.read → hot.set',
        'buyers: edge.buy → shop.buy → orders.publish → orders.deliver → packer.pack',
      ].map((text) => expect.stringContaining(text.split(' → ').slice(0, 3).join(' → '))),
    );
    expect(items![1]).toContain('packer.pack');
  });

  test('show the ladder with what is extrapolated apart', () => {
    const [ladder, course] = chartsOf(sectionOf(shopResults, 'bottlenecks')!.parts);
    expect(ladder!.table.rows).toEqual([
      ['3.1×', '3× and 3.2×', 'visitors.p99 > 60ms'],
      ['4.1×', '4× and 4.2×', 'shop.cpu is full'],
      ['9×', '9× and 9×', 'store.cpu is full'],
      ['250×', 'extrapolated', 'hot.node would be full'],
    ]);
    expect(course!.table.rows.at(-1)).toEqual(['8×', 'no steady state']);
  });
});

describe('the summary', () => {
  test('answers in a terminal too', () => {
    const text = renderSummary(shopResults);
    expect(text).toMatch(/^shop\nsimulated: /);
    expect(text).toContain('headroom: ✔ holds up to 3× its load (3× to 3.2×)\n');
    expect(text).toContain('scenario store-slow: ');
  });

  test('a system that cannot hold its load is not said to meet anything', () => {
    const simulation = { ...shopResults.simulation!, stable: false };
    expect(renderSummary({ ...shopResults, simulation })).toContain('simulated: ✘ cannot hold this load');
  });
});

describe('charts', () => {
  test('a goal far from the requests is named, not drawn', () => {
    const goal = (target: number) => [{ metric: 'p99', target }] as const;
    const near = latencyChart('users', operation(), goal(0.005))!;
    const far = latencyChart('users', operation(), goal(5))!;
    expect(near.legend.map(({ text }) => text)).toContain('goal');
    expect(far.legend.map(({ text }) => text)).toContain('goal p99 ≤ 5 s: far to the right');
  });

  test('too few requests have no shape', () => {
    expect(latencyChart('users', operation({ histogram: [[0.1, 50]] }), [])).toBeNull();
  });

  test('say in words what is to be seen', () => {
    const { label, table } = latencyChart('users', operation(), [])!;
    expect(label).toMatch(/^Distribution of the latency of users .* p50 1\.180 ms ± 0\.011, /);
    expect(table.rows.at(-1)![1]).toBe('100 %');
  });

  test('marks of an axis are round and not too many', () => {
    expect(ticksOf(0.004, 0.3, 4)).toEqual([0.01, 0.03, 0.1, 0.3]);
    expect(ticksOf(1, 100, 9)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(ticksOf(0.0021, 0.0028, 8).length).toBeGreaterThan(1);
  });

  test('a series of which nothing is known has no chart', () => {
    const scenario = shopResults.scenarios![0]!.scenario!;
    const series = { unit: 's', value: [null, null], low: [null, null], high: [null, null] } as const;
    expect(timeChart('p99', [{ name: 'p99', series }], scenario)).toBeNull();
  });

  test('names too long for their place lose their middles', () => {
    expect(shortened('short', 100)).toBe('short');
    expect(shortened('a-very-long-name-of-something', 100)).toMatch(/^a-ve.*….*thing$/);
    expect(shortened('anything', 1)).toBe('…');
  });
});

describe('HTML', () => {
  test('comes out the same each time, whatever was written before', async () => {
    const first = await renderPage(shopResults, 'html');
    await renderPage(hostileResults, 'html');
    expect((await renderPage(shopResults, 'html')) === first).toBe(true);
  });

  test('holds no markup of the design, no script and nothing to load', async () => {
    const html = await renderPage(hostileResults, 'html');
    const tags = html.replace(/"[^"]*"/g, '""');
    expect(tags.match(/<script|<img|<iframe|<object|<[^>]*\son\w+=/i)?.[0]).toBeUndefined();
    expect(html.match(/url\(\s*['"]?(?!#)/i)?.[0]).toBeUndefined();
    expect(html.match(/<[^>]*(?:href|src)="(?!#|data:,")/)?.[0]).toBeUndefined();
    expect(html).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"");
    expect(html).toContain('&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;');
  });

  test('gives every picture a role and a name, and every identifier once', async () => {
    const html = await renderPage(shopResults, 'html');
    const pictures = [...html.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
    expect(pictures.length).toBeGreaterThan(20);
    for (const tag of pictures)
      expect(tag).toMatch(/aria-hidden="true"|role="img".*aria-label|aria-label.*role="img"/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/(?:href="#|aria-labelledby=")([\w-]+)/g)) expect(ids).toContain(id);
  });

  test('draws nothing at a place that is no number', async () => {
    const html = await renderPage(shopResults, 'html');
    expect(html.match(/.{0,40}(?:NaN|Infinity|undefined).{0,20}/)?.[0]).toBeUndefined();
  });
});

describe('Markdown', () => {
  test('has the sections as headings, the diagram as Mermaid, and tables whose rows are as long as their heads', async () => {
    const markdown = await renderPage(shopResults, 'md');
    expect(markdown).toContain('\n## Requirements\n');
    expect(markdown).toContain('\n```mermaid\nflowchart LR\n');
    expect(markdown).toContain('\n```sh\ntenfold report design.yaml --html page.html\n```\n');
    const widths = (block: string) =>
      block.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
    for (const block of markdown.split('\n\n').filter((each) => each.startsWith('| '))) {
      expect(new Set(widths(block)).size).toBe(1);
    }
    expect(await renderPage(shopResults, 'md')).toBe(markdown);
  });

  test('holds no markup of the design', async () => {
    const markdown = await renderPage(hostileResults, 'md');
    const fences = /```[\s\S]*?\n```/g;
    expect(markdown.replace(fences, '')).not.toMatch(/<[a-z/]/i);
    expect(markdown).toContain('\\[c\\](javascript:d)');
    expect(markdown.split('\n')[0]).toBe(
      `# ${HOSTILE.replace(/[\\`*_{}[\]>|#~$]/g, '\\$&')
        .replaceAll('<', '&lt;')
        .replaceAll('&amp;', '&')}`,
    );
  });
});

test('a figure without an interval is drawn without a whisker', async () => {
  const estimate = {
    ...shopResults.estimate!,
    sheet: [
      {
        name: 'shop.cost',
        label: 'cost a month',
        figure: figure(3, null, '$'),
        formula: '',
        working: '',
        source: '',
      },
    ],
  };
  expect(await renderPage({ ...shopResults, estimate }, 'html')).toContain('$3');
});

test('requests that take no time have no parts, and their blame is a table without a chart', () => {
  const nothing = { value: 0, low: 0, high: 0, unit: 's' } as const;
  const view = { ranks: [0, 1] as const, requests: 1000, whole: nothing, kinds: [], parts: [] };
  const latency = { mean: nothing, p50: nothing, p99: nothing };
  const at = { served: 1000, latency, mean: view, p50: view, p99: view, failed: [] };
  const sensitivity = {
    step: 0.2,
    inputs: 0,
    simulated: 0,
    replications: 8,
    tornados: [],
    unmoved: [],
    measureFirst: null,
  };
  const { design, version, command } = shopResults.simulation!;
  const said = {
    design,
    seed: 1,
    version,
    command,
    scenario: null,
    stable: true,
    replications: 10,
    simulatedSeconds: 1,
  };
  const explain: ExplainReport = {
    schema: 'tenfold/explain@1',
    ...said,
    traffic: { publishers: at },
    joins: [],
    slowest: null,
    sensitivity,
    notes: [],
  };
  const atOnce = { ...shopResults, explain };
  const { parts } = sectionOf(atOnce, 'blame')!;
  expect(chartsOf(parts)).toEqual([]);
  expect(parts[0]).toMatchObject({ part: 'table' });
});
