import { describe, expect, test } from 'vitest';
import type { HistoryStep } from './history.ts';
import { renderHistory } from './history-page.ts';

const step = (name: string, cost: number | null): HistoryStep => ({
  name,
  date: null,
  design: 'shop',
  rate: 100,
  headroom: { value: 2, low: 2, high: 2.1, unit: '1' },
  because: [],
  cost,
  unpriced: [],
  changes: [],
  decisions: [],
});

describe('the page of a history', () => {
  test('HIP-2 says what is known of a price, and what of it is not', () => {
    const queued = { ...step('last', 120), unpriced: ['mails'] };
    const options = {
      schema: 'tenfold/history@1',
      seed: 1,
      version: '',
      command: '',
      most: 10,
      runs: 2,
    } as const;
    const page = renderHistory({ ...options, steps: [step('first', 80), queued], notes: [] });
    const text = page.replaceAll(/\s+/g, ' ');
    expect(text).toContain('from 200/s for $80/month to 200/s for $120/month or more');
    expect(text).toContain('of mails nobody knows the price: it is not in what it costs');
  });

  test('HIP-1 says a price in a whole sentence, known or not', () => {
    const steps = [step('first', null), step('last', 120)];
    const page = renderHistory({
      schema: 'tenfold/history@1',
      seed: 1,
      version: '',
      command: '',
      most: 10,
      steps,
      runs: 2,
      notes: [],
    });
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      'from 200/s at a price nobody knows to 200/s for $120/month',
    );
  });
});
