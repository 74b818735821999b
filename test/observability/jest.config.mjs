/** Traces, metrics, alarms and logs of the running system: one file, in order, in a region of its own. */
import base from '../e2e/jest.config.mjs';

export default {
  ...base,
  testMatch: ['<rootDir>/test/observability/**/*.region.ts'],
};
