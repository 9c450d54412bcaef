/**
 * `tenfold/vitest`: tests of an architecture. Importing it adds the matchers to Vitest's `expect`; for other runners that
 * know `expect.extend`, such as Jest, there are `matchers` to hand to it.
 */
import { expect } from 'vitest';
import { matchers } from './matchers.ts';

export { matchers } from './matchers.ts';
export { DesignUnderTest, design, type Outcome } from './outcome.ts';

/** The matchers as a test calls them. */
type Called<R> = {
  [Name in keyof typeof matchers]: (typeof matchers)[Name] extends (
    outcome: never,
    ...args: infer A
  ) => unknown
    ? (...args: A) => R
    : never;
};

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter has to be that of Vitest's own declaration.
  interface Matchers<T = any> extends Called<T> {}
}

expect.extend(matchers);
