/** What `npm run deliver` says before it touches anything. No account is asked; if one were, nobody would answer. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOWHERE = 'http://127.0.0.1:9';
const folder = mkdtempSync(join(tmpdir(), 'deliver-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  [
    'images for another processor than the tasks',
    ['--architectures', 'amd64'],
    /service-a runs on arm64, and the image would be for amd64: build it on an arm64 machine too/,
  ],
  [
    'a processor that nobody built for',
    ['--architectures', 'arm64,amd64', '--binaries', folder],
    /aarch64-unknown-linux-gnu\/release\/service-a is missing: /,
  ],
  [
    'a stage that no project has',
    ['--stage', 'dev', '--architectures', 'arm64'],
    /base-infra has no stage "dev": add it to base-infra\/bin\/app\.ts, as docs\/options\.md shows/,
  ],
])('%s: said first, and there is nothing to roll back', (_, args, said) => {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' },
    ...{ AWS_ENDPOINT_URL_SSM: NOWHERE, AWS_ENDPOINT_URL_STS: NOWHERE, AWS_ENDPOINT_URL_CLOUDFORMATION: NOWHERE },
    HIGHLANDS_STATE_DIR: join(folder, 'state'),
  };
  delete environment['AWS_ENDPOINT_URL'];
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'deliver', '--', 'all', '--no-build', ...args], {
    cwd: join(import.meta.dirname, '../..'),
    env: environment,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(said);
  expect(stdout + stderr).not.toMatch(/bootstrap|roll|\n\s+at /);
});
