import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kinds } from '../../src/components/index.ts';
import { codes, formatDiagnostics, loadDesign, loadDesignObject } from '../../src/design/index.ts';

const page = readFileSync(new URL('./diagnostics.md', import.meta.url), 'utf8');
const options = { kinds: kinds.map((kind) => kind.describe) };

interface Snippet {
  readonly whole: boolean;
  readonly text: string;
}

const base = parse(/```yaml base\n(.*?)```/s.exec(page)?.[1] ?? '');

const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [code = '', ...lines] = section.split('\n');
    const body = lines.join('\n');
    const snippets = [...body.matchAll(/```yaml( file)?\n(.*?)```/gs)].map(
      ([, whole, text = '']): Snippet => ({ whole: whole !== undefined, text }),
    );
    return { code, body, snippets };
  });

function load({ whole, text }: Snippet) {
  if (whole) return loadDesign(text, { file: 'page.yaml', ...options });
  // What only the text can say is said by the text alone: a key twice, or no word at all.
  const alone = loadDesign(text, { file: 'page.yaml', ...options });
  const textual = alone.diagnostics.filter(({ code }) =>
    ['duplicate-key', 'bad-key', 'forbidden-key'].includes(code),
  );
  const part = parse(text, { uniqueKeys: false }) as Record<string, object>;
  const merged = { ...base };
  for (const [key, value] of Object.entries(part)) merged[key] = { ...base[key], ...value };
  const { plan, diagnostics } = loadDesignObject(merged, options);
  return { plan, diagnostics: [...textual, ...diagnostics] };
}

test('every code is on the page and every code of the page exists, in one order', () => {
  expect(sections.map(({ code }) => code)).toEqual(Object.keys(codes));
});

test('the design of the page has no problem', () => {
  expect(loadDesignObject(base, options).diagnostics).toEqual([]);
});

test('the message that the page shows is what is printed', () => {
  const text =
    /```yaml base\n(.*?)```/s
      .exec(page)?.[1]
      ?.replace('edge.view', 'edge.veiw')
      .replace('\n', '\n\n\n\n\n') ?? '';
  const { diagnostics } = loadDesign(text, { file: 'shop.yaml', ...options });
  expect(page).toContain(formatDiagnostics(diagnostics, text));
});

describe.each(sections)('$code', ({ code, body, snippets }) => {
  test('says how grave it is and what it means', () => {
    const { severity, meaning } = codes[code as keyof typeof codes];
    expect(body).toContain(`**${severity}** · ${meaning}\n`);
    expect(body).toMatch(/Mend: /);
  });

  const [example, mend] = snippets;
  if (example === undefined) return;
  test('the example provokes it and the mend heals it', () => {
    const found = load(example).diagnostics.map((each) => each.code);
    expect(found).toContain(code);
    if (mend === undefined) return;
    const healed = load(mend);
    expect(healed.plan).not.toBeNull();
    expect(healed.diagnostics.map((each) => each.code)).not.toContain(code);
  });
});
