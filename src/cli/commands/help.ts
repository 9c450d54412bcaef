import type { Command } from 'commander';
import { nearestName } from '../../quantities/index.ts';
import { FaultyInput } from '../faulty-input.ts';

/** `tenfold help`: the help of the program or of one command. */
export function addHelp(program: Command): void {
  program
    .command('help [command]')
    .summary('show help for a command')
    .description('Shows help for the program, or for one of its commands.')
    .action((name: string | undefined) => {
      if (name === undefined) {
        program.outputHelp();
        return;
      }
      const command = program.commands.find((each) => each.name() === name);
      if (command !== undefined) {
        command.outputHelp();
        return;
      }
      const names = program.commands.map((each) => each.name());
      const near = nearestName(name, names);
      const hint = near === null ? `commands: ${names.join(', ')}` : `did you mean ${near}?`;
      throw new FaultyInput(`unknown command '${name}'\n${hint}`);
    });
}
