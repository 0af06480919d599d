import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/rehearsal/**/*.test.ts'],
    testTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: 'reports/rehearsal-results.json' }]],
  },
});
