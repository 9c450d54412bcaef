/**
 * Writes dist/design.schema.json, the JSON Schema that editors complete and check designs with.
 * Part of `npm run build`; reads the compiled sources.
 */
import { writeFileSync } from 'node:fs';
import { kinds } from '../dist/components/index.js';
import { designJsonSchema } from '../dist/design/index.js';

const schema = designJsonSchema(kinds.map((kind) => kind.describe));
const target = new URL('../dist/design.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(schema, null, 2)}\n`);
