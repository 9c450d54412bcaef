import type { Command } from 'commander';
import type { KindParts } from '../../components/index.ts';
import type { Plan } from '../../design/index.ts';
import { exitStatus } from '../exit-status.ts';
import { load, printDiagnostics } from '../load.ts';
import { addProfileOption } from '../options.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold check shop.yaml
  cat shop.yaml | tenfold check -
  tenfold check shop.yaml --json        the problems as data`;

/** `tenfold check`: is this a design? */
export function addCheck(program: Command, shell: Shell): void {
  const command = program
    .command('check <design>')
    .summary('check a design and print all its problems')
    .description(
      'Checks a design. Prints every problem with file, line and column, what was found and what was expected.',
    )
    .option('--json', 'print the result as JSON');
  addProfileOption(command);
  command
    .addHelpText('after', EXAMPLES)
    .action(async (design: string, options: { profile?: string; json?: true }) => {
      const loaded = await load(design, options.profile, shell);
      const { plan, diagnostics, source, kinds } = loaded;
      if (plan === null) shell.status = exitStatus.faulty;
      if (options.json) {
        const result = { valid: plan !== null, file: source.file, diagnostics };
        shell.io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
        return;
      }
      printDiagnostics(loaded, shell);
      if (plan !== null)
        shell.io.stdout.write(`${source.file} is a valid design: ${contents(plan, kinds)}\n`);
    });
}

/** What the user wrote; operations that a kind brings along or passes on are not of that. */
function contents(plan: Plan, { described }: KindParts): string {
  const writing = new Set(
    described.filter(({ operations }) => operations.from === 'design').map(({ name }) => name),
  );
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const written = plan.components.filter(({ kind }) => writing.has(kind)).flatMap((each) => each.operations);
  return [
    count(plan.traffic.length, 'traffic', 'traffics'),
    count(plan.components.length, 'component', 'components'),
    count(written.length, 'operation', 'operations'),
    count(plan.goals.length, 'goal', 'goals'),
  ].join(', ');
}
