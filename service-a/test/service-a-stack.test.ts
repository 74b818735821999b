import { expectGolden } from '@highlands/connected-service/testing';
import { stack } from '../bin/app.ts';

test('the template is the reviewed one', () => {
  expectGolden(stack, import.meta.dirname);
});
