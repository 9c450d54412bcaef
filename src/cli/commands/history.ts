import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadDesign } from '../../design/index.ts';
import { type Form, history, type StressProgress } from '../../explain/index.ts';
import { historyToJson, type RenderOptions, renderHistory } from '../../report/index.ts';
import { commandLine } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { FaultyInput } from '../faulty-input.ts';
import { type LoadedPlan, loadPlan } from '../load.ts';
import { addOutputOptions, addRunOptions, addSearchOptions } from '../options.ts';
import { pooled } from '../pooled.ts';
import { checkOutput, save, show } from '../report-output.ts';
import { revisionsOf } from '../revisions.ts';
import type { Shell } from '../shell.ts';
import { defaultWorkers } from '../worker-pool.ts';

const EXAMPLES = `
Examples:
  tenfold history shop.yaml                          every revision of it that git knows
  tenfold history one-server.yaml cache.yaml shop.yaml   these, in this order
  tenfold history shop.yaml --most 20x --json`;

interface HistoryFlags {
  readonly seed: number;
  readonly most?: number;
  readonly precision?: number;
  readonly workers?: number;
  readonly json?: true;
  readonly output?: string;
}

interface Forms {
  readonly forms: readonly Form[];
  readonly notes: readonly string[];
}

/** `tenfold history`: how a design came to be, each form measured. */
export function addHistory(program: Command, shell: Shell): void {
  const command = program
    .command('history <designs...>')
    .summary('how a design came to be: each form of it measured, and what was decided next')
    .description(
      'Takes the revisions of a design that git knows, or several designs in the order given, and says for each up to which load its goals hold, what gives way, what it costs, and what was decided since.',
    );
  addSearchOptions(command);
  addRunOptions(command);
  addOutputOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (designs: string[], flags: HistoryFlags) => {
    const { seed, most, precision, workers = defaultWorkers(), output } = flags;
    for (const design of designs) checkOutput(output, design, shell);
    const loaded: LoadedPlan[] = [];
    for (const design of designs) {
      const each = await loadPlan(design, undefined, shell);
      if (each === null) return;
      loaded.push(each);
    }
    const { forms, notes } =
      loaded.length === 1
        ? inGit(designs[0]!, loaded[0]!, shell)
        : { forms: given(designs, loaded), notes: [] };
    const again = commandLine(
      ['history', ...designs],
      [
        ['--most', most === undefined ? undefined : `${most}x`],
        ['--precision', precision],
        ['--seed', seed],
      ],
    );
    let progress: StressProgress = { runs: 0, times: 1 };
    const last = loaded.at(-1)!;
    const options = {
      seed,
      version: shell.version,
      command: again,
      notes,
      onProgress: (told: StressProgress) => {
        progress = told;
      },
      ...(most === undefined ? {} : { most }),
      ...(precision === undefined ? {} : { precision }),
    };
    const report = await pooled(
      last,
      {
        workers,
        text: () => `${last.plan.name}: simulation ${progress.runs}, at ${progress.times} times the load`,
        work: (pool) => history(forms, last.kinds, options, pool),
      },
      shell,
    );
    const faces = {
      text: (dress: RenderOptions) => renderHistory(report, dress),
      json: () => historyToJson(report),
    };
    shell.status = exitStatus.ok;
    show(faces, flags, shell);
    save(faces, flags, shell);
  });
}

function given(designs: readonly string[], loaded: readonly LoadedPlan[]): Form[] {
  return loaded.map(({ plan }, i) => ({ name: designs[i]!, date: null, plan }));
}

/** @throws FaultyInput for what git cannot know */
function inGit(name: string, { source, plan, kinds }: LoadedPlan, { io }: Shell): Forms {
  if (source.form === 'object' || !existsSync(resolve(io.cwd, source.file))) {
    throw new FaultyInput(
      `the history of ${name} is not known: name a YAML file that git knows, or several designs in their order`,
    );
  }
  const revisions = revisionsOf(source.file, io.cwd);
  const notes: string[] = [];
  const forms = revisions.flatMap(({ name: revision, date, text }): Form[] => {
    const old = loadDesign(text, { file: `${source.file} at ${revision}`, kinds: kinds.described });
    if (old.plan !== null) return [{ name: revision, date, plan: old.plan }];
    const wrong = old.diagnostics.find(({ severity }) => severity === 'error')?.message;
    notes.push(`${revision} of ${date} is no design that can be read today: ${wrong}.`);
    return [];
  });
  if (revisions.length === 0)
    notes.push(`git knows no revision of ${source.file}: this is the file as it is.`);
  const now = revisions.at(-1)?.text === source.text ? [] : [{ name: 'now', date: null, plan }];
  return { forms: [...forms, ...now], notes };
}
