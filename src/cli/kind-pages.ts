import type { FieldAccount, KindDescription } from '../design/index.ts';
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
  const lines = [theme.bold(kind.name), ...indented(kind.summary, 2, theme), '', theme.bold('Settings')];
  for (const name of Object.keys(kind.settings.shape)) lines.push(...settingLines(kind, name, theme));
  lines.push('', theme.bold('Operations'), ...operationLines(kind, theme));
  lines.push(
    '',
    theme.bold('Example'),
    ...kind.example
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  );
  return `${lines.join('\n')}\n`;
}

const indented = (text: string, by: number, theme: Theme): string[] =>
  wrapped(theme.plain(text), theme.width - by).map((line) => ' '.repeat(by) + line);

/** What a field says of itself, through the `optional` around it. */
interface Described {
  meta?(): unknown;
  unwrap?(): Described;
  safeParse(value: unknown): Outcome;
}

interface Outcome {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly object[] };
}
type Meta = Partial<FieldAccount> & { readonly enum?: readonly string[] };

function settingLines(kind: KindDescription, name: string, theme: Theme): string[] {
  const field = kind.settings.shape[name] as Described;
  const inner = field.unwrap?.() ?? field;
  const account = (inner.meta?.() ?? {}) as Meta & { readonly description?: string };
  const required = inner === field;
  const head = `  ${theme.bold(name)}  ${takes(inner, account, theme)}  ${standsFor(account, required, theme)}`;
  return [head.trimEnd(), ...indented(account.description ?? '', 6, theme)];
}

/** What may be written: the words of a choice, else what the field itself says that it expects. */
function takes(field: Described, account: Meta, theme: Theme): string {
  if (account.enum !== undefined) return account.enum.join(' | ');
  const issue = field.safeParse(undefined).error?.issues[0] as { params?: { expected?: string } } | undefined;
  return theme.plain(issue?.params?.expected ?? '');
}

function standsFor(account: Meta, required: boolean, theme: Theme): string {
  if (required) return theme.warn('required');
  if (account.constant !== undefined) return theme.dim(`default: constant ${account.constant}`);
  return account.default === undefined ? '' : theme.dim(`default: ${account.default}`);
}

function operationLines(kind: KindDescription, theme: Theme): string[] {
  const { operations, roles } = kind;
  const lines =
    operations.from === 'kind'
      ? operations.names.map((name) => `  ${name}`)
      : operations.from === 'design'
        ? indented('those that the design writes under operations:', 2, theme)
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
