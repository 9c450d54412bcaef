import { Command } from 'commander';
import { addAdvise } from './commands/advise.ts';
import { addAvailability } from './commands/availability.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addConstants } from './commands/constants.ts';
import { addDiagram } from './commands/diagram.ts';
import { addEstimate } from './commands/estimate.ts';
import { addExplain } from './commands/explain.ts';
import { addHelp } from './commands/help.ts';
import { addHistory } from './commands/history.ts';
import { addKinds } from './commands/kinds.ts';
import { addNew } from './commands/new.ts';
import { addReport } from './commands/report.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStress } from './commands/stress.ts';
import { addTrace } from './commands/trace.ts';
import { addTune } from './commands/tune.ts';
import { printFault } from './faulty-input.ts';
import { columnsOf, type Io } from './io.ts';
import { createShell, type Shell } from './shell.ts';

/** Running text reads badly in longer lines. */
const WIDEST_HELP = 100;

const EXAMPLES = `
Examples:
  tenfold new shop                      write shop.yaml, a small web shop to start from
  tenfold check shop.yaml               is it a design? All problems at once, with their places
  tenfold estimate shop.yaml --explain  the back-of-the-envelope sheet, with its working
  tenfold simulate shop.yaml            will it hold? Request by request, with error bars
  tenfold simulate url-shortener        the same for a design that comes along
  tenfold stress shop.yaml              how much more it holds, what breaks first, and why
  tenfold compare a.yaml b.yaml         what a change changes, beyond chance
  tenfold explain shop.yaml             where the time of requests goes, and what would change it
  tenfold advise shop.yaml              what to change next, each change simulated
  tenfold tune shop.yaml                the cheapest setting that keeps every goal
  tenfold trace shop.yaml               where the time of typical, slow and failed requests goes
  tenfold availability shop.yaml        how long it is down in a year, and why
  tenfold report shop.yaml --html shop.html    all of it on one page

A design is a YAML file, a JavaScript or TypeScript module with defineDesign({ … }) as its
default export, the name of a ready system, or - for standard input.

Exit status:
  0  done; every goal is met (of an estimate: none is missed)
  1  a goal is missed
  2  the input is faulty; nothing was done
  3  the simulation cannot tell whether a goal is met; ask for more precision`;

/** The command line of Tenfold, not yet run, and the shell that its commands work in. */
export function createProgram(io: Io, version: string): { program: Command; shell: Shell } {
  const program = new Command('tenfold');
  const shell = createShell(io, version, () => program.opts()['color'] !== false);
  program
    .description('Will this system hold, what breaks first, and what should change?')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(WIDEST_HELP, columnsOf(io, io.stdout)),
      getErrHelpWidth: () => Math.min(WIDEST_HELP, columnsOf(io, io.stderr)),
      getOutHasColors: () => shell.dress(io.stdout).colour,
      getErrHasColors: () => shell.dress(io.stderr).colour,
      outputError: (text) => printFault(faultOf(text), shell),
    });
  addCheck(program, shell);
  addEstimate(program, shell);
  addSimulate(program, shell);
  addStress(program, shell);
  addCompare(program, shell);
  addExplain(program, shell);
  addAdvise(program, shell);
  addTune(program, shell);
  addHistory(program, shell);
  addTrace(program, shell);
  addAvailability(program, shell);
  addReport(program, shell);
  addDiagram(program, shell);
  addConstants(program, shell);
  addKinds(program, shell);
  addNew(program, shell);
  program.helpCommand(false);
  addHelp(program);
  return { program, shell };
}

/** What commander says of a faulty call, in the manner of all other faults, and where to read on. */
function faultOf(text: string): string {
  const message = text.trim().replace(/^error: /, '');
  const meant = /^(.*)\n\(Did you mean (.*)\?\)$/s.exec(message);
  if (meant !== null) return `${meant[1]}\ndid you mean ${meant[2]}?`;
  const lost = /^(unknown|missing|too many)/.test(message);
  return lost ? `${message}\ntenfold --help and tenfold <command> --help show what there is` : message;
}
