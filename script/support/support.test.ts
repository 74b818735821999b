import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '../generated-part.ts';
import { supportTables } from './document.ts';

test('docs/any-app-reference.md is what the check goes by: write it with `npm run support`', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/any-app-reference.md'), 'utf8');
  expect(document).toBe(withTables(document, 'npm run support', supportTables()));
});

test('a property has one row, with what becomes of it and why', () => {
  const tables = supportTables();
  for (const row of [
    '| `ContainerDefinitions.EnvironmentFiles` | refused | files in S3 are not read: put the variables into Environment, or into Secrets |',
    '| `PlatformVersion` | no effect | there is one platform |',
    '| `NetworkMode` | needed; only `awsvpc`, others: refused | tasks have a network interface of their own: use awsvpc, as Fargate does |',
  ])
    expect(tables.split('\n').filter((line) => line === row)).toHaveLength(1);
});
