/**
 * The language: what a design may say, and what becomes of it.
 */
export { type CodeMeaning, codes, type DiagnosticCode, type Severity } from './codes.ts';
export { constantOf } from './constant-use.ts';
export * from './constants/index.ts';
export { type Diagnostic, formatDiagnostic, formatDiagnostics } from './diagnostic.ts';
export { type Amount, type Field, type FieldAccount, field } from './field.ts';
export { designJsonSchema, designSchemaId, type JsonSchema } from './json-schema.ts';
export * from './kind.ts';
export { type LoadedDesign, type LoadOptions, loadDesign, loadDesignObject } from './load.ts';
export type * from './plan.ts';
export {
  type Bounds,
  count,
  distribution,
  limit,
  popularity,
  quantity,
  quantityOrUnlimited,
  uncertain,
} from './quantity-fields.ts';
export { type ComponentInput, type DesignInput, designSchema } from './schema.ts';
export { type SettingAccount, settingsOf } from './settings.ts';
export type { StepInput } from './step.ts';
export { choice, line, reference, section } from './word-fields.ts';
