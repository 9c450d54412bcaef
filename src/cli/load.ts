import { resolve } from 'node:path';
import { type KindParts, kindParts } from '../components/index.ts';
import {
  type Diagnostic,
  formatDiagnostics,
  type InputNumber,
  type LoadedDesign,
  loadDesign,
  loadDesignObject,
  type NumbersOfLine,
  type Plan,
  type Replan,
  type Revise,
  readSource,
} from '../design/index.ts';
import type { Changeable } from '../explain/index.ts';
import { type DesignSource, findDesign } from './design-source.ts';
import { exitStatus } from './exit-status.ts';
import { nothingOwn, type OwnParts } from './own-module.ts';
import { textAt } from './revision.ts';
import type { Shell } from './shell.ts';
import { parseNumbers, readNumbers } from './values-file.ts';

/** What became of a design that was asked for. */
export interface Loaded {
  readonly source: DesignSource;
  /** null when the design has errors. */
  readonly plan: Plan | null;
  readonly replan: Replan | null;
  readonly revise: Revise | null;
  readonly inputs: readonly InputNumber[];
  readonly diagnostics: readonly Diagnostic[];
  readonly kinds: KindParts;
  /** Loads another design as this one was: with its kinds, its blocks and its files. */
  readonly loadAnother: (design: unknown) => LoadedDesign;
}

/** A design that can be run, and what runs it. */
export interface LoadedPlan {
  readonly plan: Plan;
  readonly replan: Replan;
  readonly revise: Revise;
  readonly inputs: readonly InputNumber[];
  readonly kinds: KindParts;
  readonly own: OwnParts;
  /** Address of the module that `own` comes from; null where nothing does. */
  readonly module: string | null;
  readonly source: DesignSource;
  /** The design as plain values, to be changed, and what loads it then. */
  readonly changeable: Changeable;
}

/** Finds and reads a design. Nothing is printed. */
export async function load(name: string, profile: string | undefined, shell: Shell): Promise<Loaded> {
  const source = await findDesign(name, shell.io);
  const { kinds: ownKinds, blocks } = ownOf(source);
  const kinds = kindParts(ownKinds);
  const options = {
    kinds: kinds.described,
    blocks,
    readNumbers: (file: string) => numbersOf(source, resolve(source.directory, file)),
    ...(profile === undefined ? {} : { profile }),
  };
  const loaded =
    source.form === 'text'
      ? loadDesign(source.text, { ...options, file: source.file })
      : loadDesignObject(source.value, options);
  const loadAnother = (design: unknown) => loadDesignObject(design, options);
  return { source, kinds, loadAnother, ...loaded };
}

/** The numbers of a file beside a design, at the revision that the design is taken from. */
function numbersOf(source: DesignSource, path: string): NumbersOfLine[] {
  if (source.form !== 'text' || source.revision === undefined) return readNumbers(path);
  const text = textAt(source.revision, path);
  if (text === null) throw new Error('there is no such file at this revision');
  return parseNumbers(text);
}

function ownOf(source: DesignSource): OwnParts {
  return source.form === 'object' ? source.own : nothingOwn;
}

/**
 * Reads a design for a command that needs its plan. Problems go to standard error; with an error among
 * them the exit status is set and null comes back.
 */
export async function loadPlan(
  name: string,
  profile: string | undefined,
  shell: Shell,
): Promise<LoadedPlan | null> {
  const loaded = await load(name, profile, shell);
  printDiagnostics(loaded, shell);
  const plan = planOf(loaded);
  if (plan === null) shell.status = exitStatus.faulty;
  return plan;
}

/** What can be run of a design that was read; null where it has errors. */
export function planOf({
  plan,
  replan,
  revise,
  inputs,
  kinds,
  source,
  loadAnother,
}: Loaded): LoadedPlan | null {
  if (plan === null || replan === null || revise === null) return null;
  const module = source.form === 'object' ? source.module : null;
  const design = source.form === 'object' ? source.value : readSource(source.text, source.file).value;
  const changeable = { design, load: loadAnother };
  return { plan, replan, revise, inputs, kinds, own: ownOf(source), module, source, changeable };
}

/** Prints the problems of a design and how many they are on standard error. */
export function printDiagnostics({ source, diagnostics }: Loaded, shell: Shell): void {
  if (diagnostics.length === 0) return;
  const { stderr } = shell.io;
  const text = formatDiagnostics(diagnostics, source.form === 'text' ? source.text : undefined);
  stderr.write(
    `${shell.dress(stderr).colour ? painted(text) : text}\n\n${tally(diagnostics)} in ${source.file}\n`,
  );
}

function tally(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const count = (number: number, word: string) =>
    number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  return [...count(errors, 'error'), ...count(diagnostics.length - errors, 'warning')].join(' and ');
}

const ESCAPE = '\u001b';

/** Severities and carets in colour. */
function painted(text: string): string {
  return text
    .replace(/ error\[[\w-]+\]/g, (match) => `${ESCAPE}[31m${match}${ESCAPE}[39m`)
    .replace(/ warning\[[\w-]+\]/g, (match) => `${ESCAPE}[33m${match}${ESCAPE}[39m`)
    .replace(
      /^( +\| +)(\^+)$/gm,
      (_, lead: string, carets: string) => `${lead}${ESCAPE}[36m${carets}${ESCAPE}[39m`,
    );
}
