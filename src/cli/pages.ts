import type { Command } from 'commander';
import type { KindParts } from '../components/index.ts';
import { type PageFace, type Results, renderPage } from '../report/index.ts';
import { quoted } from './command-line.ts';
import { checkOutput, write } from './report-output.ts';
import type { Shell } from './shell.ts';

/** Files that pages go to, by how they are written. */
export interface PageFlags {
  readonly html?: string;
  readonly md?: string;
}

const faces: readonly PageFace[] = ['html', 'md'];

/** `--html` and `--md`, for every command with something to show. */
export function addPageOptions(command: Command): void {
  command
    .option('--html <file>', 'also write a page with charts: one file that needs no network')
    .option('--md <file>', 'also write a design document in Markdown');
}

/** @throws FaultyInput when one of the files cannot be written, or is the design */
export function checkPages(flags: PageFlags, design: string, shell: Shell): void {
  for (const face of faces) checkOutput(flags[face], design, shell);
}

/** What a command has found out, for a page. */
export type Known = Omit<Results, 'kinds' | 'command' | 'version'> & { readonly kinds: KindParts };

/**
 * Writes the pages that were asked for.
 *
 * @param command what gives the results again, without the option for the page
 * @throws FaultyInput when a file cannot be written
 */
export async function savePages(
  known: Known,
  command: string,
  flags: PageFlags,
  shell: Shell,
): Promise<void> {
  for (const face of faces) {
    const file = flags[face];
    if (file === undefined) continue;
    const again = `${command} --${face} ${quoted(file)}`;
    write(file, await renderPage(resultsOf(known, again, shell), face), shell);
  }
}

/** What is known, as a page takes it. */
export function resultsOf({ kinds, ...known }: Known, command: string, { version }: Shell): Results {
  return { ...known, kinds: kinds.described, command, version };
}
