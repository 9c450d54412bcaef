/**
 * Decision cores: small synchronous pieces of code that decide, given the time and a random source, and do
 * nothing else. The simulator runs them on virtual time; a service runs the same code on real time, through the
 * adapters or by itself. `library.ts` is what a service imports: these, and the adapters.
 */
export * from './balance/index.ts';
export * from './cache/index.ts';
export * from './deliver/index.ts';
export * from './identify/index.ts';
export * from './limit/index.ts';
export * from './observe/index.ts';
export * from './place/index.ts';
export * from './protect/index.ts';
export * from './route/index.ts';
export * from './scale/index.ts';
export * from './sketch/index.ts';
