import type * as z from 'zod';
import type { FieldRefusal } from './field.ts';
import { showValue } from './field.ts';
import { didYouMean, listNames } from './outline.ts';
import { isMap, type Path, valueAt } from './path.ts';
import type { Problems } from './problems.ts';
import { faultUnion, faultVerbs, verbsSaid } from './scenario.ts';
import { stepVerbs, unionNames } from './step.ts';
import { sectionMark } from './word-fields.ts';

type Issue = z.core.$ZodIssue;

/** Reports what the schema found wrong with a design, in the words of the language. */
export function reportIssues(issues: readonly Issue[], design: unknown, problems: Problems): void {
  for (const issue of issues) reportIssue(issue, [], design, problems);
}

function reportIssue(issue: Issue, above: Path, design: unknown, problems: Problems): void {
  const path = [...above, ...(issue.path as (string | number)[])];
  const value = valueAt(design, path);
  switch (issue.code) {
    case 'custom':
      reportRefusal((issue.params ?? {}) as Partial<FieldRefusal>, issue.message, path, value, problems);
      return;
    case 'unrecognized_keys':
      reportUnknownKeys(issue.keys, issue.message, path, problems);
      return;
    case 'invalid_union':
      reportUnion(issue, path, value, design, problems);
      return;
    case 'invalid_type':
      reportType(value, typeWords[issue.expected] ?? issue.expected, path, problems);
      return;
    case 'too_small':
      problems.report({
        code: 'out-of-range',
        path,
        message: Array.isArray(value) ? `\`${path.at(-1)}\` is empty` : issue.message,
        found: showValue(value),
        expected: Array.isArray(value) ? 'at least one item' : null,
      });
      return;
    default:
      // A user's own kind may use any check of the schema library.
      problems.report({ code: 'wrong-type', path, message: issue.message, found: showValue(value) });
  }
}

/** The sort of a value, in the words of the language. */
function sortOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'number' ? 'a number' : String(value);
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a map of keys and values',
  record: 'a map of names and what belongs to each',
  array: 'a list: items behind dashes, or within [ ]',
  string: 'a text',
  number: 'a number',
};

/** Reports what a field refused, at its place. */
export function reportRefusal(
  refusal: Partial<FieldRefusal>,
  message: string,
  path: Path,
  value: unknown,
  problems: Problems,
): void {
  const { code = 'wrong-type', found, expected, hint } = refusal;
  if (code === 'missing-key') {
    reportMissing(path, expected ?? null, problems);
    return;
  }
  const key = String(path.at(-1) ?? 'the design');
  problems.report({
    code,
    ...(refusal.key === undefined ? { path } : { path: [...path, refusal.key], at: 'key' }),
    message:
      refusal.message ??
      refusalWords(refusal, typeof path.at(-1) === 'number' ? 'this item' : `\`${key}\``, message, value),
    found,
    expected,
    hint,
  });
}

function refusalWords(
  { code = 'wrong-type', found }: Partial<FieldRefusal>,
  key: string,
  message: string,
  value: unknown,
): string {
  switch (code) {
    case 'wrong-type':
      return `${key} cannot be ${sortOf(value)}`;
    case 'unit-mismatch':
      return `${key} has the wrong unit`;
    case 'not-a-quantity':
      return `${key} cannot be read`;
    case 'out-of-range':
      return `${key} is out of range`;
    case 'unknown-value':
      return `${key} has no choice \`${found}\``;
    case 'range-where-exact':
      return `${key} takes one number, not a range`;
    default:
      return message;
  }
}

function reportMissing(
  path: Path,
  expected: string | null,
  problems: Problems,
  hint: string | null = null,
): void {
  problems.report({
    code: 'missing-key',
    path,
    at: 'key',
    message: `\`${path.at(-1) ?? 'a value'}\` is missing here`,
    expected,
    hint,
  });
}

function reportType(value: unknown, expected: string, path: Path, problems: Problems): void {
  if (value === undefined) {
    reportMissing(path, expected, problems);
    return;
  }
  const key =
    path.length === 0 ? 'a design' : typeof path.at(-1) === 'number' ? 'this item' : `\`${path.at(-1)}\``;
  const message =
    value === null && path.length > 0
      ? `nothing is written under ${key}`
      : `${key} cannot be ${sortOf(value)}`;
  problems.report({
    code: 'wrong-type',
    path,
    message,
    found: value === null ? null : showValue(value),
    expected,
  });
}

function reportUnknownKeys(keys: readonly string[], message: string, path: Path, problems: Problems): void {
  const section = readSection(message);
  for (const key of keys) {
    problems.report({
      code: 'unknown-key',
      path: [...path, key],
      at: 'key',
      message: `\`${showValue(key)}\` is not a key of ${section?.what ?? 'this map'}`,
      expected: section === null ? null : listNames(section.keys, 'no keys'),
      hint: section !== null && problems.hintsWanted ? keyHint(key, section) : null,
    });
  }
}

function keyHint(key: string, { keys, inner }: Section): string | null {
  // Within { } a comma ends the number before it.
  if (/^\d{3}\b/.test(key)) return 'write numbers without commas: 10k, 10_000';
  const within = inner.filter((each) => each.endsWith(`.${key}`));
  return didYouMean(key, keys) ?? (within.length === 1 ? `did you mean \`${within[0]}\`?` : null);
}

interface Section {
  readonly what: string;
  readonly keys: readonly string[];
  /** Keys of the maps within, each with the way to it. */
  readonly inner: readonly string[];
}

function readSection(message: string): Section | null {
  return message.startsWith(sectionMark) ? JSON.parse(message.slice(sectionMark.length)) : null;
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

function reportUnion(
  issue: UnionIssue,
  path: Path,
  value: unknown,
  design: unknown,
  problems: Problems,
): void {
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    reportKind(issue, path, value, design, problems);
  } else if (issue.message === unionNames.step) {
    reportVerb(steps, issue, path, value, design, problems);
  } else if (issue.message === faultUnion) {
    reportVerb(faults, issue, path, value, design, problems);
  } else {
    const fitting = issue.errors.find((issues) => !issues.some(isTypeAtTop));
    if (fitting === undefined) {
      const words = issue.message === 'Invalid input' ? 'a value of another sort' : issue.message;
      reportType(value, words, path, problems);
    } else {
      for (const each of fitting) reportIssue(each, path, design, problems);
    }
  }
}

/** True for an alternative that is of another sort altogether than the value. */
function isTypeAtTop(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union')
    return issue.errors.length > 0 && issue.errors.every((each) => each.some(isTypeAtTop));
  return (
    issue.code === 'invalid_type' || (issue.code === 'custom' && issue.params?.['code'] === 'wrong-type')
  );
}

function reportKind(
  issue: UnionIssue,
  path: Path,
  value: unknown,
  design: unknown,
  problems: Problems,
): void {
  const kinds = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const expected = `one of ${listNames(kinds, 'no kinds')}`;
  if (value === undefined) {
    const component = valueAt(design, path.slice(0, -1));
    const called = isMap(component) && Object.hasOwn(component, 'type') ? 'write `kind` for `type`' : null;
    reportMissing(path, expected, problems, called);
    return;
  }
  problems.report({
    code: 'unknown-kind',
    path,
    message: `there is no kind \`${showValue(value)}\``,
    expected,
    hint: didYouMean(String(value), kinds),
  });
}

/** Alternatives that are told apart by which of some words is written. */
interface Verbs {
  readonly what: string;
  readonly all: readonly string[];
  /** Which of them a map with these keys says. */
  readonly said: (keys: readonly string[]) => readonly string[];
  readonly example: string;
}

const steps: Verbs = {
  what: 'step',
  all: stepVerbs,
  said: (keys) => stepVerbs.filter((verb) => keys.includes(verb)),
  example: 'compute: 10ms',
};
const faults: Verbs = {
  what: 'fault',
  all: faultVerbs,
  said: verbsSaid,
  example: '{ at: 60s, crash: api, for: 30s }',
};

function reportVerb(
  { what, all, said: saidBy, example }: Verbs,
  issue: UnionIssue,
  path: Path,
  value: unknown,
  design: unknown,
  problems: Problems,
): void {
  if (!isMap(value)) {
    reportType(value, `a ${what}, such as \`${example}\``, path, problems);
    return;
  }
  const keys = Object.keys(value);
  const said = saidBy(keys);
  const [verb] = said;
  if (said.length === 1 && verb !== undefined) {
    for (const each of issue.errors[all.indexOf(verb)] ?? []) reportIssue(each, path, design, problems);
    return;
  }
  problems.report({
    code: 'unknown-step',
    path,
    message:
      said.length === 0
        ? `this ${what} says nothing that a ${what} can do`
        : `this ${what} says more than one thing: ${said.join(', ')}`,
    found: said.length === 0 ? listNames(keys, 'an empty map') : null,
    expected:
      said.length === 0 ? `one of ${all.join(', ')}` : `one of them; each ${what} is an item of the list`,
    hint: said.length === 0 ? didYouMean(keys[0] ?? '', all) : null,
  });
}
