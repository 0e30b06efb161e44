import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    // On a loaded machine a browser may lose a race that no person would notice; a second try is reported as such.
    retry: process.env.CI ? 1 : 0,
    reporters: ['default'],
  },
});
