/**
 * The language: what a design may say, and what becomes of it.
 */
export { type CodeMeaning, codes, type DiagnosticCode, type Severity } from './codes.ts';
export { constantOf } from './constant-use.ts';
export * from './constants/index.ts';
export { type Diagnostic, formatDiagnostic, formatDiagnostics } from './diagnostic.ts';
export { type Amount, type Field, type FieldAccount, field } from './field.ts';
export {
  type Bounds,
  choice,
  count,
  distribution,
  limit,
  line,
  popularity,
  quantity,
  quantityOrUnlimited,
  reference,
  section,
  uncertain,
} from './fields.ts';
export * from './kind.ts';
export { type LoadedDesign, type LoadOptions, loadDesign, loadDesignObject } from './load.ts';
export type * from './plan.ts';
export { type ComponentInput, type DesignInput, designSchema } from './schema.ts';
export type { StepInput } from './step.ts';
