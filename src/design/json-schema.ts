import * as z from 'zod';
import type { KindDescription } from './kind.ts';
import { designSchema } from './schema.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Name by which editors and validators know the schema of a design. */
export const designSchemaId = 'urn:tenfold:design';

/**
 * The JSON Schema (2020-12) of a design file with these kinds of components, for editors: it completes keys,
 * words and kinds, and shows what each of them means. What it accepts may still be refused by the checks,
 * which read quantities and follow names.
 */
export function designJsonSchema(kinds: readonly KindDescription[]): JsonSchema {
  const schema = z.toJSONSchema(designSchema(kinds), {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => tellDefaults(jsonSchema as Record<string, unknown>),
  });
  const { $schema, ...rest } = schema as Record<string, unknown>;
  return { $schema, $id: designSchemaId, title: 'A Tenfold design', ...rest };
}

/** Writes what a field's account says into keywords that editors show. */
function tellDefaults(schema: Record<string, unknown>): void {
  const { expected, constant, omitted, description, ...rest } = schema;
  for (const key of ['expected', 'constant', 'omitted']) Reflect.deleteProperty(schema, key);
  const notes = [
    typeof expected === 'string' && rest['enum'] === undefined ? `Takes ${expected}.` : null,
    typeof constant === 'string' ? `Default: from the constant ${constant}.` : null,
    omitted === undefined ? null : `Default: ${String(omitted)}.`,
  ].filter((note) => note !== null);
  if (omitted !== undefined) schema['default'] = omitted;
  if (notes.length > 0) schema['description'] = [description, ...notes].join(' ');
}
