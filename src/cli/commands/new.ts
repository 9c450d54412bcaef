import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FaultyInput } from '../faulty-input.ts';
import { newDesign } from '../new-design.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold new shop                      writes shop.yaml`;

/** `tenfold new`: something to start from. */
export function addNew(program: Command, shell: Shell): void {
  program
    .command('new <name>')
    .summary('write a small design to start from')
    .description('Writes <name>.yaml, a small web shop that holds its goals, with comments that explain it.')
    .addHelpText('after', EXAMPLES)
    .action((given: string) => {
      const name = given.replace(/\.ya?ml$/, '');
      if (!/^[a-z][a-z0-9-]*$/.test(name)) {
        throw new FaultyInput(
          `${given} cannot be the name of a design: small letters, digits and hyphens, e.g. web-shop`,
        );
      }
      const file = `${name}.yaml`;
      write(resolve(shell.io.cwd, file), file, newDesign(name));
      shell.io.stdout.write(
        `Wrote ${file}, a small web shop. Next:\n` +
          `  tenfold simulate ${file}    will it hold?\n` +
          `  tenfold estimate ${file}    the back-of-the-envelope sheet\n` +
          'Then change the file into your system; tenfold kinds shows what there is.\n',
      );
    });
}

function write(path: string, file: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new FaultyInput(`${file} exists already, and is left as it is`, { cause: error });
    }
    throw new FaultyInput(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
