import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOAD_BALANCER_ROWS } from '../../local/agent/testing/load-balancer-rows.ts';
import { withTables } from '../generated-part.ts';
import { loadBalancerTable } from './load-balancer-table.ts';

const ROOT = join(import.meta.dirname, '../..');

test('docs/load-balancer.md has the rows of the tests: write it with `npm run support`', () => {
  const document = readFileSync(join(ROOT, 'docs/load-balancer.md'), 'utf8');
  expect(document).toBe(withTables(document, 'npm run support', loadBalancerTable()));
});

const rows = Object.values(LOAD_BALANCER_ROWS).flat();

test('there are at least 60, each once', () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
  expect(new Set(rows.map(({ test: name }) => name)).size).toBe(rows.length);
});

/** A name as it stands in a source, also one of a table that has a part of it. */
const inSource = (source: string, name: string): boolean =>
  [`'${name.replaceAll('\\', '\\\\')}'`, `"${name}"`].some((written) => source.includes(written));

test.each(Object.entries(LOAD_BALANCER_ROWS))('%s has a test for each of its rows', (file, own) => {
  const source = readFileSync(join(ROOT, 'local/agent/core/envoy', file), 'utf8');
  expect(source).toContain('afterEach(inTable(import.meta.filename))');
  const names = own.map(({ test: name }) => name).filter((name) => !inSource(source, name));
  // Of these the name has the algorithm in it.
  expect(names.filter((name) => !name.startsWith('requests reach targets by '))).toEqual([]);
});
