export { expectGolden } from './golden.ts';
