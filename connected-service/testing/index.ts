export { expectGolden } from './golden.ts';
export { testVariants, type Variants } from './variants.ts';
