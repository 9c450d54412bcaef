import type { Report } from '../../report/index.ts';

/** A share of reads that is worth a word, where it was less than half of that before. */
const WORTH_A_WORD = 0.01;
const MORE = 2;

/**
 * What it asks of primaries that reads are to see the last write.
 *
 * @param before the report of the design as it was
 * @returns such as `21 % of the reads of links go to its primary for that`
 */
export function pinnedReads({ replication = {} }: Report, before: Report): string[] {
  return Object.entries(replication).flatMap(([name, { pinned }]) => {
    const now = pinned?.value ?? 0;
    const then = before.replication?.[name]?.pinned?.value ?? 0;
    if (now < WORTH_A_WORD || now <= MORE * then) return [];
    return [`${Number((100 * now).toPrecision(2))} % of the reads of ${name} go to its primary for that`];
  });
}
