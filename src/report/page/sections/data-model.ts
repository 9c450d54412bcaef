import type { PlanData } from '../../../design/plan.ts';
import { printPopularity } from '../../../quantities/index.ts';
import { valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import { type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;

/** What is kept, how much of it, and where. */
export function dataModelSection({ plan }: Results): Section {
  const parts = tablePart({
    columns: [
      { ...left, head: 'data' },
      { head: 'items' },
      { head: 'size' },
      { head: 'together' },
      { head: 'growth' },
      { head: 'kept for' },
      { ...left, head: 'popularity' },
      { ...left, head: 'where' },
    ],
    rows: plan.data.map((data, index) => [
      data.name,
      valueText(data.count.value, '1', theme),
      valueText(data.size.value, 'B', theme),
      valueText(data.count.value * data.size.value, 'B', theme),
      growthOf(data),
      data.keep === null ? 'ever' : valueText(data.keep, 's', theme),
      printPopularity(data.popularity),
      keepersOf(index, plan),
    ]),
  });
  const nothing = 'The design names no data: nothing says what is kept, how much of it, and for how long.';
  return {
    id: 'data',
    title: 'Data model',
    parts: parts.length > 0 ? parts : [{ part: 'text', text: nothing, tone: 'open' }],
  };
}

function growthOf({ growth }: PlanData): string {
  return growth.value === 0 ? 'none' : valueText(growth.value, '1/s', theme);
}

function keepersOf(data: number, plan: Results['plan']): string {
  return plan.components
    .filter((component) => Object.values(component.data).includes(data))
    .map(({ name, kind }) => `${name} (${kind})`)
    .join(', ');
}
