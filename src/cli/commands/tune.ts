import { type Command, InvalidArgumentError } from 'commander';
import { FaultyKnob, type TuneProgress, tune } from '../../explain/index.ts';
import { nearestName } from '../../quantities/index.ts';
import { type RenderOptions, renderTuning, type TuningReport, tuningToJson } from '../../report/index.ts';
import { applyTuning, checkApplicable } from '../apply.ts';
import { commandLine } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { FaultyInput } from '../faulty-input.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { checkNamed } from '../named.ts';
import {
  addOutputOptions,
  addProfileOption,
  addWorkersOption,
  readMultiple,
  readWholeNumber,
} from '../options.ts';
import { addPageOptions, checkPages, type PageFlags, savePages } from '../pages.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show } from '../report-output.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold tune shop.yaml                                   the knobs of its components, each up and down
  tenfold tune shop.yaml --for visitors.p99 --load 3x      what one goal takes at three times the load
  tenfold tune shop.yaml --knob shop.instances=2..20 --knob shop.operations.view.1.timeout=50ms..1s
  tenfold tune shop.yaml --knob edge.algorithm=round-robin,least-connections
  tenfold tune shop.yaml --scenario recommender-gone --apply`;

const MOST_SETTINGS = 10_000;

interface TuneFlags extends PageFlags {
  readonly for?: readonly string[];
  readonly knob?: readonly string[];
  readonly scenario?: readonly string[];
  readonly load?: number;
  readonly most?: number;
  readonly seed: number;
  readonly workers?: number;
  readonly profile?: string;
  readonly apply?: true;
  readonly json?: true;
  readonly output?: string;
}

/** An option that may be given several times, and lists with commas where these are no part of a value. */
const collected =
  (between: RegExp | null) =>
  (text: string, before: readonly string[] = []): readonly string[] => {
    const parts = between === null ? [text] : text.split(between);
    if (parts.some((part) => part.trim() === '')) throw new InvalidArgumentError('It must not be empty.');
    return [...before, ...parts.map((part) => part.trim())];
  };

/** `tenfold tune`: the cheapest setting that keeps the goals. */
export function addTune(program: Command, shell: Shell): void {
  const command = program
    .command('tune <design>')
    .summary('the cheapest setting of its knobs that keeps every goal')
    .description(
      'Looks for the cheapest setting of some knobs that keeps every goal, at a load and during scenarios, and checks it on other random numbers. Says how near each goal is, what more money buys, and which goals no setting keeps together.',
    )
    .option('--for <goals>', 'goals that count, by how they begin: visitors, buyers.p99', collected(/,/))
    .option(
      '--knob <knob>',
      'a setting to turn, and its values: api.instances=2..20; may be repeated',
      collected(null),
    )
    .option('--scenario <name>', 'the goals are to hold during it too; may be repeated', collected(null))
    .option('--load <times>', 'the load at which they are to hold (default: 1x)', readMultiple(0.01, 10_000))
    .option(
      '--most <n>',
      'settings that are simulated at most (default: 60)',
      readWholeNumber(2, MOST_SETTINGS),
    )
    .option('--apply', 'write the setting into the file, with a decision')
    .option('--seed <n>', 'seed of the random streams', readWholeNumber(0, Number.MAX_SAFE_INTEGER - 2e6), 1);
  addWorkersOption(command);
  addProfileOption(command);
  addOutputOptions(command);
  addPageOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: TuneFlags) => {
    checkOutput(flags.output, design, shell);
    checkPages(flags, design, shell);
    const loaded = await loadPlan(design, flags.profile, shell);
    if (loaded === null) return;
    const { plan } = loaded;
    for (const name of flags.scenario ?? []) checkNamed(plan, 'scenario', plan.scenarios, name);
    checkGoals(loaded, flags.for);
    if (flags.apply) checkApplicable(loaded.source, shell);
    const report = await tuned(loaded, design, flags, shell);
    deliver(report, flags, shell);
    await savePages({ plan: loaded.plan, kinds: loaded.kinds, tuning: report }, report.command, flags, shell);
    if (flags.apply) applyTuning(report, loaded.source, shell);
  });
}

async function tuned(
  loaded: LoadedPlan,
  design: string,
  flags: TuneFlags,
  shell: Shell,
): Promise<TuningReport> {
  const {
    for: goals,
    knob: knobs,
    scenario: scenarios,
    load,
    most,
    seed,
    workers = defaultWorkers(),
    profile,
  } = flags;
  const command = commandLine(
    ['tune', design],
    [
      ['--for', goals?.join(',')],
      ...(knobs ?? []).map((knob) => ['--knob', knob] as const),
      ...(scenarios ?? []).map((name) => ['--scenario', name] as const),
      ['--load', load === undefined ? undefined : `${load}x`],
      ['--most', most],
      ['--seed', seed],
      ['--profile', profile],
    ],
  );
  let progress: TuneProgress = { runs: 0 };
  const options = {
    seed,
    version: shell.version,
    command,
    onProgress: (told: TuneProgress) => {
      progress = told;
    },
    ...(goals === undefined ? {} : { goals }),
    ...(knobs === undefined ? {} : { knobs }),
    ...(scenarios === undefined ? {} : { scenarios }),
    ...(load === undefined ? {} : { load }),
    ...(most === undefined ? {} : { most }),
  };
  const work = {
    workers,
    text: () => `${loaded.plan.name}: simulation ${progress.runs}`,
    work: (pool: Parameters<typeof tune>[3]) => tune(loaded.changeable, loaded.kinds, options, pool),
  };
  try {
    return await pooled(loaded, work, shell);
  } catch (error) {
    if (error instanceof FaultyKnob) throw new FaultyInput(error.message, { cause: error });
    throw error;
  }
}

/** @throws FaultyInput where a design has no goal that begins so, or none at all */
function checkGoals({ plan }: LoadedPlan, wanted: readonly string[] | undefined): void {
  const all = plan.goals.map(({ text }) => text);
  if (all.length === 0)
    throw new FaultyInput(`${plan.name} has no goals, so that nothing is the cheapest that keeps them`);
  const unknown = wanted?.find((start) => !all.some((text) => text.startsWith(start)));
  if (unknown === undefined) return;
  const near = nearestName(
    unknown,
    all.map((text) => text.split(' ')[0]!),
  );
  const lines = [`${plan.name} has no goal ${unknown}`];
  if (near !== null) lines.push(`did you mean ${near}?`);
  lines.push(`its goals: ${all.join('; ')}`);
  throw new FaultyInput(lines.join('\n'));
}

function deliver(report: TuningReport, flags: TuneFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => renderTuning(report, dress),
    json: () => tuningToJson(report),
  };
  shell.status =
    report.best === null ? exitStatus.missed : report.check?.held ? exitStatus.ok : exitStatus.undecided;
  show(faces, flags, shell);
  save(faces, flags, shell);
}
