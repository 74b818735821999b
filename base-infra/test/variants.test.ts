import { testVariants } from '@highlands/connected-service/testing';
import { variants } from './variants.ts';

testVariants(variants, import.meta.dirname);
