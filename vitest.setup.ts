import fc from 'fast-check';

// The same cases in every run, so that a change is judged by what it changed. Others on demand, and with a search
// that goes further: FAST_CHECK_SEED=42 FAST_CHECK_RUNS=1000.
const { FAST_CHECK_SEED: seed = '2026', FAST_CHECK_RUNS: runs } = process.env;
fc.configureGlobal({ seed: Number(seed), ...(runs !== undefined && { numRuns: Number(runs) }) });
