/**
 * `npm run bench -- blocks`: the blocks beside the libraries that people use today, one process a contender, in turn;
 * and what evictions other than LRU save on the same requests.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machine } from '../machine.ts';
import { node } from '../spawn.ts';
import { median } from '../statistics.ts';
import { type HitRatios, hitRatios } from './hit-ratios.ts';
import { type Race, races } from './races.ts';

const hooks = fileURLToPath(new URL('../../scripts/typescript.js', import.meta.url));
const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Operations per second by contender, of each round. */
interface Outcome {
  readonly race: Race;
  readonly speeds: ReadonlyMap<string, readonly number[]>;
}

/** @returns exit status: 0, whatever the speed */
export async function benchBlocks(rounds: number, scale: number, write: boolean): Promise<number> {
  const speeds = new Map(races.map((race) => [race.name, new Map<string, number[]>()]));
  for (let round = 1; round <= rounds; round++) {
    for (const race of races) {
      for (const contender of Object.keys(race.contenders)) {
        const operations = Math.ceil(race.operations * scale);
        const leg = JSON.stringify({ race: race.name, contender, operations });
        const seconds = Number((await node(['--import', hooks, child, leg])).stdout);
        const own = speeds.get(race.name)!;
        own.set(contender, [...(own.get(contender) ?? []), operations / seconds]);
        process.stderr.write(
          `round ${round} of ${rounds}: ${race.name}, ${contender}: ${Math.round(operations / seconds / 1000)}k/s\n`,
        );
      }
    }
  }
  const outcomes = races.map((race): Outcome => ({ race, speeds: speeds.get(race.name)! }));
  const text = pageOf(outcomes, hitRatios(), rounds);
  console.log(text);
  if (write) {
    writeFileSync(fileURLToPath(new URL('../../docs/blocks/performance.md', import.meta.url)), text);
    console.log('Written: docs/blocks/performance.md');
  }
  return 0;
}

function pageOf(outcomes: readonly Outcome[], ratios: readonly HitRatios[], rounds: number): string {
  const rows = outcomes.flatMap(({ race, speeds }) => {
    const [ours, ...others] = [...speeds];
    return others.map(([name, theirs], i) => {
      const ratios = theirs.map((speed, round) => ours![1][round]! / speed);
      const ratio = median(ratios);
      const peer = !name.startsWith('tenfold');
      const verdict =
        race.goal === null || !peer ? '' : `≥ ${race.goal} ${ratio >= race.goal ? 'met' : '**missed**'}`;
      const cells = [
        i === 0 ? race.name : '',
        i === 0 ? perSecond(median(ours![1])) : '',
        name,
        perSecond(median(theirs)),
        `${factor(ratio)} [${factor(Math.min(...ratios))}–${factor(Math.max(...ratios))}]`,
        verdict,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  });
  const hits = ratios.map(
    ({ name, byPolicy }) =>
      `| ${name} | ${[...byPolicy.values()].map((share) => (share === null ? 'no trace here' : `${(share * 100).toFixed(2)} %`)).join(' | ')} |`,
  );
  const policies = [...(ratios[0]?.byPolicy.keys() ?? [])];
  return `<!-- Written by \`npm run bench -- blocks --write\`; do not edit by hand. -->
# Speed of the blocks

Beside the libraries that people use today, each doing the same work. Only ratios can be compared between machines.

Measured on ${machine()}.

| race | ours, /s | beside | theirs, /s | ratio | goal |
|---|---:|---|---:|---:|---|
${rows.join('\n')}

One thread, processor time. Medians of ${rounds} rounds, in which every contender runs once in a process of its own, after a
quarter of the work to warm up; ratios are medians of those of one round, least and greatest in brackets.

${outcomes.map(({ race }) => `- **${race.name}**: ${race.what}.${race.why === undefined ? '' : ` ${race.why}`}`).join('\n')}

## Hit ratios

| requests | ${policies.join(' | ')} |
|---|${policies.map(() => '---:').join('|')}|
${hits.join('\n')}

Each cache is asked for every key and filled on a miss; the first tenth of the requests is not counted. The trace is
\`cloudPhysicsIO.oracleGeneral.bin\` of [libCacheSim](https://github.com/1a1a11a/libCacheSim), which
\`TENFOLD_TRACE\` names; its requests are counted from the first. SIEVE and LFU are equal on it because SIEVE's hand
never comes round: until then it takes, as LFU does, the oldest of those that were asked for once.
`;
}

function factor(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 0);
}

function perSecond(speed: number): string {
  return speed >= 1e6 ? `${(speed / 1e6).toFixed(2)}M` : `${Math.round(speed / 1e3)}k`;
}
