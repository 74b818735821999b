/** Every command of the documents, typed in one shell beside one local region. */
import base from '../../jest.config.mjs';

export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/docs/**/*.region.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // unbash is an ES module, which jest takes only through a transform.
  transform: { '^.+\\.[jt]s$': Object.values(base.transform)[0] },
  transformIgnorePatterns: ['/node_modules/(?!unbash/)'],
  // `npm start` compiles the services on a machine where nothing is built.
  testTimeout: 2_000_000,
};
