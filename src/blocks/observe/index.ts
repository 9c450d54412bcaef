/**
 * Observation: what a service promises and how it keeps it. Service levels and their error budgets, alerts on how
 * fast these burn, and the RED and USE figures; all over sliding windows of bounded size, in the caller's time.
 */
export { BurnAlerts, type BurnAlertsOptions, type BurnAlertsState } from './burn-alerts.ts';
export {
  type BurnRule,
  burnRateFor,
  detectionTime,
  timeToExhaustion,
  workbookBurnRules,
} from './burn-rate.ts';
export { DurationWindow, type DurationWindowOptions, type DurationWindowState } from './duration-window.ts';
export type { PaneClockState, PaneOptions } from './pane-clock.ts';
export { type RedSummary, RedWindow, type RedWindowState } from './red-window.ts';
export {
  type ErrorBudget,
  ServiceLevel,
  type ServiceLevelOptions,
  type ServiceLevelState,
} from './service-level.ts';
export { type UseSummary, UseWindow, type UseWindowOptions, type UseWindowState } from './use-window.ts';
export { WindowedSums, type WindowedSumsState } from './windowed-sums.ts';
