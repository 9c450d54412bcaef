/**
 * `npm run validate`: runs every case, prints *paper · ours · interval · verdict*, writes docs/validation.md.
 *
 * Exit status 1 when a figure is a miss or unknown without an explanation.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Tinypool } from 'tinypool';
import type { Case } from './case.ts';
import { cases, themes } from './index.ts';
import { littleCase, littleRow } from './laws.ts';
import { renderPage, tally } from './page.ts';
import type { Row } from './row.ts';
import type { Outcome } from './run.ts';
import { renderCase } from './terminal.ts';
import type { Job } from './worker.ts';

const help = `npm run validate -- [options]

  --only ID      run this case alone (may be repeated); the page is not written
  --quick        run the quick subset at its shorter length; the page is not written
  --seed N       seed of the random streams (default 1)
  --workers N    worker threads (default: one a core)
  --list         print the ids of the cases
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: `${availableParallelism()}` },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(help);
else if (values.list) for (const of of cases) console.log(`${of.id.padEnd(28)} ${of.title}`);
else process.exitCode = await validate();

async function validate(): Promise<number> {
  const seed = Number(values.seed);
  const whole = values.only === undefined && !values.quick;
  const chosen = cases.filter((of) => values.only?.includes(of.id) ?? true);
  const threads = Number(values.workers);
  const pool = new Tinypool({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  // All jobs are handed out at once; a rejection is looked at when its turn to print comes.
  const running = chosen.map((of) => ({
    of,
    settled: Promise.allSettled(models(of, seed).map((job): Promise<Outcome> => pool.run(job))),
  }));
  const rows: Row[] = [];
  const outcomes: Outcome[] = [];
  for (const { of, settled } of running) {
    const done = (await settled).map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    outcomes.push(...done);
    report(
      of,
      done.flatMap((outcome) => outcome.rows),
      rows,
    );
    for (const { error } of done) if (error !== null) console.error(error);
  }
  await pool.destroy();
  report(littleCase, [littleRow(outcomes.flatMap((outcome) => outcome.residuals))], rows);
  if (whole) {
    const page = fileURLToPath(new URL('../docs/validation.md', import.meta.url));
    writeFileSync(page, renderPage([...themes, { title: 'Laws', cases: [littleCase] }], rows, seed));
    console.log('Written: docs/validation.md');
  }
  const counts = tally(rows);
  console.log(
    `${counts.hit} hits, ${counts.imprecise} imprecise, ${counts.miss} misses, ${counts.unknown} unknown, ${counts.skipped} skipped`,
  );
  return rows.some((row) => (row.verdict === 'miss' || row.verdict === 'unknown') && row.explanation === '')
    ? 1
    : 0;
}

function models(of: Case, seed: number): Job[] {
  return of.models
    .map((model, index) => ({ model, job: { caseId: of.id, model: index, seed, quick: values.quick } }))
    .filter(({ model }) => !values.quick || model.quick !== undefined)
    .map(({ job }) => job);
}

function report(of: Case, found: readonly Row[], rows: Row[]): void {
  if (found.length === 0) return;
  rows.push(...found);
  console.log(renderCase(of, found));
}
