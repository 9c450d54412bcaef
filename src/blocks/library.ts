/** `tenfold/blocks`: the decision cores, and their adapters for services on real time. It depends on nothing. */
export * from './adapters/index.ts';
export * from './index.ts';
