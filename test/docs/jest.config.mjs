/** Every command of the documents, typed in one shell beside one local region. */
import base from '../../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/docs/**/*.region.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
