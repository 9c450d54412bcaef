import type { Command } from 'commander';
import { type StressProgress, stress } from '../../explain/index.ts';
import { type RenderOptions, renderStress, type StressReport, stressToJson } from '../../report/index.ts';
import { commandLine } from '../command-line.ts';
import { headroomStatus } from '../exit-status.ts';
import { loadPlan } from '../load.ts';
import { addOutputOptions, addProfileOption, addRunOptions, addSearchOptions } from '../options.ts';
import { addPageOptions, checkPages, savePages } from '../pages.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold stress shop.yaml
  tenfold stress shop.yaml --most 10x          look no further than ten times the load
  tenfold stress shop.yaml --precision 1%      narrower brackets, more simulations
  tenfold stress shop.yaml --json > stress.json`;

interface StressFlags {
  readonly seed: number;
  readonly most?: number;
  readonly precision?: number;
  readonly workers?: number;
  readonly profile?: string;
  readonly json?: true;
  readonly output?: string;
  readonly html?: string;
  readonly md?: string;
}

/** `tenfold stress`: what gives way as load climbs, in order. */
export function addStress(program: Command, shell: Shell): void {
  const command = program
    .command('stress <design>')
    .summary('raise the load until everything has given way: headroom, what breaks first, and why')
    .description(
      'Raises the load until every goal and every station has given way, and says up to which load all goals hold, what breaks in which order, and why.',
    );
  addSearchOptions(command);
  addRunOptions(command);
  addProfileOption(command);
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: StressFlags) => {
    const { seed, most, precision, workers = defaultWorkers(), profile, output } = flags;
    checkOutput(output, design, shell);
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, profile, shell);
    if (loaded === null) return;
    const { plan, kinds } = loaded;
    const again = commandLine(
      ['stress', design],
      [
        ['--most', most === undefined ? undefined : `${most}x`],
        ['--precision', precision],
        ['--seed', seed],
        ['--profile', profile],
      ],
    );
    let progress: StressProgress = { runs: 0, times: 1 };
    const options = {
      seed,
      version: shell.version,
      command: again,
      onProgress: (told: StressProgress) => {
        progress = told;
      },
      ...(most === undefined ? {} : { most }),
      ...(precision === undefined ? {} : { precision }),
    };
    const report = await pooled(
      loaded,
      {
        workers,
        text: () => `${plan.name}: simulation ${progress.runs}, at ${progress.times} times the load`,
        work: (pool) => stress(plan, kinds, options, pool),
      },
      shell,
    );
    deliver(report, flags, shell);
    await savePages({ plan, kinds, stress: report }, again, flags, shell);
  });
}

function deliver(report: StressReport, flags: StressFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => renderStress(report, dress),
    json: () => stressToJson(report),
  };
  shell.status = headroomStatus(report.headroom);
  show(faces, flags, shell);
  save(faces, flags, shell);
}
