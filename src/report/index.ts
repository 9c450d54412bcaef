/**
 * The Report, the one shape of every outcome, and its faces: a page for people in a terminal, and JSON.
 * An estimate and a simulation of one design can be laid beside each other. Pure functions, no printing.
 */
export type { Advice, AdviceReport, MoveReport, RejectedMove } from './advice.ts';
export { adviceToJson } from './advice.ts';
export { priceText, renderAdvice, withoutUnpriced } from './advice-page.ts';
export { renderAvailability } from './availability-page.ts';
export {
  type AvailabilityReport,
  availabilityToJson,
  type TrafficAvailability,
} from './availability-report.ts';
export type {
  BlamedPart,
  BlameKind,
  BlameShare,
  BlameView,
  FailedBlame,
  JoinBranch,
  JoinReport,
  TrafficBlame,
} from './blame.ts';
export type { Cell, Column } from './cell.ts';
export type { ComparedGoal, ComparedRow, CompareReport, Comparison, Effect, KeyMoves } from './compare.ts';
export { compareToJson } from './compare.ts';
export { compareToMarkdown } from './compare-markdown.ts';
export { renderCompare } from './compare-page.ts';
export type { Agreement, ComparedFigure } from './comparison.ts';
export { AGREEMENT_TOLERANCE, agreementOf, compareReports, renderComparison } from './comparison.ts';
export { drawingOf, drawingToSvg, mermaidOf } from './diagram/index.ts';
export {
  type ExplainReport,
  explainToJson,
  type MeasureFirst,
  type Sensitivity,
  type Tornado,
  type TornadoBar,
  type TornadoEnd,
} from './explain.ts';
export { renderExplain } from './explain-page.ts';
export { figureText, spelledTime, valueText } from './figure-text.ts';
export { goalMeaning, isOfMessages, judge, messageFigure } from './goals.ts';
export type { HistoryReport, HistoryStep } from './history.ts';
export { historyToJson } from './history.ts';
export { renderHistory } from './history-page.ts';
export { orderedReport, reportToJson } from './json.ts';
export { traceToOtlp } from './otlp.ts';
export { overloadSentences } from './overload.ts';
export { compareToHtml, type PageFace, type Results, renderPage, renderSummary } from './page/index.ts';
export { traceToPerfetto } from './perfetto.ts';
export type {
  CacheReport,
  ConnectionReport,
  Figure,
  GoalReport,
  LatencyReport,
  OnceReport,
  OperationReport,
  QueueReport,
  Report,
  SheetEntry,
  StationReport,
} from './report.ts';
export type {
  AlertReport,
  ObjectiveReport,
  OutcomeReport,
  ScenarioChange,
  ScenarioReport,
  SeriesReport,
  StationSeriesReport,
  TrafficSeriesReport,
} from './scenario-report.ts';
export { reportSchema } from './schema.ts';
export type { LoadPoint, Rung, SpareStation, StressReport, UslFit } from './stress.ts';
export { stressToJson } from './stress.ts';
export { renderStress } from './stress-page.ts';
export type { TableLayout } from './table.ts';
export { tableLines } from './table.ts';
export type { TerminalOptions } from './terminal.ts';
export { renderReport } from './terminal.ts';
export type { RenderOptions, Theme } from './theme.ts';
export { themeOf, wrapped } from './theme.ts';
export type { Span, SpanKind, Trace, TracedRequest } from './trace.ts';
export type { Conflict, HeldGoal, TunedKnob, TunedSetting, TuningReport } from './tuning.ts';
export { tuningToJson } from './tuning.ts';
export { renderTuning } from './tuning-page.ts';
export { goalLines } from './verdict.ts';
export { renderTrace } from './waterfall.ts';
