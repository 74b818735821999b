import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusedMost, sampleRows } from '../../local/apps/testing/sample.ts';
import { withTables } from '../generated-part.ts';
import { sampleTables } from './sample-table.ts';

const rows = sampleRows();

test('docs/any-app-sample.md has what the check says of each app: write it with `npm run support`', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/any-app-sample.md'), 'utf8');
  expect(document).toBe(withTables(document, 'npm run support', sampleTables(rows)));
});

test('as many apps are accepted as ever were', () => {
  const refused = rows.filter(({ refused: reasons }) => reasons.length > 0);
  expect(rows.length).toBeGreaterThanOrEqual(57);
  expect(rows.length - refused.length).toBeGreaterThanOrEqual(31);
});

test('a reason counts once in each app', () => {
  const row = (name: string, ...notes: string[]) => ({
    ...{ name, shape: '', needs: [] },
    refused: notes.map((note, index) => ({ what: `X[${index}]`, note })),
  });
  expect(refusedMost([row('a', 'no EC2', 'no EC2'), row('b', 'no EC2', 'no FSx'), row('c', 'no EC2')])).toEqual([
    ['no EC2', ['a', 'b', 'c']],
    ['no FSx', ['b']],
  ]);
});
