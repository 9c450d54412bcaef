import type { Command } from 'commander';
import { estimate } from '../../estimate/index.ts';
import { commandLine } from '../command-line.ts';
import { loadPlan } from '../load.ts';
import { addOutputOptions, addProfileOption } from '../options.ts';
import { checkOutput, deliver } from '../report-output.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold estimate shop.yaml
  tenfold estimate shop.yaml --explain
  tenfold estimate shop.yaml --profile classroom --json`;

interface EstimateOptions {
  readonly profile?: string;
  readonly explain?: true;
  readonly json?: true;
  readonly output?: string;
}

/** `tenfold estimate`: the back-of-the-envelope sheet. */
export function addEstimate(program: Command, shell: Shell): void {
  const command = program
    .command('estimate <design>')
    .summary('compute rates, storage, machines and response times from formulas')
    .description(
      'Computes the back-of-the-envelope sheet of a design, each figure with its formula and its source.',
    )
    .option('--explain', 'show formula, working and source of every line');
  addProfileOption(command);
  addOutputOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, options: EstimateOptions) => {
    checkOutput(options.output, design, shell);
    const loaded = await loadPlan(design, options.profile, shell);
    if (loaded === null) return;
    const report = estimate(loaded.plan, loaded.kinds.estimated, {
      replan: loaded.replan,
      version: shell.version,
      command: commandLine(['estimate', design], [['--profile', options.profile]]),
    });
    deliver({ report, options, explain: options.explain ?? false }, shell);
  });
}
