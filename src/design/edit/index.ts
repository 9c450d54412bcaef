/**
 * Edits of a design as it is written: a few places set, the rest as it was. The same edits are made to plain values,
 * which are checked and planned, and to the text of a file, which keeps its comments and its form.
 */
export { type Edit, edited } from './edit.ts';
export { editedText, SharedPlace } from './text.ts';
