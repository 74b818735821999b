/**
 * `npm run audit`: known vulnerabilities of what runs, and licences of what is in the images. It asks the npm registry and
 * the RustSec database on GitHub, so it is not in `npm test`: a new entry must not fail a change that has nothing to do
 * with it. The policy for exceptions is in docs/security.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installed, root } from './setup/places.mjs';
import { setUp } from './setup/set-up.mjs';

await setUp({ root, state: installed, development: true });
const checks = [
  // What only tests and the CDK apps' own development need is not on anybody's machine in production.
  ['npm', ['audit', '--omit=dev', '--audit-level=high'], root],
  [
    join(installed, 'scan/bin/cargo-deny'),
    ['--locked', 'check', 'advisories', 'licenses', 'bans', 'sources'],
    join(root, 'services-rust'),
  ],
];
const failed = checks.filter(([command, args, cwd]) => {
  console.log(`\n$ ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
