import { mkdirSync } from 'node:fs';
import { register } from 'tsx/esm/api';
import { testState } from './script/setup/places.mjs';
import { testEnvironment } from './script/setup/test-place.mjs';

// It only takes types away here; `npm run typecheck` is what checks them, once.
register();

// Whoever runs a file alone must not reach a region of the user either; `npm test` has set this already.
if (process.env.HIGHLANDS_STATE_DIR === undefined) {
  const environment = testEnvironment({}, testState);
  mkdirSync(environment.TMPDIR, { recursive: true });
  Object.assign(process.env, environment);
}

/** One jest run for the four CDK projects, the shared package and the pure core of the local region. */
export default {
  // The usual runner loads every module again for every file, of which the CDK and the SDK have thousands: eight times the work.
  runner: 'jest-light-runner',
  // In this process, where TypeScript is registered.
  maxWorkers: 1,
  setupFilesAfterEnv: ['<rootDir>/test/fake-timers.ts'],
  transform: {},
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '<rootDir>/\\.highlands/', '/test/e2e/'],
  modulePathIgnorePatterns: ['/cdk.out/', '<rootDir>/\\.highlands/'],
};
