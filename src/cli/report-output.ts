import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  orderedReport,
  type RenderOptions,
  type Report,
  renderComparison,
  renderReport,
  reportToJson,
} from '../report/index.ts';
import { statusOf } from './exit-status.ts';
import { FaultyInput } from './faulty-input.ts';
import type { Shell } from './shell.ts';

/** A report to hand to the user, and how. */
export interface Delivery {
  readonly report: Report;
  /** The estimate to lay beside a simulation. */
  readonly beside?: Report | undefined;
  readonly explain?: boolean;
  readonly options: { readonly json?: true; readonly output?: string };
}

/**
 * Prints a report on standard output and, where asked, writes it to a file; says on standard error which
 * goals stand in the way of status 0, and sets the status.
 *
 * @throws FaultyInput when the file cannot be written
 */
export function deliver(delivery: Delivery, shell: Shell): void {
  const { report, options } = delivery;
  const faces: Faces = { text: (dress) => asText(delivery, dress), json: () => asJson(delivery) };
  shell.status = statusOf(report);
  show(faces, options, shell);
  announceGoals(report, shell);
  save(faces, options, shell);
}

/** A result as a page for people, and as JSON. */
export interface Faces {
  readonly text: (dress: RenderOptions) => string;
  readonly json: () => string;
}

/** Prints a result on standard output. */
export function show(faces: Faces, { json }: Delivery['options'], shell: Shell): void {
  const { stdout } = shell.io;
  stdout.write(json ? faces.json() : faces.text(shell.dress(stdout)));
}

/**
 * Writes a result to a file, where one was asked for: as JSON if its name says so.
 *
 * @throws FaultyInput when it cannot be written
 */
export function save(faces: Faces, { output }: Delivery['options'], shell: Shell): void {
  if (output === undefined) return;
  const plain = { width: 100, colour: false, unicode: true };
  write(output, output.toLowerCase().endsWith('.json') ? faces.json() : faces.text(plain), shell);
}

function asText({ report, beside, explain }: Delivery, dress: Parameters<typeof renderReport>[1]): string {
  if (beside !== undefined) return renderComparison(beside, report, dress);
  return renderReport(report, { ...dress, explain: explain ?? false });
}

/** A report; with an estimate beside it, both in one object. */
function asJson({ report, beside }: Delivery): string {
  if (beside === undefined) return reportToJson(report);
  const both = { estimate: orderedReport(beside), simulation: orderedReport(report) };
  return `${JSON.stringify(both, null, 2)}\n`;
}

/**
 * Complains about an output file that cannot be written, or must not be, before the work is done, not after.
 *
 * @throws FaultyInput
 */
export function checkOutput(file: string | undefined, design: string, shell: Shell): void {
  if (file === undefined) return;
  const path = resolve(shell.io.cwd, file);
  if (path === resolve(shell.io.cwd, design)) {
    throw new FaultyInput(`${file} is the design itself; the report needs a file of its own`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new FaultyInput(`${file} is a folder`);
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new FaultyInput(`${file} cannot be written: no such folder, or it is read-only`, { cause: error });
  }
}

/** @throws FaultyInput when it cannot be written */
export function write(file: string, text: string, shell: Shell): void {
  try {
    writeFileSync(resolve(shell.io.cwd, file), text);
  } catch (error) {
    throw new FaultyInput(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

function announceGoals(report: Report, shell: Shell): void {
  const say = (goals: readonly string[], what: string) => {
    if (goals.length > 0) shell.io.stderr.write(`${what}: ${goals.join('; ')}\n`);
  };
  const named = (met: boolean | 'unknown') =>
    report.goals.filter((goal) => goal.met === met).map((goal) => goal.goal);
  say(named(false), 'missed');
  say(
    named('unknown'),
    report.kind === 'simulation' ? 'cannot tell (more --precision may)' : 'cannot tell (simulate may)',
  );
}
