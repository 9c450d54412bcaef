/** A key that no cache can hold, since it was never used before. */
export const NEW_KEY = -1;
/** A key that stands for nothing that there is has a code from here downwards. */
export const MISSING_KEY = -2;
