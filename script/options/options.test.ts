import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '../generated-part.ts';
import { optionTables } from './document.ts';
import { settingsOf } from './settings.ts';

test('docs/options.md is what the types say: write it with `npm run options`', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/options.md'), 'utf8');
  expect(document).toBe(withTables(document, 'npm run options', optionTables()));
});

test.each(['BaseInfraStackProps', 'ServiceSettings', 'ServiceBStackProps', 'StageOptions'])(
  'every setting of %s has a sentence, and a default where it may be left out',
  (name) => {
    const settings = settingsOf(name);
    expect(settings.filter(({ sentence, default: text }) => sentence === '' || text === '')).toEqual([]);
  },
);

test('parts of settings and what is inherited are found', () => {
  expect(settingsOf('BaseInfraStackProps').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['natGateways', 'https', 'https.certificateArn', 'https.domainName']),
  );
});
