import { CommanderError } from 'commander';
import { version } from '../version.ts';
import { exitStatus } from './exit-status.ts';
import { FaultyInput, printFault } from './faulty-input.ts';
import { InterruptedError } from './interrupted.ts';
import type { Io } from './io.ts';
import { processIo } from './process-io.ts';
import { createProgram } from './program.ts';

/**
 * The shell for a terminal: it finds designs, calls the floors above and prints what comes back. Each command
 * has its file in commands/; program.ts puts them together. Only here are files, streams and threads touched.
 *
 * Runs one call of `tenfold`.
 *
 * @param args the arguments after the name of the program
 * @returns the exit status
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  const { program, shell } = createProgram(io, version);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return shell.status;
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.faulty;
    if (error instanceof InterruptedError) {
      io.stderr.write('interrupted\n');
      return exitStatus.interrupted;
    }
    if (error instanceof FaultyInput) {
      printFault(error.message, shell);
      return exitStatus.faulty;
    }
    io.stderr.write(`${String((error as Error | null)?.stack ?? error)}\n`);
    io.stderr.write(
      'This is a bug in tenfold. A report with the design and the command above helps to mend it.\n',
    );
    return exitStatus.bug;
  }
}
