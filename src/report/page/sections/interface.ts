import { calleesOf } from '../../../design/callees.ts';
import { type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const left = { head: '', align: 'left' } as const;

/** What can be asked of each component, by whom, and whom it asks in turn. */
export function interfaceSection({ plan }: Results): Section {
  const { operations, components } = plan;
  const nameOf = (index: number): string => {
    const { component, name } = operations[index]!;
    return `${components[component]!.name}.${name}`;
  };
  const askers = new Map<string, Set<string>>();
  const add = (asked: string, by: string): void => {
    askers.set(asked, (askers.get(asked) ?? new Set()).add(by));
  };
  for (const { name, operation } of plan.traffic) add(nameOf(operation), `${name} (traffic)`);
  for (const operation of operations) {
    for (const callee of calleesOf(operation)) add(nameOf(callee), nameOf(operation.index));
  }
  // One that stands where it is asked has an operation for each asker.
  const names = [...new Set(operations.map(({ index }) => nameOf(index)))].filter((name) => askers.has(name));
  const asks = (name: string): string =>
    [
      ...new Set(
        operations
          .filter(({ index }) => nameOf(index) === name)
          .flatMap((each) => calleesOf(each).map(nameOf)),
      ),
    ].join(', ');
  return {
    id: 'interface',
    title: 'Interface',
    parts: tablePart({
      columns: [
        { ...left, head: 'operation' },
        { ...left, head: 'asked by' },
        { ...left, head: 'asks' },
      ],
      rows: names.map((name) => [name, [...askers.get(name)!].join(', '), asks(name)]),
    }),
  };
}
