import type { Column, TableData } from './cell.ts';
import { countText, figureText } from './figure-text.ts';
import type { Figure, QueueReport, Report } from './report.ts';
import type { Theme } from './theme.ts';

const NAME: Column = { head: '', align: 'left' };

type Queues = NonNullable<Report['queues']>;

/** What was published and what became of it, a line for each queue; what was lost or done again only where it was. */
export function queueTable(queues: Queues, counted: boolean, theme: Theme): TableData {
  const all = Object.values(queues);
  const some = (of: (queue: QueueReport) => number): boolean => counted && all.some((each) => of(each) > 0);
  const again = all.some(({ redelivered }) => (redelivered.value ?? 0) > 0);
  const extra: readonly (readonly [Column, boolean, (queue: QueueReport) => number])[] = [
    [{ head: 'dead', drop: 1 }, some(({ dead }) => dead), ({ dead }) => dead],
    [{ head: 'dropped', drop: 1 }, some(droppedOf), droppedOf],
    [{ head: 'done again', drop: 2 }, some(({ repeated }) => repeated), ({ repeated }) => repeated],
  ];
  const grows = all.some(({ growth }) => (growth?.value ?? 0) > 0);
  const parted = all.some(({ hottest }) => hottest !== undefined);
  const figure = (of: Figure | undefined, meaning?: 'share') =>
    of === undefined ? '' : figureText(of, theme, meaning);
  const shown = extra.filter(([, isShown]) => isShown);
  const columns: Column[] = [
    NAME,
    { head: 'published' },
    { head: 'acknowledged' },
    ...(again ? [{ head: 'redelivered', drop: 3 }] : []),
    ...shown.map(([column]) => column),
    { head: 'held', drop: grows ? 2 : 4 },
    ...(grows ? [{ head: 'held more', drop: 4 }] : []),
    ...(parted ? [{ head: 'hottest partition', drop: 2 }] : []),
  ];
  const rows = Object.entries(queues).map(([name, queue]) => [
    name,
    figureText(queue.arrivals, theme),
    figureText(queue.throughput, theme),
    ...(again ? [figureText(queue.redelivered, theme, 'share')] : []),
    ...shown.map(([, , of]) => countText(of(queue))),
    figureText(queue.depth, theme),
    ...(grows ? [figure(queue.growth)] : []),
    ...(parted ? [figure(queue.hottest?.share, 'share')] : []),
  ]);
  return { columns, rows };
}

/** How long it takes from publishing a message to its acknowledgement. */
export function ageTable(queues: Queues, theme: Theme): TableData {
  const known = Object.entries(queues).filter(([, { age }]) => age.mean.value !== null);
  const heads = ['mean', 'p50', 'p95', 'p99', 'p99.9'].map((head): Column => ({ head }));
  const rows = known.map(([name, { age }]) => [
    name,
    ...[age.mean, age.p50, age.p95, age.p99, age.p999].map((figure) => figureText(figure, theme)),
  ]);
  return { columns: [NAME, ...heads], rows };
}

function droppedOf({ dropped }: QueueReport): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
