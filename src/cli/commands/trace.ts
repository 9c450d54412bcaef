import { type Command, Option } from 'commander';
import { renderTrace, type Trace, traceToOtlp, traceToPerfetto } from '../../report/index.ts';
import { trace } from '../../simulate/index.ts';
import { commandLine } from '../command-line.ts';
import { loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import { addProfileOption, readWholeNumber } from '../options.ts';
import { faultOf } from '../pooled.ts';
import { checkOutput, write } from '../report-output.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold trace shop.yaml
  tenfold trace shop.yaml --of visitors --seed 7
  tenfold trace shop.yaml --scenario cache-loss
  tenfold trace shop.yaml --format otlp --output trace.json       to be opened in Jaeger
  tenfold trace shop.yaml --format perfetto --output trace.json   to be opened in ui.perfetto.dev`;

const formats = ['terminal', 'otlp', 'perfetto'] as const;

interface TraceFlags {
  readonly seed: number;
  readonly scenario?: string;
  readonly of?: string;
  readonly format: (typeof formats)[number];
  readonly output?: string;
  readonly profile?: string;
}

/** `tenfold trace`: requests of a simulation as waterfalls. */
export function addTrace(program: Command, shell: Shell): void {
  const command = program
    .command('trace <design>')
    .summary('show where the time of typical, slow and failed requests goes')
    .description(
      'Simulates a design and shows requests of it as waterfalls: of each traffic the median one, the p99 one, failed ones and one that was tried again.',
    )
    .option('--scenario <name>', 'lay a scenario of the design over it: a course of traffic, and faults')
    .option('--of <traffic>', 'show requests of this traffic alone')
    .option('--seed <n>', 'seed of the random streams', readWholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .addOption(new Option('--format <format>', 'how to write them').choices(formats).default('terminal'))
    .option('-o, --output <file>', 'write them to a file instead');
  addProfileOption(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: TraceFlags) => {
    const { scenario, of, seed, output, profile } = flags;
    checkOutput(output, design, shell);
    const loaded = await loadPlan(design, profile, shell);
    if (loaded === null) return;
    const { plan, kinds, own } = loaded;
    checkNamed(plan, 'scenario', plan.scenarios, scenario);
    checkNamed(plan, 'traffic', plan.traffic, of);
    const again = commandLine(
      ['trace', design],
      [
        ['--scenario', scenario],
        ['--seed', seed],
        ['--of', of],
        ['--profile', profile],
      ],
    );
    const options = {
      seed,
      version: shell.version,
      command: again,
      ...(scenario === undefined ? {} : { scenario }),
      ...(of === undefined ? {} : { of }),
    };
    try {
      // On this thread, too busy to hear of a signal: Ctrl-C ends the process at once.
      const text = written(await trace(plan, kinds.simulated, options, own.blocks), flags, shell);
      if (output === undefined) shell.io.stdout.write(text);
      else write(output, text, shell);
    } catch (error) {
      throw faultOf(error);
    }
  });
}

function written(traced: Trace, { format, output }: TraceFlags, shell: Shell): string {
  if (format === 'otlp') return traceToOtlp(traced);
  if (format === 'perfetto') return traceToPerfetto(traced);
  const file = { width: 100, colour: false, unicode: true };
  return renderTrace(traced, output === undefined ? shell.dress(shell.io.stdout) : file);
}
