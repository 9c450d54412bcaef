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
  },
});
