import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'validation/**/*.test.ts',
      'docs/**/*.test.ts',
      'bench/**/*.test.ts',
      'systems/**/*.test.ts',
    ],
    setupFiles: ['vitest.setup.ts'],
    pool: 'forks',
    // Test files of a worker share what they import, which takes longer to load than most of them to run.
    isolate: false,
    // One worker for each core: the default leaves one core idle, half of a small machine.
    maxWorkers: '100%',
    // Statistical tests take seconds, on a busy machine many of them; none asserts a time.
    testTimeout: 60_000,
    // Everything but the tests themselves is loaded by Node as it is in use, types stripped: rewritten by the
    // test runner, the simulator's inner loops are many times slower.
    execArgv: ['--import', './scripts/typescript.js'],
    server: { deps: { external: [/\/(src|validation|bench|systems|dist)\/(?!.*\.test\.ts$).*\.[jt]s$/] } },
  },
});
