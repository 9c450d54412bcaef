/** Module hooks behind typescript.js: they run on Node's loader thread, of every process and thread their own. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the files of this checkout were turned into: the compiler takes seconds for all of them, at every start. */
const cache = `${root}node_modules/.cache/typescript-hooks/`;
const compiler = JSON.parse(await readFile(`${root}node_modules/typescript/package.json`, 'utf8')).version;
/** This file says how the compiler is called. */
const how = await readFile(new URL(import.meta.url), 'utf8');

/** Turns a `.ts` file into JavaScript; every other module is left to Node. */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const fileName = fileURLToPath(url);
  const text = await readFile(fileName, 'utf8');
  return { format: 'module', source: await scriptOf(fileName, text), shortCircuit: true };
}

async function scriptOf(fileName, text) {
  const path = relative(root, fileName);
  const isOurs = !path.startsWith('..') && !path.startsWith(`dist${sep}`);
  if (!isOurs) return transpiled(fileName, text);
  const kept = `${cache}${path}.js`;
  const of = createHash('sha256').update(`${compiler}\n${how}\n${fileName}\n${text}`).digest('hex');
  const found = await readFile(kept, 'utf8').catch(() => '');
  if (found.startsWith(of)) return found.slice(of.length);
  const script = await transpiled(fileName, text);
  await keep(kept, of + script).catch(() => undefined);
  return script;
}

/** Other processes find the file whole or not at all. */
async function keep(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

/** The compiler is loaded by the first file that needs it. */
async function transpiled(fileName, text) {
  const { default: ts } = await import('typescript');
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
    inlineSourceMap: true,
  };
  return ts.transpileModule(text, { compilerOptions, fileName }).outputText;
}
