import { benchDocument, pairRows } from './document.ts';
import { figures, ratios } from './figures.ts';

const pair = {
  ...{ what: 'this against that', unit: 'ms', first: 'this', second: 'that', digits: 1 },
  samples: [
    { first: 10, second: 20 },
    { first: 30, second: 10 },
    { first: 20, second: 20 },
  ],
};

test('a ratio is of one run, not of the medians of all', () => {
  expect(ratios(pair)).toEqual({ min: 0.5, median: 1, max: 3 });
  expect(pairRows([pair])).toEqual([['this against that, ms', 'this: 20.0', 'that: 20.0', '0.50', '1.00', '3.00']]);
});

test('figures sort by value; what was not measured is no figure', () => {
  expect(figures([10, 9, 100])).toEqual({ min: 9, median: 10, max: 100 });
  expect(() => figures([])).toThrow('no figures');
  // Nothing was answered on the other side.
  expect(() => ratios({ samples: [{ first: 1, second: 0 }] })).toThrow('no figures');
});

test('the document has the machine, the date, the runs, both tables and how each pair is made', () => {
  const text = benchDocument({
    machine: { cores: 2, architecture: 'arm64', kernel: '6.1.0' },
    date: '2026-01-02',
    runs: 3,
    measured: [{ what: 'a start (s)', values: [2, 1, 3], digits: 1 }],
    pairs: [pair],
    methods: { 'this against that': 'by a clock.' },
  });
  expect(text).toContain('2 cores, arm64, Linux 6.1.0; 2026-01-02; 3 runs.');
  expect(text).toContain('| this against that, ms | this: 20.0 | that: 20.0 | 0.50 | 1.00 | 3.00 |');
  expect(text).toContain('- **this against that**: by a clock.');
  expect(text).toContain('| a start (s) | 1.0 | 2.0 | 3.0 |');
});
