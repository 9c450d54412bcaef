import { type Command, Option } from 'commander';
import { drawingOf, drawingToSvg, mermaidOf } from '../../report/index.ts';
import { loadPlan } from '../load.ts';
import { checkOutput, write } from '../report-output.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold diagram shop.yaml                        Mermaid, for a Markdown page on GitHub
  tenfold diagram shop.yaml --output shop.svg      a picture`;

const formats = ['mermaid', 'svg'] as const;

interface DiagramFlags {
  readonly format?: (typeof formats)[number];
  readonly output?: string;
}

/** `tenfold diagram`: the picture of a design. */
export function addDiagram(program: Command, shell: Shell): void {
  const command = program
    .command('diagram <design>')
    .summary('draw it: who asks what, how many there are of it, and where it stands')
    .description(
      'Draws the components of a design, the traffic that comes to them, and the operations that they ask of each other.',
    )
    .addOption(
      new Option(
        '--format <format>',
        'how to draw it (default: svg where the file is called so, else mermaid)',
      ).choices(formats),
    )
    .option('-o, --output <file>', 'write it to a file instead');
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: DiagramFlags) => {
    const { output } = flags;
    checkOutput(output, design, shell);
    const loaded = await loadPlan(design, undefined, shell);
    if (loaded === null) return;
    const drawing = drawingOf(loaded.plan, loaded.kinds.described);
    const format = flags.format ?? (output?.toLowerCase().endsWith('.svg') ? 'svg' : 'mermaid');
    const text = format === 'svg' ? await drawingToSvg(drawing) : mermaidOf(drawing);
    if (output === undefined) shell.io.stdout.write(text);
    else write(output, text, shell);
  });
}
