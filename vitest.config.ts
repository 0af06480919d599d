import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/crash/**', 'test/rehearsal/**', 'node_modules/**'],
    // The model's sequences are few here; `npm run test:model` plays them all.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', MODEL_RUNS: '1000', MODEL_USE_CASE_RUNS: '50' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'reports/test-results.json' }]],
  },
});
