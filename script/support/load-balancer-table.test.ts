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

/** A hole that a value fills: `${status}` of a template, `%s` of `test.each`. */
const HOLE = /\$\{[^}]*\}|%s/;
/** What a name is quoted with in a source. */
const QUOTED = /(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1/g;

/** Whether a name stands in a source as it is, or made from a text with one hole and words before it. */
const isNamed = (texts: readonly string[], name: string): boolean =>
  texts.some((text) => {
    const [before = '', after] = text.split(HOLE);
    if (after === undefined) return text === name;
    return before !== '' && name.startsWith(before) && name.endsWith(after);
  });

test.each(Object.entries(LOAD_BALANCER_ROWS))('%s has a test for each of its rows', (file, own) => {
  const source = readFileSync(join(ROOT, 'local/agent/core/envoy', file), 'utf8');
  expect(source).toContain('afterEach(inTable(import.meta.filename))');
  const texts = [...source.matchAll(QUOTED)].map(([, , text]) => (text ?? '').replaceAll('\\\\', '\\'));
  expect(own.map(({ test: name }) => name).filter((name) => !isNamed(texts, name))).toEqual([]);
});
