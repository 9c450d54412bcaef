import { type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const left = { head: '', align: 'left' } as const;

/** What was chosen over what, why, and what it costs. */
export function tradeOffsSection({ plan }: Results): Section {
  const parts = tablePart({
    columns: [
      { ...left, head: 'chose' },
      { ...left, head: 'over' },
      { ...left, head: 'because' },
      { ...left, head: 'sacrifices' },
    ],
    rows: plan.decisions.map(({ chose, over, because, costs }) => [chose, over, because, costs]),
  });
  const nothing =
    'The design records no decision: nothing says what was chosen over what, and what it costs.';
  return {
    id: 'decisions',
    title: 'Trade-offs and decisions',
    parts: parts.length > 0 ? parts : [{ part: 'text', text: nothing, tone: 'open' }],
  };
}
