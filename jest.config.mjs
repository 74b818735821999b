import { mkdirSync } from 'node:fs';
import { testState } from './script/setup/places.mjs';
import { testEnvironment } from './script/setup/test-place.mjs';

// Whoever runs a file alone must not reach a region of the user either; `npm test` has set this already.
if (process.env.HIGHLANDS_STATE_DIR === undefined) {
  const environment = testEnvironment({}, testState);
  mkdirSync(environment.TMPDIR, { recursive: true });
  Object.assign(process.env, environment);
}

/** One jest run for the four CDK projects, the shared package and the pure core of the local region. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '<rootDir>/\\.highlands/', '/test/e2e/'],
  modulePathIgnorePatterns: ['/cdk.out/', '<rootDir>/\\.highlands/'],
  // Packages that are modules of the new kind only, which jest does not take as they are.
  transformIgnorePatterns: ['/node_modules/(?!p-(?:wait-for|timeout)/)'],
  // swc only strips types here; `npm run typecheck` is what checks them, once.
  transform: {
    '^.+(?:\\.ts|/node_modules/p-(?:wait-for|timeout)/.+\\.js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // A synth of four apps on a busy two-core machine takes longer than jest's 5 s default.
  testTimeout: 60_000,
};
