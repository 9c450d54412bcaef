/**
 * Lets Node run the TypeScript of bench/ and validation/ as it stands, without a build:
 * `node --import ./scripts/typescript.js bench/main.ts`. Types are stripped, not checked
 * (`npm run check:types` does that). Worker threads inherit it.
 * Node 22.18 and later strip types themselves; this file goes when Node 20 does.
 */
import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
process.setSourceMapsEnabled(true);
