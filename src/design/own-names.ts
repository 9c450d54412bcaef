import * as z from 'zod';
import { callOptions } from './call-options.ts';
import { reportRefusal } from './issues.ts';
import { type Outline, visitSteps } from './outline.ts';
import { type OwnBlocks, ownNames } from './own-blocks.ts';
import { isMap, type Path } from './path.ts';
import type { Problems } from './problems.ts';
import { type BlockTheme, blockField, refuseWord } from './word-fields.ts';

/** Reports every word that stands where a block is named, and names neither a built-in one nor one of these. */
export function checkBlockNames(outline: Outline, blocks: OwnBlocks, problems: Problems): void {
  const look = (fields: Fields, written: Readonly<Record<string, unknown>>, path: Path): void => {
    for (const { theme, words, value, at } of blocksNamed(fields, written, path)) {
      const known = [...words, ...ownNames(blocks, theme)];
      if (known.includes(value)) continue;
      const refusal = refuseWord(value, known);
      reportRefusal(refusal, refusal.expected, at, value, problems);
    }
  };
  for (const { name, kind, settings, written } of outline.components.values()) {
    const path: Path = ['components', name];
    if (kind !== null) look(kind.settings.shape, settings, path);
    for (const [operation, steps] of written) {
      visitSteps(steps, [...path, 'operations', operation], (step, at) => look(callOptions, step, at));
    }
  }
}

type Fields = Readonly<Record<string, z.core.$ZodType>>;

interface NamedBlock {
  readonly theme: BlockTheme;
  /** Names of the built-in ones. */
  readonly words: readonly string[];
  readonly value: string;
  readonly at: Path;
}

function* blocksNamed(
  fields: Fields,
  written: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<NamedBlock> {
  for (const [key, schema] of Object.entries(fields)) {
    const value = written[key];
    if (value === undefined) continue;
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const at = [...path, key];
    const named = blockField(inner);
    if (named !== undefined) {
      if (typeof value === 'string') yield { ...named, value, at };
    } else if (inner instanceof z.ZodObject && isMap(value)) {
      yield* blocksNamed(inner.shape, value, at);
    } else if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject && Array.isArray(value)) {
      const { shape } = inner.element;
      for (const [index, each] of value.entries()) {
        if (isMap(each)) yield* blocksNamed(shape, each, [...at, index]);
      }
    }
  }
}
