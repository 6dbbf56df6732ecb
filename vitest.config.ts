import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract,infrastructure}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // Whole runs of the system on one machine, one after the other: each of them uses all cores.
        extends: true,
        test: {
          name: 'scenarios',
          include: ['test/{scenarios,browser}/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
