import type { Cell, Column, TableData } from './cell.ts';
import type { Sensitivity, Tornado, TornadoBar, TornadoEnd } from './explain.ts';
import { countText, figureText, valueText } from './figure-text.ts';
import { withoutMiddle } from './long-names.ts';
import type { Figure } from './report.ts';
import { tableLines } from './table.ts';
import { type Theme, wrapped } from './theme.ts';

/** Columns on either side of the middle. */
const SIDE = 7;

/** A tornado: a line for each end that an input is moved to, its bar to the left where it makes less of the figure. */
export function tornadoLines({ bars, metric }: Tornado, theme: Theme): string[] {
  const reach = Math.max(...bars.flatMap(({ ends }) => ends.map(({ change }) => farthest(change))));
  // The first line of an input has its name, the second what it is, also where it can be moved one way alone.
  const rows = bars.flatMap(({ rank, input, ends, from, what }) =>
    [0, 1].map((e): Cell[] => {
      const end = ends[e];
      return [
        e === 0 ? String(rank) : '',
        e === 0 ? shortened(input, NAME, theme) : theme.dim(shortened(whence(from, what), NAME, theme)),
        ...(end === undefined
          ? ['', '', '']
          : [
              theme.plain(movedTo(end, theme)),
              changeText(end.change, metric, theme),
              drawn(end, reach, metric, theme),
            ]),
      ];
    }),
  );
  const columns: Column[] = [
    { head: '' },
    { head: 'input', align: 'left' },
    { head: 'moved to', align: 'left' },
    { head: 'changes it by' },
    { head: `${'less'.padStart(SIDE)}${theme.unicode ? '│' : '|'}more`, align: 'left', drop: 1 },
  ];
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'drop' });
}

/** Columns of what is moved, and of what it is moved to. */
const NAME = 26;
const VALUE = 10;

const whence = (from: string, what: TornadoBar['what']): string =>
  what === 'constant' ? `${from}, guessed` : from;

/** The value; of one that is long, a law for instance, what it was multiplied by. */
function movedTo({ to, times }: TornadoEnd, theme: Theme): string {
  return times !== null && to.length > VALUE ? `${theme.times}${Number(times.toPrecision(3))}` : to;
}

function shortened(text: string, most: number, theme: Theme): string {
  return withoutMiddle(theme.plain(text), most, theme);
}

const farthest = (change: Figure | null): number =>
  change === null
    ? 0
    : Math.max(Math.abs(change.low ?? 0), Math.abs(change.high ?? 0), Math.abs(change.value ?? 0));

function changeText(change: Figure | null, metric: Tornado['metric'], theme: Theme): Cell {
  if (change === null) return theme.bad('no steady state');
  if (change.value === 0 && change.low === 0 && change.high === 0) return theme.dim('nothing');
  const share = metric === 'success';
  const { value, margin } = figureText(change, theme, share ? 'share' : 'count');
  // Of a share, not a share of the share.
  const amount = share ? value.replace('%', 'points') : value;
  return { value: change.value! > 0 ? `+${amount}` : amount, margin };
}

/** What is surely changed full, what may be lighter; the middle is no change. */
function drawn({ change }: TornadoEnd, reach: number, metric: Tornado['metric'], theme: Theme): string {
  const [full, light, middle] = theme.unicode ? ['█', '░', '│'] : ['#', '.', '|'];
  if (change === null)
    return `${' '.repeat(SIDE)}${middle}${theme.bad((theme.unicode ? '»' : '>').repeat(SIDE))}`;
  const { value, low, high } = change;
  const cells = (amount: number): number => (reach === 0 ? 0 : Math.round((Math.abs(amount) / reach) * SIDE));
  const down = value! < 0;
  const [near, far] = down ? [high ?? 0, low ?? value!] : [low ?? 0, high ?? value!];
  // An interval across the middle is sure of nothing.
  const sure = near !== 0 && near < 0 === down ? Math.max(1, cells(near)) : 0;
  const maybe = Math.max(0, cells(far) - sure);
  // Less of a time or a queue is better, less of a share that succeeds is worse.
  const paint = down === (metric !== 'success') ? theme.good : theme.warn;
  const bar = full.repeat(sure) + light.repeat(maybe);
  const blank = ' '.repeat(SIDE - sure - maybe);
  return down
    ? `${blank}${paint([...bar].reverse().join(''))}${middle}`
    : `${' '.repeat(SIDE)}${middle}${paint(bar)}`;
}

/** A tornado as a table: what is moved, to what, and by how much that changes the figure. */
export function tornadoTable({ bars, metric }: Tornado, theme: Theme): TableData {
  const rows = bars.flatMap(({ rank, input, ends, from, what }) =>
    ends.map((end): Cell[] => [
      String(rank),
      theme.plain(input),
      theme.plain(whence(from, what)),
      movedTo(end, theme),
      changeText(end.change, metric, theme),
    ]),
  );
  const left = { align: 'left' } as const;
  const columns: Column[] = [
    { head: '' },
    { head: 'input', ...left },
    { head: 'is', ...left },
    { head: 'moved to', ...left },
    { head: 'changes it by' },
  ];
  return { columns, rows };
}

/** What was looked at, and which constant is worth measuring first. */
export function sensitivityLines(sensitivity: Sensitivity, theme: Theme): string[] {
  return sensitivitySentences(sensitivity, theme).flatMap((line) =>
    wrapped(theme.plain(line), theme.width - 2).map((each) => `  ${each}`),
  );
}

/** The same in sentences. */
export function sensitivitySentences(sensitivity: Sensitivity, theme: Theme): string[] {
  const { inputs, simulated, replications, step, unmoved, measureFirst } = sensitivity;
  if (inputs === 0) return [];
  const percent = `${Math.round(step * 100)} %`;
  const tried = `${inputs === 1 ? '1 input was' : `${countText(inputs)} inputs were`} tried in short runs, by ${percent} down and up, ranges to their ends, constants to the ends of their documented ranges.`;
  const looked =
    simulated === 0
      ? `${tried} None moved a figure by as much as 1 %.`
      : `${tried} ${simulated === 1 ? 'The one' : `The ${simulated}`} that seemed to move a figure most ${simulated === 1 ? 'was' : 'were'} simulated at length, ${replications} replications on the same random numbers; shown is what moves it by twice the margin or more. Inputs that cannot be told apart share a rank.`;
  const none = unmoved.length === 0 ? [] : [`No difference could be told for ${unmoved.join(', ')}.`];
  const measure =
    measureFirst === null
      ? []
      : [
          `Worth measuring first: ${measureFirst.constant}, here ${measureFirst.from}, which is anything from ${measureFirst.low} to ${measureFirst.high} by its source (${measureFirst.source}). ${
            measureFirst.swing === null
              ? `Within that range ${measureFirst.figure} is lost`
              : `Over that range ${measureFirst.figure} moves by ${valueText(measureFirst.swing, '1', theme, 'share')} of itself`
          }.`,
        ];
  return [...measure, looked, ...none];
}
