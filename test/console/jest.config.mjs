/** The console of one region that all files share, in real Chromium. */
import base from '../../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/console/**/*.region.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/console/start-region.mjs',
  globalTeardown: '<rootDir>/test/console/stop-region.mjs',
};
