import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 inline more of the engine's small functions into its loop: with V8's own limit of 920 bytes of
 * bytecode it stops half-way, and a run takes a sixth longer. Holds for the whole process, workers included,
 * so it is for programs and not for libraries.
 */
export function inlineMore(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');
}
