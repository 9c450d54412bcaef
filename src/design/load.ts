import { parseDistribution } from '../quantities/index.ts';
import { checkDesign } from './check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type InputNumber, inputsOf, type Revise } from './inputs.ts';
import type { KindDescription } from './kind.ts';
import { readObject } from './object.ts';
import { type OwnBlocks, requireOwnBlocks } from './own-blocks.ts';
import { type Path, withValueAt } from './path.ts';
import type { Plan, Replan } from './plan.ts';
import { collectProblems, type Problems } from './problems.ts';
import { ReadLaw } from './quantity-fields.ts';
import { type NumbersOfLine, readRates } from './read-rates.ts';
import { readSource, type Source } from './source.ts';

/** What became of a design: a plan where there is no error, and in any case all that there is to say. */
export interface LoadedDesign {
  /** null when the design has an error. */
  readonly plan: Plan | null;
  /** Plans the same design with other values of named constants; null when the design has an error. */
  readonly replan: Replan | null;
  /** Plans the design with another value of one of its inputs; null when the design has an error. */
  readonly revise: Revise | null;
  /** Its numbers as they are written; none when the design has an error. */
  readonly inputs: readonly InputNumber[];
  /** Errors and warnings, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What loading needs beside the design. */
export interface LoadOptions {
  /** The kinds of components that the design may use. */
  readonly kinds: readonly KindDescription[];
  /** Blocks of the user's own that the design may name beside the built-in ones. */
  readonly blocks?: OwnBlocks;
  /** Gives the numbers of a file that `empirical(file: …)` or `rates` names, or throws; without it, no file is read. */
  readonly readNumbers?: (path: string) => readonly NumbersOfLine[];
  /** Profile of constants to use instead of the one that the design names. */
  readonly profile?: string;
}

/**
 * Reads, checks and plans a design in YAML.
 *
 * Never throws on a faulty text, however hostile: what is wrong comes back as diagnostics, all at once, each
 * with its line and column. Time and memory are bounded (a text of more than 1,000,000 characters is refused).
 *
 * @param options.file the name that diagnostics give as their place
 * @throws TypeError or RangeError when `options.blocks` cannot be
 */
export function loadDesign(text: string, options: LoadOptions & { readonly file: string }): LoadedDesign {
  return load(readSource(text, options.file), options);
}

/**
 * Checks and plans a design that is an object already. Diagnostics have paths instead of lines.
 *
 * @throws TypeError or RangeError when `options.blocks` cannot be
 */
export function loadDesignObject(object: unknown, options: LoadOptions): LoadedDesign {
  return load(readObject(object), options);
}

function load(
  { value, problems }: Source,
  { kinds, blocks = {}, readNumbers, profile }: LoadOptions,
): LoadedDesign {
  const profiled = profile !== undefined && isMap(value) ? { ...value, profile } : value;
  const filled = readNumbers === undefined ? profiled : fillInFiles(profiled, [], readNumbers, problems);
  const own = requireOwnBlocks(blocks);
  const checked = checkDesign(filled, kinds, problems, own);
  const diagnostics = problems.list();
  if (problems.errors > 0 || checked === null) {
    return { plan: null, replan: null, revise: null, inputs: [], diagnostics };
  }
  const revise: Revise = (path, other) => {
    const refusals = collectProblems(null, () => null);
    const revised = checkDesign(withValueAt(filled, path, other), kinds, refusals, own);
    return refusals.errors > 0 ? null : (revised?.plan ?? null);
  };
  return { ...checked, revise, inputs: inputsOf(filled), diagnostics };
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const fileLaw = /^\s*empirical\s*\(\s*file\s*:/;

/** Whether a path is that of a file of rates: `scenarios.….traffic.….rates`. */
const namesRates = (path: Path): boolean =>
  path.length === 5 && path[0] === 'scenarios' && path[2] === 'traffic' && path[4] === 'rates';

/** Replaces every law that names a file by the law of the file's numbers, and a file of rates by its rates. */
function fillInFiles(
  value: unknown,
  path: Path,
  read: (file: string) => readonly NumbersOfLine[],
  problems: Problems,
): unknown {
  if (typeof value === 'string' && fileLaw.test(value)) {
    const law = parseDistribution(value, 'time', (file) => read(file).flatMap(({ numbers }) => numbers));
    if (law.ok) return new ReadLaw(law.value);
    problems.report({ ...law, path, message: 'the values of this file cannot be used' });
    return new ReadLaw({ law: 'constant', value: 0 });
  }
  if (typeof value === 'string' && namesRates(path)) return readRates(value, path, read, problems);
  if (Array.isArray(value))
    return value.map((item, index) => fillInFiles(item, [...path, index], read, problems));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillInFiles(item, [...path, key], read, problems)]),
  );
}
