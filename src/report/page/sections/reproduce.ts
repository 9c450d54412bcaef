import { countText, valueText } from '../../figure-text.ts';
import type { Report } from '../../report.ts';
import { themeOf } from '../../theme.ts';
import type { Part, Section } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});

/** How the figures were obtained, and how to obtain them again. */
export function reproduceSection(results: Results): Section {
  const { estimate, simulation, omitted = [], version, command } = results;
  const items = [
    ...(estimate === undefined
      ? []
      : ['Estimates are computed from formulas; ± and ranges span 90 % of what the inputs allow.']),
    ...(simulation === undefined ? [] : [simulated(simulation)]),
    ...omitted,
    `Tenfold ${version}. The same design and seed give the same bytes.`,
  ];
  const imprecise = simulation?.stable === true && !simulation.converged;
  const warning: Part[] = imprecise
    ? [
        {
          part: 'text',
          text: 'The simulation stopped before the precision asked for was reached: read the margins.',
          tone: 'open',
        },
      ]
    : [];
  return {
    id: 'reproduce',
    title: 'Reproduce',
    parts: [{ part: 'items', items }, ...warning, { part: 'command', command }],
  };
}

function simulated({ simulatedSeconds, replications, warmupSeconds, events, seed }: Report): string {
  return `Simulated figures carry 95 % confidence intervals: ${valueText(simulatedSeconds, 's', theme)} in ${countText(replications)} replications, the first ${valueText(warmupSeconds, 's', theme)} of each cut as warm-up, ${countText(events)} events, seed ${seed}.`;
}
