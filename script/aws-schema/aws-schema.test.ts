import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/region/paths.ts';
import { schemaTable, TABLE } from './read.ts';

test('the table of AWS’s schemas is that of the pinned cfn-lint: write it with `npm run aws-schema`', () => {
  expect(schemaTable()).toBe(readFileSync(join(ROOT, TABLE), 'utf8'));
});
