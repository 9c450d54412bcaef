/**
 * The language: what a design may say, how it is checked, and the plan that becomes of it.
 *
 * `loadDesign` is the way in: text → values with their places (yaml.ts) → schema (schema.ts) and checks
 * (check.ts), which report diagnostics → plan (make-plan.ts). The language knows no kind of component by name;
 * kind.ts says what a kind has to bring along, and quantity-fields.ts and word-fields.ts are what its settings
 * are made of. Named constants with their sources are in constants/.
 */
export { type AnswerBytes, answerBytes, bytesSent, shareSent, uncompressedAnswer } from './answers.ts';
export { callOptions } from './call-options.ts';
export { ceilingOf } from './ceilings.ts';
export { type CodeMeaning, codes, type DiagnosticCode, type Severity } from './codes.ts';
export { constantOf } from './constant-use.ts';
export * from './constants/index.ts';
export { priceFor } from './cost-use.ts';
export { type Diagnostic, formatDiagnostic, formatDiagnostics } from './diagnostic.ts';
export { type Edit, edited, editedText, SharedPlace } from './edit/index.ts';
export {
  type Amount,
  accept,
  type Field,
  type FieldAccount,
  type FieldReading,
  type FieldRefusal,
  type FieldShape,
  field,
  refuseType,
} from './field.ts';
export { endsOf, type InputNumber, movedBy, type Revise } from './inputs.ts';
export { designJsonSchema, designSchemaId, type JsonSchema } from './json-schema.ts';
export * from './kind.ts';
export type * from './kind-moves.ts';
export { type LoadedDesign, type LoadOptions, loadDesign, loadDesignObject } from './load.ts';
export {
  defineBlocks,
  type OwnBackoffOptions,
  type OwnBlocks,
  type OwnCacheOptions,
  type OwnLimitOptions,
  requireOwnBlocks,
} from './own-blocks.ts';
export { isName } from './plain-name.ts';
export type * from './plan.ts';
export {
  type Bounds,
  count,
  distribution,
  limit,
  popularity,
  quantity,
  quantityOrFlag,
  quantityOrUnlimited,
  quantityOrWord,
  ratios,
  uncertain,
} from './quantity-fields.ts';
export type { NumbersOfLine } from './read-rates.ts';
export { mostRoutes } from './routes.ts';
export { type ComponentInput, type DesignInput, designSchema, type Naming } from './schema.ts';
export { type SettingAccount, settingsOf } from './settings.ts';
export { readSource, type Source } from './source.ts';
export { headersSet, type StepInput } from './step.ts';
export { underLoad } from './under-load.ts';
export { underScenario } from './under-scenario.ts';
export {
  type BlockTheme,
  blockChoice,
  choice,
  flag,
  headers,
  line,
  names,
  namesByName,
  numberChoice,
  type OwnName,
  pathPattern,
  reference,
  references,
  section,
} from './word-fields.ts';
