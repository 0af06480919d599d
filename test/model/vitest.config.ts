import { defineConfig } from 'vitest/config';

/** Sequences by chance need processors, not each other: two workers play half of them each. */
const workers = 2;

export default defineConfig({
  test: {
    maxWorkers: workers,
    projects: Array.from({ length: workers }, (_, index) => ({
      test: {
        name: `half ${index + 1}`,
        include: ['test/model/*.test.ts'],
        env: { MODEL_WORKERS: String(workers), POWERTOOLS_LOG_LEVEL: 'SILENT' },
        testTimeout: 3_600_000,
      },
    })),
  },
});
