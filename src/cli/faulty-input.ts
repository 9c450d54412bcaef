import type { Shell } from './shell.ts';

/** Thrown inside the shell where the user's input stops a command; `main` prints it and ends with status 2. */
export class FaultyInput extends Error {
  override readonly name = 'FaultyInput';
}

/** Says on standard error what is wrong with the input. */
export function printFault(message: string, { io, dress }: Pick<Shell, 'io' | 'dress'>): void {
  const lead = dress(io.stderr).colour ? '\u001b[31merror:\u001b[39m' : 'error:';
  io.stderr.write(`${lead} ${message}\n`);
}
