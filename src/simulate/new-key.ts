/** A key that no cache can hold, since it was never used before. */
export const NEW_KEY = -1;
