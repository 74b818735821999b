/** One jest run for the four CDK projects, the shared package and the pure core of the local region. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/\\.highlands/', '/test/e2e/'],
  modulePathIgnorePatterns: ['/cdk.out/', '/\\.highlands/'],
  // swc only strips types here; `npm run typecheck` is what checks them, once.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // A synth of four apps on a busy two-core machine takes longer than jest's 5 s default.
  testTimeout: 60_000,
};
