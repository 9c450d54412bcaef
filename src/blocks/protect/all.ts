export * from '../adapters/index.ts';
export * from './index.ts';
