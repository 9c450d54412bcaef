import type { Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import { type Breaking, LEAST } from '../stress/breaking-loads.ts';
import type { Cause } from '../stress/causes.ts';
import type { AdvisedKinds, Changeable } from './changeable.ts';
import type { Costs } from './cost.ts';
import type { Move, Situation, WrittenDesign } from './move.ts';
import type { Downtime } from './promises.ts';
import { narrowStations, type Reach, wayTo, whyBroken } from './situation.ts';
import type { Trial } from './trial.ts';

/** What changes of a design are tried with: how one is simulated, and what is known of the design as it is. */
export interface Bench {
  readonly changeable: Changeable;
  readonly kinds: AdvisedKinds;
  readonly seed: number;
  /** The design under several loads, with a move or as it is; equally long runs on the same random numbers. */
  readonly trial: (of: Plan, move: Move | null) => Trial;
  /** Where its goals may give way, by formulas; null = no idea. */
  readonly guess: (of: Plan) => Promise<number | null>;
  /** Goals of which runs can tell whether they hold. */
  readonly goals: ReadonlySet<number>;
  /** The highest load that is looked at. */
  readonly most: number;
  /** Where the design as it is gives way. */
  readonly base: Breaking;
  /** What it showed where its goals hold; and at a load that is meant: what fails there as well is no loss. */
  readonly sound: Report;
  readonly meant: Report;
  readonly costs: Costs;
  /** How long it is down in a year; null where nobody knows. */
  readonly down: Downtime | null;
  readonly diagnostics: ReturnType<Changeable['load']>['diagnostics'];
}

/** What gives way in a design, and what moves are looked for in then. */
export interface Weakness {
  readonly cause: Cause;
  readonly situation: Situation;
  /** What it showed where its goals hold. */
  readonly sound: Report;
}

/** @param reach what is narrow is to carry so much */
export async function weaknessOf(
  design: unknown,
  trial: Trial,
  { met, missed }: Breaking,
  { kinds, most }: Pick<Bench, 'kinds' | 'most'>,
  reach: Reach | null,
): Promise<Weakness> {
  const { plan } = trial;
  const broken = await trial.report(Math.max(missed ?? most, met === null ? 1 : 0));
  const sound = await trial.report(met ?? LEAST);
  const cause = missed === null ? { root: null, links: [] } : whyBroken(plan, broken, sound);
  const narrow = missed === null ? [] : narrowStations(plan, cause, broken, reach);
  const situation: Situation = {
    design: design as WrittenDesign,
    plan,
    kinds: { described: new Map(kinds.described.map((each) => [each.name, each])), moves: kinds.moves },
    narrow,
    way: wayTo(
      plan,
      narrow.map(({ component }) => component),
    ),
    broken,
  };
  return { cause, situation, sound };
}
