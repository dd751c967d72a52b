import { defineConfig } from 'vitest/config';

// they replace modules of the deployed entries, which only a module graph of their own keeps to themselves
const entries = ['test/state-machines/**/*.test.ts', 'test/events/**/*.test.ts'];

// against a server that only `npm run test:registry` starts
const moto = 'test/**/*.moto.test.ts';

export default defineConfig({
  test: {
    // `npm test` measures it; the rules and use cases leave no way untried
    coverage: {
      provider: 'v8',
      include: ['functions/domain/**', 'functions/application/**'],
      reporter: [['text', { skipFull: true }]],
      reportsDirectory: '.local/test-results/coverage',
      thresholds: {
        branches: 90,
        'functions/domain/{agent,artifact,assignment,checkpoint,credential,gate,routing,session,tenant}/**': {
          branches: 99,
        },
        'functions/application/*{session,assignment,agent,checkpoint,lease,attempt,outcome}*.ts': { branches: 99 },
      },
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/architecture/**', 'test/**/*.opencode.test.ts', moto, ...entries],
          // one module graph per worker: loading it anew for each file cost more than the tests themselves
          isolate: false,
          pool: 'threads',
          maxWorkers: '100%',
          // a guard against hanging, generous because a busy machine is no failure
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'entries', include: entries, maxWorkers: '100%', testTimeout: 30_000, hookTimeout: 30_000 } },
      { test: { name: 'moto', include: [moto], testTimeout: 30_000 } },
      {
        // with a real OpenCode server: dear, so `npm run check` leaves them to `npm test`
        test: {
          name: 'opencode',
          include: ['test/**/*.opencode.test.ts'],
        },
      },
      {
        test: {
          name: 'architecture',
          include: ['test/architecture/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/local-cloud.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
