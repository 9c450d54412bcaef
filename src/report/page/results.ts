import type { KindDescription } from '../../design/kind.ts';
import type { Plan } from '../../design/plan.ts';
import type { AdviceReport } from '../advice.ts';
import type { ExplainReport } from '../explain.ts';
import type { Report } from '../report.ts';
import type { StressReport } from '../stress.ts';
import type { Trace } from '../trace.ts';
import type { TuningReport } from '../tuning.ts';

/** What is known of a design: its plan, and whatever answers there are. Sections about others are left out. */
export interface Results {
  readonly plan: Plan;
  readonly kinds: readonly KindDescription[];
  readonly estimate?: Report | undefined;
  /** Of the steady state. */
  readonly simulation?: Report | undefined;
  /** Simulations under scenarios. */
  readonly scenarios?: readonly Report[] | undefined;
  readonly trace?: Trace | undefined;
  readonly stress?: StressReport | undefined;
  /** Of the steady state. */
  readonly explain?: ExplainReport | undefined;
  readonly advice?: AdviceReport | undefined;
  readonly tuning?: TuningReport | undefined;
  /** What was to be found out and could not be, and why, in sentences. */
  readonly omitted?: readonly string[] | undefined;
  /** The command that writes the page again. */
  readonly command: string;
  readonly version: string;
}
