/**
 * Decision cores: small synchronous pieces of code that decide, given the time and a random source, and do
 * nothing else. The simulator runs them on virtual time; a service can run the same code on real time.
 */
export * from './balance/index.ts';
export * from './cache/index.ts';
