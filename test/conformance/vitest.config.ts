import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    // The embedded machine runs in the same process; what its functions log is not looked at here.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: 'reports/conformance-results.json' }]],
  },
});
