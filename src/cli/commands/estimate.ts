import type { Command } from 'commander';
import { underLoad } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import { commandLine } from '../command-line.ts';
import { loadPlan } from '../load.ts';
import { addOutputOptions, addProfileOption, readMultiple } from '../options.ts';
import { addPageOptions, checkPages, savePages } from '../pages.ts';
import { checkOutput, deliver } from '../report-output.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold estimate shop.yaml
  tenfold estimate shop.yaml --explain
  tenfold estimate shop.yaml --profile classroom --json
  tenfold estimate shop.yaml --html shop.html         a page for a browser`;

interface EstimateOptions {
  readonly profile?: string;
  readonly load?: number;
  readonly explain?: true;
  readonly json?: true;
  readonly output?: string;
  readonly html?: string;
  readonly md?: string;
}

/** `tenfold estimate`: the back-of-the-envelope sheet. */
export function addEstimate(program: Command, shell: Shell): void {
  const command = program
    .command('estimate <design>')
    .summary('compute rates, storage, machines and response times from formulas')
    .description(
      'Computes the back-of-the-envelope sheet of a design, each figure with its formula and its source.',
    )
    .option('--load <times>', 'so many times the traffic of the design, e.g. 4x', readMultiple(0.001, 10_000))
    .option('--explain', 'show formula, working and source of every line');
  addProfileOption(command);
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, options: EstimateOptions) => {
    checkOutput(options.output, design, shell);
    checkPages(options, design, shell);
    const loaded = await loadPlan(design, options.profile, shell);
    if (loaded === null) return;
    const { load = 1, profile } = options;
    const report = estimate(underLoad(loaded.plan, load), loaded.kinds.estimated, {
      replan: (constants) => {
        const plan = loaded.replan(constants);
        return plan === null ? null : underLoad(plan, load);
      },
      version: shell.version,
      command: commandLine(
        ['estimate', design],
        [
          ['--profile', profile],
          ['--load', load === 1 ? undefined : `${load}x`],
        ],
      ),
    });
    deliver({ report, options, explain: options.explain ?? false }, shell);
    await savePages({ ...loaded, estimate: report }, report.command, options, shell);
  });
}
