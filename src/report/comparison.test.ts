import { describe, expect, test } from 'vitest';
import { agreementOf, compareReports, renderComparison } from './comparison.ts';
import { estimateReport, figure, healthyReport, overloadedReport, station } from './report.fixture.ts';
import { visibleWidth } from './theme.ts';

describe('an estimate agrees with a simulation', () => {
  test('within its interval', () => {
    expect(agreementOf(figure(60, 0, 's'), figure(50, 10, 's'))).toBe('agrees');
    expect(agreementOf(figure(61, 0, 's'), figure(50, 10, 's'))).toBe('differs');
  });

  test('or within 5 % of its value', () => {
    expect(agreementOf(figure(52.5, 0, 's'), figure(50, 0.1, 's'))).toBe('agrees');
    expect(agreementOf(figure(52.6, 0, 's'), figure(50, 0.1, 's'))).toBe('differs');
    expect(agreementOf(figure(52.6, 0, 's'), figure(50, 0.1, 's'), 0.1)).toBe('agrees');
  });

  test('or where the range of its inputs meets that interval', () => {
    expect(agreementOf(figure(61, 2, 's'), figure(50, 10, 's'))).toBe('agrees');
  });

  test('but not where an interval is so wide that it meets almost anything', () => {
    const between = (value: number, low: number, high: number) => ({ value, low, high, unit: 's' as const });
    expect(agreementOf(between(1e-12, 0, 536e-9), figure(135e-9, 1e-9, 's'))).toBe('too wide');
    expect(agreementOf(between(5, 1, 11), figure(8, 0.1, 's'))).toBe('too wide');
    expect(agreementOf(between(5, 2, 11), figure(8, 0.1, 's'))).toBe('agrees');
    expect(agreementOf(figure(1.3, 0, 's'), figure(2, 3, 's'))).toBe('too wide');
    expect(agreementOf(figure(1.3, 0, 's'), figure(2, 0.9, 's'))).toBe('agrees');
    // Values that are close agree by themselves, and even a wide interval can be missed.
    expect(agreementOf(figure(2.01, 0, 's'), figure(2, 3, 's'))).toBe('agrees');
    expect(agreementOf(figure(9, 0, 's'), figure(2, 3, 's'))).toBe('differs');
    const wide = { 'a.cpu': station(0.5, { waiting: between(1e-12, 0, 536e-9) }) };
    const beside = { 'a.cpu': station(0.5, { waiting: figure(135e-9, 1e-9, 's') }) };
    const page = renderComparison(estimateReport({ stations: wide }), healthyReport({ stations: beside }));
    expect(page).toMatch(/a\.cpu waiting time .*\n?.*\? too wide to compare/);
  });

  test('and nothing is known where one of them is unknown', () => {
    expect(agreementOf(figure(null, null, 's'), figure(50, 10, 's'))).toBe('unknown');
    expect(agreementOf(figure(50, 0, 's'), figure(null, null, 's'))).toBe('unknown');
  });

  test('next to nothing agrees with nothing, whatever the ratio', () => {
    expect(agreementOf(figure(0, 0, '1'), figure(0.00005, 0, '1'))).toBe('agrees');
    expect(agreementOf(figure(1e-9, 0, 's'), figure(0, 0, 's'))).toBe('agrees');
    expect(agreementOf(figure(128e-9, 0, 's'), figure(116e-9, 0, 's'))).toBe('agrees');
    expect(agreementOf(figure(3e-6, 0, 's'), figure(2e-6, 0, 's'))).toBe('differs');
    const stations = { 'a.cpu': station(0.5, { waiting: figure(1e-9, 0, 's') }) };
    const beside = { 'a.cpu': station(0.5, { waiting: figure(2e-9, 0, 's') }) };
    const rows = compareReports(estimateReport({ stations }), healthyReport({ stations: beside }));
    expect(rows.find(({ name }) => name === 'a.cpu.waiting')).toMatchObject({
      agreement: 'agrees',
      difference: null,
    });
  });
});

describe('side by side', () => {
  const text = renderComparison(estimateReport(), healthyReport());

  test('every figure that both have is compared', () => {
    const names = compareReports(estimateReport(), healthyReport()).map((row) => row.name);
    expect(names).toContain('visitors.latency.p99');
    expect(names).toContain('links.cpu.utilization');
    expect(names).toContain('hot-links.hitRatio');
    expect(names.some((name) => name.startsWith('authors'))).toBe(false);
  });

  test('each row has both figures, how far they are apart, and a verdict', () => {
    expect(text).toMatch(/visitors mean +1\.35 ms +1\.34 ms ± 0\.02 +\+0\.6 % +✔ agrees\n/);
    expect(text).toMatch(/visitors p95 +3\.3 ms +2\.61 ms ± 0\.04 +\+26 % +✘ differs\n/);
    expect(text).toMatch(/visitors p99 +unknown +3\.8 ms ± 0\.3 +\? unknown\n/);
    expect(text).toContain('! 10 of 12 figures agree, 2 cannot be compared\n');
  });

  test('the answer of the simulation comes first', () => {
    expect(text.split('\n')[1]).toContain('misses 1 of 4 goals');
    expect(renderComparison(estimateReport(), overloadedReport())).toContain('server.cpu is offered 125.3/s');
  });

  test('the notes of both sides come below, and the command that prints it again', () => {
    const both = renderComparison(
      estimateReport({ notes: ['A note of the estimate.'] }),
      healthyReport({ notes: ['A note of the simulation.'] }),
    );
    expect(both).toContain('Notes on the estimate\n  - A note of the estimate.\n');
    expect(both).toContain('Notes on the simulation\n  - A note of the simulation.\n');
    expect(both).toContain(`again: ${healthyReport().command} --compare\n`);
  });

  test.each([40, 50, 60, 80, 120])('fits into %i columns', (width) => {
    const lines = renderComparison(estimateReport(), healthyReport(), { width, colour: true }).split('\n');
    expect(lines.filter((row) => visibleWidth(row) > width && !row.includes('again:'))).toEqual([]);
  });
});
