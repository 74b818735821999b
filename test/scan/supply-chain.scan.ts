/** What comes from others: crates and their licences, and the actions of the workflows. */
import { join } from 'node:path';
import { ROOT, run, runOffline, INSTALLED } from './run.ts';

// Crates that are for other platforms come from the registry, so this has a network. Advisories are in the workflow:
// their database is a repository on GitHub, and a new entry must not fail a change that has nothing to do with it.
test('cargo deny: licences, bans and sources as services-rust/deny.toml has them', async () => {
  const { code, output } = await run(
    join(INSTALLED, 'scan/bin/cargo-deny'),
    ['--locked', '--log-level', 'error', 'check', 'licenses', 'bans', 'sources'],
    { cwd: join(ROOT, 'services-rust') },
  );
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
});

test('zizmor: no known weakness in the workflows', async () => {
  const { code, output } = await runOffline(join(INSTALLED, 'scan/bin/zizmor'), [
    '--offline',
    '--no-progress',
    '.github',
  ]);
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
});
