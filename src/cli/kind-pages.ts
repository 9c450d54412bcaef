import { type KindDescription, resolveConstant } from '../design/index.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from '../report/index.ts';

/** The list of kinds, one sentence each. */
export function kindList(kinds: readonly KindDescription[], options: RenderOptions): string {
  const theme = themeOf(options);
  const width = Math.max(...kinds.map((kind) => kind.name.length)) + 2;
  const lines = kinds.flatMap((kind) =>
    wrapped(theme.plain(kind.summary), theme.width - width).map(
      (line, row) => (row === 0 ? theme.bold(kind.name.padEnd(width)) : ' '.repeat(width)) + line,
    ),
  );
  return [
    ...lines,
    '',
    theme.dim('tenfold kinds <name> shows settings, operations and an example.'),
    '',
  ].join('\n');
}

/** One kind in full, generated from its description, so that it cannot tell anything else than the checker. */
export function kindPage(kind: KindDescription, options: RenderOptions): string {
  const theme = themeOf(options);
  const lines = [
    theme.bold(kind.name),
    ...indented(kind.summary, 2, theme),
    '',
    theme.bold('Settings'),
    ...settingsLines(kind.settings.shape, 2, theme),
    '',
    theme.bold('Operations'),
    ...operationLines(kind, theme),
    '',
    theme.bold('Stations (what can saturate)'),
    ...named(Object.entries(kind.stations), 2, theme),
    '',
    theme.bold('Example'),
    '  components:',
    `    my-${kind.name}:`,
    ...kind.example
      .trimEnd()
      .split('\n')
      .map((line) => `      ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

const indented = (text: string, by: number, theme: Theme): string[] =>
  wrapped(theme.plain(text), theme.width - by).map((line) => ' '.repeat(by) + line);

/** What a field says of itself, through the `optional` around it. */
interface Described {
  meta?(): unknown;
  unwrap?(): Described;
  /** The fields of a setting that is a map. */
  readonly shape?: Readonly<Record<string, unknown>>;
  /** What a setting that is a list is a list of. */
  readonly element?: Described;
  /** What a setting that is a map of names gives each. */
  readonly valueType?: Described;
}

interface Account {
  readonly description?: string;
  /** A noun phrase for what may be written. */
  readonly expected?: string;
  readonly enum?: readonly string[];
  readonly omitted?: string | number;
  readonly constant?: string;
}

/** Every setting with what it takes, what stands for it when it is left out, and what it means. */
function settingsLines(shape: Readonly<Record<string, unknown>>, indent: number, theme: Theme): string[] {
  const width = Math.max(...Object.keys(shape).map((name) => name.length));
  return Object.entries(shape).flatMap(([name, field]) => {
    const outer = field as Described;
    const inner = outer.unwrap?.() ?? outer;
    const account = (inner.meta?.() ?? {}) as Account;
    const fields = inner.shape ?? inner.element?.shape ?? inner.valueType?.shape;
    const takes =
      fields === undefined
        ? (account.enum?.join(' | ') ?? account.expected ?? '')
        : `a ${shapeOf(inner)} with`;
    const head = `${takes}${fields === undefined ? standsFor(account, inner === outer) : ''}`;
    return [
      ...hanging(theme.bold(name.padEnd(width)), width, indent, head, theme),
      ...hanging(' '.repeat(width), width, indent, account.description ?? '', theme).map(theme.dim),
      ...(fields === undefined ? [] : settingsLines(fields, indent + width + 2, theme)),
    ];
  });
}

function shapeOf({ shape, element }: Described): string {
  if (shape !== undefined) return 'map';
  return element === undefined ? 'map of names, each' : 'list of maps';
}

/** Names and what is to be said of each. */
function named(entries: readonly (readonly [string, string])[], indent: number, theme: Theme): string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.flatMap(([name, text]) =>
    hanging(theme.bold(name.padEnd(width)), width, indent, text, theme),
  );
}

/** What holds when the setting is left out. */
function standsFor({ omitted, constant }: Account, required: boolean): string {
  if (required) return ' (required)';
  if (constant !== undefined) return `, default from ${constant}: ${resolveConstant(constant).text}`;
  return omitted === undefined ? '' : `, default ${omitted}`;
}

/** A name, and beside it text over as many lines as it takes. */
function hanging(name: string, width: number, indent: number, text: string, theme: Theme): string[] {
  return wrapped(theme.plain(text), theme.width - indent - width - 2).map(
    (line, row) => `${' '.repeat(indent)}${row === 0 ? name : ' '.repeat(width)}  ${line}`,
  );
}

function operationLines(kind: KindDescription, theme: Theme): string[] {
  const { operations, roles } = kind;
  const lines =
    operations.from === 'kind'
      ? operations.names.map((name) => `  ${name}`)
      : operations.from === 'design'
        ? indented('those that the design writes under operations:', 2, theme)
        : operations.from === 'list'
          ? indented(`those that the design lists under ${operations.setting}:`, 2, theme)
          : indented(`those of the component that ${operations.setting} names, passed on to it`, 2, theme);
  if (roles.store !== undefined) {
    lines.push(
      ...indented(
        `read: … from it calls ${roles.store.read}, write: … to it calls ${roles.store.write}`,
        2,
        theme,
      ),
    );
  }
  if (roles.front !== undefined) {
    const { lookup, fill, drop } = roles.front;
    lines.push(
      ...indented(
        `read: … through it calls ${lookup}, and after a miss ${fill}; write: … invalidate it calls ${drop}`,
        2,
        theme,
      ),
    );
  }
  return lines;
}
