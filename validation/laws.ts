/** Laws that every run must obey. */
import type { Case } from './case.ts';
import type { StationResidual } from './little.ts';
import type { Row } from './row.ts';
import { judgeExact } from './verdict.ts';

const tolerance = { absolute: 0.005 } as const;

/** Checked on all runs of the other cases together, so it has no model of its own. */
export const littleCase: Case = {
  id: 'littles-law',
  title: 'Little’s law at every station of every run on this page',
  source: 'Little, Operations Research 9 (1961): L = λT',
  evidence: 'closed form',
  models: [],
};

/** The station that is furthest from Little's law. */
export function littleRow(residuals: readonly StationResidual[]): Row {
  const value = residuals.reduce((largest, { residual }) => Math.max(largest, residual), 0);
  const verdict = residuals.length === 0 ? 'skipped' : judgeExact(0, value, tolerance);
  return {
    caseId: littleCase.id,
    model: `${residuals.length} stations`,
    what: 'largest |L − λT| / L',
    unit: '1',
    paper: 0,
    tolerance,
    estimate: null,
    ours: { value, low: value, high: value, verdict },
    verdict,
    explanation: '',
  };
}
