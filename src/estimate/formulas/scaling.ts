import { requirePositive, requireProbability } from './require.ts';

/**
 * Speed-up of a task of fixed size on n processors when a share f of it runs in parallel:
 * 1 / ((1 − f) + f/n). Amdahl, AFIPS 1967.
 */
export function amdahl(parallelShare: number, processors: number): number {
  requireProbability('parallelShare', parallelShare);
  requirePositive('processors', processors);
  return 1 / (1 - parallelShare + parallelShare / processors);
}

/**
 * Speed-up of a task that grows with n processors when a share s of the time is serial: n − s(n − 1).
 * Gustafson, CACM 31(5), 1988.
 */
export function gustafson(serialShare: number, processors: number): number {
  requireProbability('serialShare', serialShare);
  requirePositive('processors', processors);
  return processors - serialShare * (processors - 1);
}
