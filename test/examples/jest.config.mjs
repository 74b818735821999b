/** Every example in one region, with real traffic. */
import docs from '../docs/jest.config.mjs';

export default { ...docs, testMatch: ['<rootDir>/test/examples/**/*.region.ts'] };
