import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    testTimeout: 2_700_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/crash-results.json' }]],
  },
});
