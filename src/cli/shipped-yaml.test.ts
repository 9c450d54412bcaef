import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { looksLikeDesign, snippetsOf } from '../../docs/snippets.ts';
import { kinds } from '../components/index.ts';
import { designJsonSchema } from '../design/index.ts';
import { newDesign } from './new-design.ts';

/**
 * Tenfold's reader forgives what other readers of YAML do not: a law without quotes. What comes with the
 * package is read by editors too, so it is YAML for all, and fits the JSON Schema that they check it with.
 */
const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const pages = ['README.md', 'docs/tutorial.md', 'docs/reference/language.md'];
const designs: [name: string, text: string][] = [
  ['url-shortener', textOf('systems/url-shortener/design.yaml')],
  ['what `new` writes', newDesign('shop')],
  ...pages.flatMap((page) =>
    snippetsOf(textOf(page), page)
      .filter((snippet) => looksLikeDesign(snippet) && !snippet.skip)
      .map(({ place, text }): [string, string] => [place, text]),
  ),
];

const schema = z.fromJSONSchema(
  designJsonSchema(kinds.map((kind) => kind.describe)) as Parameters<typeof z.fromJSONSchema>[0],
);

describe.each(designs)('%s', (_, text) => {
  test('is YAML for every reader, and fits the JSON Schema', () => {
    expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
  });
});

test('the schema refuses what is no design', () => {
  expect(schema.safeParse(parse('name: shop\ntrafic: {}\n')).success).toBe(false);
});
