/** Scanners that are programs of their own. */
import base from '../../jest.config.mjs';

export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/test/scan/**/*.scan.ts'] };
