import { describe, expect, test } from 'vitest';
import {
  bellHistogram,
  estimateReport,
  figure,
  healthyReport,
  operation,
  overloadedReport,
  station,
} from './report.fixture.ts';
import type { Report } from './report.ts';
import { renderReport } from './terminal.ts';
import { visibleWidth } from './theme.ts';

const ESCAPE = String.fromCharCode(27);

const reports: Record<string, Report> = {
  healthy: healthyReport(),
  unconverged: healthyReport({ converged: false, wallSeconds: 60.2 }),
  overloaded: overloadedReport(),
  estimate: estimateReport(),
  'in vain': healthyReport({
    operations: { users: operation({ attempts: 1_500_000, late: 81 }) },
    stations: { 'server.cpu': station(0.7, { wasted: figure(0.21, 0.01, '1') }) },
  }),
  'without anything': healthyReport({ operations: {}, stations: {}, caches: {}, goals: [], notes: [] }),
  'one replication': healthyReport({
    replications: 1,
    operations: { users: operation({ throughput: figure(80, null, '1/s'), histogram: [] }) },
  }),
};

describe.each(Object.entries(reports))('the %s report', (_, report) => {
  test.each([40, 50, 60, 80, 120])('fits into %i columns', (width) => {
    for (const explain of [false, true]) {
      for (const colour of [false, true]) {
        const lines = renderReport(report, { width, explain, colour }).split('\n');
        // A command that is broken into lines cannot be copied.
        const wide = lines.filter((line) => visibleWidth(line) > width && !line.includes('again:'));
        expect(wide).toEqual([]);
      }
    }
  });

  test('has no colour codes unless colours are asked for', () => {
    expect(renderReport(report)).not.toContain(ESCAPE);
    expect(renderReport(report, { colour: true })).toContain(ESCAPE);
  });

  test('is plain ASCII where that is asked for', () => {
    expect([...renderReport(report, { unicode: false, explain: true })].filter((c) => c > '~')).toEqual([]);
  });

  test('shows no broken values, trailing spaces or runs of empty lines, and ends with a newline', () => {
    const text = renderReport(report, { explain: true });
    expect(text).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
    expect(text).not.toMatch(/ \n|\n\n\n|^\n/);
    expect(text.endsWith('\n')).toBe(true);
    expect(text.endsWith('\n\n')).toBe(false);
  });

  test('tells the command that prints it again', () => {
    expect(renderReport(report)).toContain(`again: ${report.command}\n`);
    expect(renderReport(report, { explain: true })).toContain(`again: ${report.command} --explain\n`);
  });
});

describe('what a simulation report says', () => {
  const text = renderReport(healthyReport());

  test('the verdict comes first, and counts the goals', () => {
    expect(text.split('\n').slice(0, 2)).toEqual([
      'url-shortener · simulation',
      '✘ misses 1 of 4 goals, ? cannot tell about 1 of 4 goals',
    ]);
    const met = healthyReport().goals.filter((goal) => goal.met === true);
    expect(renderReport(healthyReport({ goals: met }))).toContain('✔ meets all 2 goals\n');
    expect(renderReport(healthyReport({ goals: met.slice(0, 1) }))).toContain('✔ meets its goal\n');
    expect(renderReport(healthyReport({ goals: [] }))).toContain('no goals set\n');
  });

  test('each goal has a mark, its figure and a word', () => {
    expect(text).toMatch(/✔ {2}visitors\.p99 ≤ 50ms +3\.8 ms ± 0\.3 +met\n/);
    expect(text).toMatch(/\? {2}authors\.p99 ≤ 20ms +19 ms ± 2 +too close to call\n/);
    expect(text).toMatch(/✘ {2}authors\.p999 ≤ 10ms +31 ms ± 4 +missed, 3\.13× the target\n/);
  });

  test('a figure that was not judged is not said to be close to its target, and the verdict says why', () => {
    const goals = healthyReport().goals.map((goal) => ({
      ...goal,
      met: 'unknown' as const,
      unjudged: 'warm-up' as const,
    }));
    const unjudged = renderReport(healthyReport({ goals }));
    expect(unjudged).toContain('? cannot tell about 4 of 4 goals: the warm-up had not ended\n');
    expect(unjudged).toMatch(/\? {2}authors\.p99 ≤ 20ms +19 ms ± 2 +not judged: the warm-up had not ended\n/);
    expect(unjudged).not.toContain('too close to call');
    const mixed = renderReport(healthyReport({ goals: [goals[0]!, ...healthyReport().goals.slice(1)] }));
    expect(mixed).not.toContain('goals: the warm-up');
  });

  test('failures are listed by reason, most frequent first', () => {
    expect(text.indexOf('timeout ')).toBeLessThan(text.indexOf('links.connections full'));
    expect(text).toMatch(/visitors {2}timeout +100 +0\.0083 %\n/);
  });

  test('stations come busiest first, ten of them, and the rest is counted', () => {
    const named = [...text.matchAll(/^ {2}([\w-]+\.(?:cpu|node|disk|connections)) /gm)].map(
      (match) => match[1],
    );
    expect(named.slice(0, 3)).toEqual(['links.cpu', 'links.connections', 'api.cpu']);
    expect(named).toHaveLength(10);
    expect(text).toContain('3 more, less busy');
  });

  test('a narrow terminal gets every figure, one below the other', () => {
    for (const width of [40, 50]) {
      const narrow = renderReport(healthyReport(), { width });
      expect(narrow).toMatch(
        /\n {2}links\.cpu\n {4}busy {10}93\.0 % ± 0\.4\n {4}waiting time {2}15\.3 µs ± 1\.2\n/,
      );
      expect(narrow).toMatch(/\n {4}servers {7}16\n/);
      expect(narrow).not.toContain('no room for');
    }
  });

  test('columns that find no room are named', () => {
    for (const width of [60, 80]) {
      expect(renderReport(healthyReport(), { width })).toMatch(/\n {2}no room for (\w+, )*\w+ and \w+ \(/);
    }
    expect(renderReport(healthyReport(), { width: 120 })).not.toContain('no room for');
  });

  test('it tells how the figures were obtained', () => {
    expect(text).toContain('80 s simulated in 8 replications');
    expect(text).toContain('first 1.25 s of each cut as warm-up');
    expect(text).toContain('31,204,112 events · seed 1 · tenfold 0.1.0');
    expect(text).not.toContain('took');
    expect(renderReport(healthyReport({ wallSeconds: 12.34 }))).toContain('took 12.34 s');
  });

  test('a run that stopped early says so', () => {
    expect(text).not.toContain('stopped before');
    expect(renderReport(healthyReport({ converged: false }))).toContain('stopped before the precision');
  });
});

describe('an unstable system', () => {
  const text = renderReport(overloadedReport());

  test('is named so in the second line, with the station and its capacity', () => {
    expect(text.split('\n')[1]).toBe('✘ cannot hold this load');
    expect(text).toContain('server.cpu is offered 125.3/s and can serve 100/s: 1.25 times its capacity');
  });

  test('gets no latency', () => {
    expect(text).not.toContain('Latency');
  });

  test('names a station whose capacity is not known, and counts what it does not name', () => {
    const stations: Report['stations'] = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [
        `${name}.cpu`,
        station(1, { arrivals: figure(null, null, '1/s'), service: figure(null, null, 's') }),
      ]),
    );
    const unknown = renderReport({ ...overloadedReport(), stations });
    expect(unknown).toContain('a.cpu is always busy');
    expect(unknown).toContain('2 more stations at or above capacity');
  });
});

describe('the latency histogram', () => {
  const chart = (report: Report) =>
    renderReport(report).match(/How long visitors take\n(?<chart>(?: .*\n)+)/)?.groups?.['chart'];
  const withHistogram = (histogram: [number, number][]) =>
    chart(healthyReport({ operations: { visitors: operation({ histogram }) } }));

  test('marks p50 below the peak and p99 to the right of it', () => {
    const lines = chart(healthyReport())!.split('\n');
    const marks = lines[7]!;
    expect(lines[0]![marks.indexOf('▲ p50')]).toBe('█');
    expect(marks.indexOf('▲ p99')).toBeGreaterThan(marks.indexOf('▲ p50'));
    expect(lines[6]).toMatch(/500 µs +1 ms +2 ms/);
  });

  test('has no teeth where bins and columns differ in width', () => {
    const rising = chart(healthyReport())!.split('\n')[3]!;
    expect(rising.trim()).toMatch(/^[▁▂▃▄▅▆▇]+█+[▁▂▃▄▅▆▇]+$/);
  });

  test('says one value where all requests took the same time, and nothing without requests', () => {
    expect(withHistogram([[0.01, 5000]])).toContain('all near 10 ms');
    expect(withHistogram([[2 ** -30, 5000]])).toContain('all 0 s');
    expect(withHistogram([])).toBeUndefined();
  });

  test('covers decades with a label each, and a narrow range with values in between', () => {
    expect(withHistogram(bellHistogram(0.01, 2, 1e6))).toMatch(/100 µs +1 ms +10 ms +100 ms +1 s/);
    expect(withHistogram(bellHistogram(0.0103, 0.02, 1e6))).toMatch(/9\.\d+ ms +10\.\d+ ms/);
  });
});

describe('what an estimate says', () => {
  test('the sheet is grouped by what it speaks of', () => {
    const text = renderReport(estimateReport());
    expect(text).toMatch(/traffic visitors\n +requests, mean +115\.7k\/s\n/);
    expect(text).toMatch(/links\n +storage after 5 years +1\.0 TB \(0\.6\.\.1\.5\)\n/);
    expect(text).not.toContain('÷');
  });

  test('--explain adds formula, working and source', () => {
    const text = renderReport(estimateReport(), { explain: true });
    expect(text).toContain('= requests per day ÷ 86,400 s\n');
    expect(text).toContain('= 10,000,000,000 ÷ 86,400 = 115,741/s\n');
    expect(text).toContain('from the utilisation law, Lazowska et al. 1984, chapter 3\n');
  });
});

test('plain ASCII holds for whatever a note says', () => {
  const notes = ['São Paulo → Zürich, Σ of 3 × Π, 漢字'];
  expect(renderReport(healthyReport({ notes }), { unicode: false })).toContain(
    '- Sao Paulo -> Zurich, sum of 3 x product, ??\n',
  );
});

test('what was done in vain is shown where there is some', () => {
  const shown = renderReport(reports['in vain']!, { width: 120 });
  for (const head of ['  attempts', '  late', '  wasted']) {
    expect(shown).toContain(head);
    expect(renderReport(healthyReport(), { width: 120 })).not.toContain(head);
  }
});
