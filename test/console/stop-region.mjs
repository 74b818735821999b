/** Jest takes its hooks as they are, without what registers TypeScript for the tests. */
export { default } from './stop-region.ts';
