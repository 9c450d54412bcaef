import type { BlockTheme } from '../design/index.ts';

/** Thrown where a block of the user's own cannot be made, or fails in a run; the message names it. */
export class FaultyBlock extends Error {
  override readonly name = 'FaultyBlock';
}

/** The fault of the block that a design calls `name`. */
export function faultOf(theme: BlockTheme, name: string, what: string, cause?: unknown): FaultyBlock {
  const reason = cause === undefined ? '' : `: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new FaultyBlock(`the block ${theme} ${name} ${what}${reason}`, { cause });
}
