import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearestName } from '../quantities/index.ts';
import { FaultyInput } from './faulty-input.ts';
import type { Io } from './io.ts';
import { type OwnParts, ownPartsOf } from './own-module.ts';
import { checkRegular, readRegularFile } from './regular-file.ts';
import { type AtRevision, atRevision } from './revision.ts';

/** A design as it was found: a text still to be read, or the object that a module gave. */
export type DesignSource =
  | {
      readonly form: 'text';
      readonly file: string;
      readonly directory: string;
      readonly text: string;
      /** Where it was taken from a revision in git: files that it names are too. */
      readonly revision?: AtRevision;
    }
  | {
      readonly form: 'object';
      readonly file: string;
      readonly directory: string;
      readonly value: unknown;
      /** Address of the module, for threads that import it too. */
      readonly module: string;
      readonly own: OwnParts;
    };

/** The package's own folder of ready systems; this file is two floors below the root, built or not. */
const SYSTEMS = fileURLToPath(new URL('../../systems/', import.meta.url));
const TEXT_ENDINGS = ['.yaml', '.yml', '.json'];
const MODULE_ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts'];

/** Names of the ready systems that come with the package. */
export function readySystems(): string[] {
  if (!existsSync(SYSTEMS)) return [];
  return readdirSync(SYSTEMS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(SYSTEMS, entry.name, 'design.yaml')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Finds what `<design>` on the command line means: `-` for standard input, a file, a folder with a
 * `design.yaml` in it, the name of a ready system, or that and a further design of it, such as
 * `scaling-ladder/4-cache`; or a file at a revision in git, such as `shop.yaml@HEAD~1`.
 *
 * @throws FaultyInput when there is no such thing
 */
export async function findDesign(name: string, io: Io): Promise<DesignSource> {
  if (name === '-') {
    return { form: 'text', file: '<stdin>', directory: io.cwd, text: await io.readStdin() };
  }
  if (name.trim() === '') throw new FaultyInput('the name of the design is empty');
  const path = resolve(io.cwd, name);
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return fromFile(name, path);
    const inside = join(path, 'design.yaml');
    if (existsSync(inside)) return fromFile(join(name, 'design.yaml'), inside);
    if (!readySystems().includes(name))
      throw new FaultyInput(`${name} is a folder without a design.yaml in it`);
  }
  const [system = '', further = 'design', ...deeper] = name.split('/');
  if (readySystems().includes(system) && deeper.length === 0) {
    const file = join(SYSTEMS, system, `${further}.yaml`);
    if (existsSync(file)) return fromFile(shortest(file, system), file);
  }
  const revised = atRevision(name, (file) => resolve(io.cwd, file));
  if (revised !== null) return fromRevision(name, revised);
  throw new FaultyInput(notFound(name, io));
}

function fromRevision(
  name: string,
  { text, ...revision }: AtRevision & { readonly text: string },
): DesignSource {
  if (MODULE_ENDINGS.includes(extname(revision.path).toLowerCase())) {
    throw new FaultyInput(
      `${name}: only designs in YAML or JSON can be read at a revision; a module imports others`,
    );
  }
  return { form: 'text', file: name, directory: dirname(revision.path), text, revision };
}

/** A ready system is named by its place in the package, not by where the package happens to be installed. */
const shortest = (file: string, name: string): string => join('systems', name, basename(file));

async function fromFile(file: string, path: string): Promise<DesignSource> {
  const directory = resolve(path, '..');
  const ending = extname(path).toLowerCase();
  if (MODULE_ENDINGS.includes(ending)) {
    reading(file, () => checkRegular(statSync(path)));
    const module = pathToFileURL(path).href;
    return { form: 'object', file, directory, module, ...(await exportsOf(file, module)) };
  }
  if (!TEXT_ENDINGS.includes(ending) && ending !== '') {
    const known = [...TEXT_ENDINGS, ...MODULE_ENDINGS].join(', ');
    throw new FaultyInput(`${file}: a design has one of the endings ${known}`);
  }
  return { form: 'text', file, directory, text: reading(file, () => readRegularFile(path)) };
}

/** What comes of reading a file; where that fails, the input is faulty. */
function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new FaultyInput(`${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

async function exportsOf(
  file: string,
  href: string,
): Promise<{ readonly value: unknown; readonly own: OwnParts }> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(href);
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new FaultyInput(
        `${file}: Node ${process.versions.node} cannot load TypeScript. Use Node 22.18 or later, which can; or compile the file to .mjs; or install tsx and run NODE_OPTIONS="--import tsx" tenfold …`,
        { cause: error },
      );
    }
    throw new FaultyInput(`${file} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
  if (module['default'] === undefined) {
    throw new FaultyInput(`${file} has no default export; write: export default defineDesign({ … })`);
  }
  try {
    return { value: module['default'], own: ownPartsOf(module) };
  } catch (error) {
    throw new FaultyInput(`${file}: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function notFound(name: string, io: Io): string {
  const systems = readySystems();
  const here = designsIn(io.cwd);
  const near = nearestName(name, [...systems, ...here]) ?? here.find((file) => file.startsWith(`${name}.`));
  const lines = [`no design ${name}: there is no such file, and no ready system of that name`];
  if (near !== undefined && near !== null) lines.push(`did you mean ${near}?`);
  if (systems.length > 0) lines.push(`ready systems: ${systems.join(', ')}`);
  return lines.join('\n');
}

function designsIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => ['.yaml', '.yml'].includes(extname(file)));
  } catch {
    return [];
  }
}
