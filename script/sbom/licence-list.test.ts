import { licenceList } from './licence-list.ts';

const bom = (licenses: unknown): unknown => ({
  bomFormat: 'CycloneDX',
  components: [
    { name: 'tokio', version: '1.2.3', licenses },
    { name: 'axum', version: '0.8.0', licenses: [{ expression: 'MIT' }] },
  ],
});

test('a row for each crate, sorted', () => {
  expect(
    licenceList('service-a', bom([{ license: { id: 'MIT' } }]))
      .split('\n')
      .slice(2),
  ).toEqual([
    '| crate | version | licence |',
    '|---|---|---|',
    '| axum | 0.8.0 | MIT |',
    '| tokio | 1.2.3 | MIT |',
    '',
  ]);
});

test('a crate without a licence is an error that names it', () => {
  expect(() => licenceList('service-a', bom(undefined))).toThrow(/^tokio 1\.2\.3 in service-a has no licence/);
});

test('what is no bill of materials is refused', () => {
  expect(() => licenceList('service-a', { components: [] })).toThrow();
});
