/** The order of a delivery, dry: against a local region of its own, in order, nothing beside it. */
import base from '../../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deliver/**/*.region.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
