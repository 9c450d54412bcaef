import type { KindMoves } from '../../design/index.ts';

/** What becomes of a request at somebody else's, such as a payment, the design does not say. */
export const moves: KindMoves = { acts: true };
