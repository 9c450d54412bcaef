/** A key that no cache has, since it was never used before; nobody asks for it again. */
export const NEW_KEY = -1;
/** A key that stands for nothing that there is has a code from here downwards. */
export const MISSING_KEY = -2;
