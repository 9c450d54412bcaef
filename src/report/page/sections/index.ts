/**
 * The sections of a page, each from the results it needs, in the order in which a design is worked out: requirements,
 * estimates, high-level design, data model, interface, deep dive, bottlenecks, trade-offs. One more is one more file here.
 */
import type { Page, Section } from '../page.ts';
import type { Results } from '../results.ts';
import { adviceSection } from './advice.ts';
import { assumptionsSection } from './assumptions.ts';
import { behaviourSection } from './behaviour.ts';
import { blameSection } from './blame.ts';
import { bottlenecksSection } from './bottlenecks.ts';
import { costSection } from './cost.ts';
import { dataModelSection } from './data-model.ts';
import { estimatesSection } from './estimates.ts';
import { highLevelDesignSection } from './high-level-design.ts';
import { interfaceSection } from './interface.ts';
import { reproduceSection } from './reproduce.ts';
import { requirementsSection } from './requirements.ts';
import { scenarioSections } from './scenarios.ts';
import { summarySection } from './summary.ts';
import { tradeOffsSection } from './trade-offs.ts';
import { tuningSection } from './tuning.ts';
import { waterfallsSection } from './waterfalls.ts';

/** Makes a section, or several, of what is known; none where that says nothing of it. */
type SectionMaker = (results: Results) => Section | readonly Section[] | null;

const makers: readonly SectionMaker[] = [
  summarySection,
  requirementsSection,
  estimatesSection,
  highLevelDesignSection,
  dataModelSection,
  interfaceSection,
  behaviourSection,
  blameSection,
  waterfallsSection,
  scenarioSections,
  bottlenecksSection,
  adviceSection,
  tuningSection,
  costSection,
  tradeOffsSection,
  assumptionsSection,
  reproduceSection,
];

/** Puts all that is known of a design into one document. */
export function pageOf(results: Results): Page {
  const { name, summary } = results.plan;
  return { title: name, summary, sections: makers.flatMap((make) => make(results) ?? []) };
}
