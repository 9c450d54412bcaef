import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Edit, edited, editedText, readSource, SharedPlace } from '../design/index.ts';
import { nearestName } from '../quantities/index.ts';
import {
  type Advice,
  type AdviceReport,
  priceText,
  spelledTime,
  type TuningReport,
  withoutUnpriced,
} from '../report/index.ts';
import type { DesignSource } from './design-source.ts';
import { FaultyInput } from './faulty-input.ts';
import { write } from './report-output.ts';
import type { Shell } from './shell.ts';

type TextSource = Extract<DesignSource, { readonly form: 'text' }>;

/**
 * Complains about a design that cannot be written, before the work is done, not after.
 *
 * @throws FaultyInput
 */
export function checkApplicable(source: DesignSource, { io }: Shell): asserts source is TextSource {
  if (source.form === 'object') {
    throw new FaultyInput(
      `${source.file} is a module, and --apply writes YAML and JSON; make the change by hand`,
    );
  }
  if (!existsSync(resolve(io.cwd, source.file))) {
    throw new FaultyInput(
      `${source.file} is no file of yours that --apply could write; copy it to one first`,
    );
  }
}

/**
 * Makes a change that was advised in the file of the design, and adds a decision that says why, with what was measured.
 * All else in the file stays as it is.
 *
 * @param which the name of the change; true = the best
 * @throws FaultyInput when there is no such change, or the file cannot be changed without a change elsewhere in it
 */
export function apply(report: AdviceReport, which: string | true, source: DesignSource, shell: Shell): void {
  checkApplicable(source, shell);
  const advice = chosen(report, which);
  if (advice === null) {
    shell.io.stderr.write(`nothing in the catalogue helps: ${source.file} stays as it is\n`);
    return;
  }
  const { chose, over, sacrifices, cost } = advice;
  const record = {
    chose,
    over,
    because: [
      ...new Set([advice.because, ...advice.steps.map((step) => step.because), measured(advice, report)]),
    ].join('; '),
    costs: cost !== null && Math.abs(cost) < 0.005 ? sacrifices : `${priceText(cost)}; ${sacrifices}`,
  };
  change(source, advice.edits, record, shell);
}

/** Writes the best setting that was found into the file of the design, with a decision. */
export function applyTuning(report: TuningReport, source: DesignSource, shell: Shell): void {
  checkApplicable(source, shell);
  const { best, now, knobs } = report;
  const changed = knobs.flatMap(({ name, path, now: before, chosen }, k) =>
    chosen === null || chosen === before ? [] : [{ name, path, chosen, before, value: best!.values[k]! }],
  );
  if (best === null || changed.length === 0) {
    const why =
      best === null ? 'nothing that was tried keeps all goals' : 'it is the cheapest setting already';
    shell.io.stderr.write(`${why}: ${source.file} stays as it is\n`);
    return;
  }
  const record = {
    chose: changed.map(({ name, chosen }) => `${name} ${chosen}`).join(', '),
    over: changed.map(({ name, before }) => `${name} ${before ?? 'unsaid'}`).join(', '),
    because: `the cheapest of ${report.settings} settings simulated that keeps ${best.goals.length === 1 ? 'the goal' : 'all goals'} (seed ${report.seed})`,
    costs: `${priceText(best.cost, '')}${now?.cost == null ? '' : `, not ${priceText(now.cost, '')}`}${withoutUnpriced(report.unpriced)}`,
  };
  change(source, changed, record, shell);
}

/** Makes edits in a file and adds a decision at its end. */
function change(
  source: TextSource,
  edits: readonly Edit[],
  record: Readonly<Record<string, string>>,
  shell: Shell,
): void {
  const design = readSource(source.text, source.file).value;
  const { decisions } = design as { readonly decisions?: unknown };
  const decision: Edit = Array.isArray(decisions)
    ? { path: ['decisions', decisions.length], value: record }
    : { path: ['decisions'], value: [record] };
  const text = rewritten(source, design, [...edits, decision]);
  write(resolve(source.directory, basename(source.file)), text, shell);
  shell.io.stderr.write(`wrote ${source.file}: ${record['chose']}\n`);
}

function chosen({ advice, rejected }: AdviceReport, which: string | true): Advice | null {
  if (which === true) return advice[0] ?? null;
  const found = advice.find(({ name }) => name === which);
  if (found !== undefined) return found;
  const refused = rejected.find(({ name }) => name === which);
  if (refused !== undefined) throw new FaultyInput(`${which} does not help: ${refused.why}`);
  const names = advice.map(({ name }) => name);
  const near = nearestName(which, names);
  const lines = [`no change ${which} was advised`];
  if (near !== null) lines.push(`did you mean ${near}?`);
  lines.push(names.length === 0 ? 'none was' : `advised: ${names.join(', ')}`);
  throw new FaultyInput(lines.join('\n'));
}

/** @throws FaultyInput where the text cannot say it alone */
function rewritten(source: TextSource, design: unknown, edits: readonly Edit[]): string {
  try {
    const text = editedText(source.text, edits);
    const read = readSource(text, source.file).value;
    if (!isDeepStrictEqual(read, edited(design, edits))) {
      throw new FaultyInput(
        `${source.file} is written in a way that cannot be changed in one place; change it by hand`,
      );
    }
    return text;
  } catch (error) {
    if (!(error instanceof SharedPlace)) throw error;
    throw new FaultyInput(`${source.file}: ${error.message}; change it by hand`, { cause: error });
  }
}

/** What was measured, in a few words. */
function measured(
  { headroom, downtime }: Advice,
  { headroom: before, seed, scenario }: AdviceReport,
): string {
  const during = scenario === null ? '' : ` during ${scenario}`;
  const times = (value: number | null) => (value === null ? 'no load' : `${Number(value.toPrecision(3))}x`);
  if (headroom !== null) {
    const more = headroom.high === null ? ' or more' : '';
    return `simulated${during}, it holds up to ${times(headroom.low)} its load${more}, not ${times(before.low)} (seed ${seed})`;
  }
  return `down ${spelledTime(downtime!.after.value!)} a year, not ${spelledTime(downtime!.before.value!)} (seed ${seed})`;
}
