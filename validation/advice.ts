/** What `advise` ranks first, beside a sweep over all loads of the design with it and without, on ready systems. */
import { kindParts } from '../src/components/index.ts';
import { edited, type LoadedDesign, loadDesignObject, readSource } from '../src/design/index.ts';
import { advise } from '../src/explain/index.ts';
import { inlineRunner } from '../src/simulate/index.ts';
import { type Case, type DirectModel, within } from './case.ts';
import { judgedSystems, readSystem } from './ready-systems.ts';
import { firstMissed } from './sweep.ts';

/** How near the headroom with the advice must be to the load that the sweep finds. */
const FACTOR = within(0.1);

function advised(system: string): DirectModel {
  return {
    name: system,
    expect: [
      {
        what: 'the first advice raises the load of the first missed goal, or nothing is advised',
        paper: 1,
        unit: 'count',
        tolerance: 'exact',
      },
      { what: 'headroom that is promised with it ÷ of the sweep', paper: 1, unit: '1', tolerance: FACTOR },
    ],
    measure: async () => {
      const parts = kindParts([]);
      const { text, file } = readSystem(system);
      const load = (written: unknown): LoadedDesign => loadDesignObject(written, { kinds: parts.described });
      const { value: design } = readSource(text, file);
      const { advice } = await advise({ design, load }, parts, {}, inlineRunner(parts.simulated));
      const first = advice[0];
      const before = await firstMissed(load(design).plan!);
      // Nothing to raise, or nothing that does.
      if (first?.headroom === undefined || first.headroom === null || before === null) return [1, 1];
      const after = await firstMissed(load(edited(design, first.edits)).plan!);
      const raises = after === null || after.low >= before.high;
      return [
        raises ? 1 : 0,
        after === null ? 1 : (first.headroom.value ?? Number.NaN) / ((after.low + after.high) / 2),
      ];
    },
  };
}

export const advice: readonly Case[] = [
  {
    id: 'first-advice',
    title: 'What to change: the first advice beside a sweep of all loads',
    source: 'the sweep of validation/sweep.ts, in steps of 4 %, with seeds of its own',
    evidence: 'brute force',
    models: judgedSystems.map(advised),
  },
];
