/**
 * The fenced code blocks of the documentation, as the tests run them. Words after the language of a fence,
 * which no reader sees, say what else there is to know:
 *
 * - a file name (`shop.yaml`): later commands of the page find the block under this name;
 * - `exit=1`: the commands end with this status, instead of 0;
 * - `skip`: not run, because it shows a fault, takes long, or needs what a test has not.
 */
export interface Snippet {
  /** File and line of the fence. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  readonly fileName: string | null;
  readonly exitStatus: number;
  readonly skip: boolean;
}

/** All fenced blocks of a Markdown text, in order; the marks of a fence inside a list are taken off. */
export function snippetsOf(markdown: string, file: string): Snippet[] {
  const snippets: Snippet[] = [];
  let open: { indent: string; fence: string; info: string; line: number; text: string[] } | null = null;
  for (const [at, line] of markdown.split('\n').entries()) {
    if (open === null) {
      const start = /^(\s*)(`{3,})(.*)$/.exec(line);
      if (start !== null) {
        open = { indent: start[1]!, fence: start[2]!, info: start[3]!.trim(), line: at + 1, text: [] };
      }
    } else if (line.trim() === open.fence) {
      snippets.push(snippet(`${file}:${open.line}`, open.info, open.text));
      open = null;
    } else open.text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
  }
  return snippets;
}

function snippet(place: string, info: string, lines: readonly string[]): Snippet {
  const [language = '', ...words] = info.split(/\s+/);
  const exit = words.find((word) => word.startsWith('exit='));
  return {
    place,
    language,
    text: `${lines.join('\n')}\n`,
    fileName: words.find((word) => /^[\w-]+\.\w+$/.test(word)) ?? null,
    exitStatus: exit === undefined ? 0 : Number(exit.slice('exit='.length)),
    skip: words.includes('skip'),
  };
}

/** A YAML block that is a whole design, rather than a part of one. */
export function looksLikeDesign({ language, text }: Snippet): boolean {
  return language === 'yaml' && /^name:/m.test(text) && /^components:/m.test(text);
}

/** The arguments of the `npx tenfold` commands of a shell block, without comments; lines that end in `\` are joined. */
export function commandsOf({ language, text }: Snippet): string[][] {
  if (language !== 'sh') return [];
  return text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .split(' && '),
    )
    .flatMap((command) => {
      const [npx, tenfold, ...args] = command.trim().split(/\s+/);
      return npx === 'npx' && tenfold === 'tenfold' ? [args] : [];
    });
}

/** What makes a command that simulates do as little as shows that it runs; a later option counts. */
const briefest: Readonly<Record<string, readonly string[]>> = {
  simulate: ['--replications', '2'],
  report: ['--replications', '2'],
  compare: ['--pairs', '3'],
  tune: [],
  stress: ['--precision', '60%', '--most', '1.5x'],
  advise: ['--precision', '60%', '--most', '1.5x'],
  history: ['--precision', '60%', '--most', '1.5x'],
};

/**
 * The arguments with those added that make the command brief: how exact its figures are is no matter of the page.
 * Without any, the command is quick as it is.
 */
export function briefly(args: readonly string[]): readonly string[] {
  const more = args.includes('--goals') ? ['--precision', '50%'] : briefest[args[0]!];
  if (more === undefined) return args;
  return [...args, ...more, ...(args.includes('--workers') ? [] : ['--workers', '1'])];
}
