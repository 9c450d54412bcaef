import { findConstant } from '../../../design/constants/index.ts';
import { formatQuantity } from '../../../quantities/index.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const left = { head: '', align: 'left' } as const;

/** Named constants that the figures stand on, with their sources, and what a reader should know besides. */
export function assumptionsSection({ plan, estimate, simulation, scenarios = [] }: Results): Section {
  const notes = [estimate, simulation, ...scenarios].flatMap((report) =>
    report === undefined
      ? []
      : report.notes.map((note) => (report.scenario === null ? note : `${report.scenario.name}: ${note}`)),
  );
  const constants = plan.constants.map(({ name, value, low, high, source }) => {
    const constant = findConstant(name);
    const written = (each: number): string =>
      constant === undefined ? String(each) : formatQuantity(each, constant.dimension);
    const range = low === high ? '' : ` (${written(low)} to ${written(high)})`;
    return [name, constant?.summary ?? '', `${written(value)}${range}`, source];
  });
  const items: Part[] = notes.length === 0 ? [] : [{ part: 'items', items: [...new Set(notes)] }];
  return {
    id: 'assumptions',
    title: 'Assumptions',
    parts: [
      {
        part: 'text',
        text: `What the design does not say is taken from named constants of the profile ${plan.profile}.`,
      },
      ...tablePart({
        columns: [{ ...left, head: 'constant' }, left, { head: 'value' }, { ...left, head: 'source' }],
        rows: constants,
      }),
      ...headed('What a reader should know', items),
    ],
  };
}
