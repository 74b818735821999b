/** The workflows type what people type: no logic in them, no stored key, nothing that can change under them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const Permissions = z.record(z.string(), z.enum(['read', 'write']));
const Workflow = z.object({
  permissions: Permissions,
  jobs: z.record(
    z.string(),
    z.object({
      permissions: Permissions.optional(),
      environment: z.string().optional(),
      'timeout-minutes': z.number(),
      steps: z.array(Step).min(1),
    }),
  ),
});

const workflows = readdirSync(FOLDER).map((name) => {
  const source = readFileSync(join(FOLDER, name), 'utf8');
  return { name, source, ...Workflow.parse(parse(source)) };
});
const steps = workflows.flatMap(({ name, jobs }) =>
  Object.entries(jobs).flatMap(([job, { steps }]) => steps.map((step) => ({ place: `${name}, ${job}`, ...step }))),
);

test.each(steps.filter(({ run }) => run !== undefined))(
  '$place: "$run" is a script that people call',
  ({ run = '' }) => {
    const command = run.replace(/^sudo -E env "PATH=\$PATH" /, '');
    if (command === 'npm ci --ignore-scripts' || command.startsWith('gh pr comment ')) return;
    const script = /^npm (?:run )?([\w-]+)(?: -- [^;&|]+)?$/.exec(command)?.[1];
    expect(Object.keys(scripts)).toContain(script);
  },
);

test('a step as root is the last one of its job: what it leaves belongs to root', () => {
  const asRoot = workflows.flatMap(({ jobs }) =>
    Object.values(jobs).filter(({ steps }) => steps.some(({ run }) => run?.startsWith('sudo '))),
  );
  expect(asRoot.length).toBeGreaterThan(0);
  for (const { steps } of asRoot) expect(steps.findIndex(({ run }) => run?.startsWith('sudo '))).toBe(steps.length - 1);
});

test.each(steps.filter(({ uses }) => uses !== undefined))(
  '$place: $uses is a commit, which nobody can move',
  ({ uses = '' }) => {
    expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(workflows.some(({ source }) => new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+$`, 'm').test(source))).toBe(true);
  },
);

test('permissions are those that the steps need', () => {
  const granted = workflows.flatMap(({ name, permissions, jobs }) => [
    `${name}: ${JSON.stringify(permissions)}`,
    ...Object.entries(jobs).flatMap(([job, own]) =>
      own.permissions === undefined ? [] : [`${name}, ${job}: ${JSON.stringify(own.permissions)}`],
    ),
  ]);
  expect(granted.sort()).toEqual([
    'deliver.yml, deliver: {"contents":"read","id-token":"write"}',
    'deliver.yml: {"contents":"read"}',
    'nightly.yml: {"contents":"read"}',
    'pull-request.yml, template-diff: {"contents":"read","pull-requests":"write"}',
    'pull-request.yml: {"contents":"read"}',
  ]);
});

test('no stored secret: the token of the run is the only one', () => {
  for (const { source } of workflows) expect(source).not.toMatch(/secrets\.|access.?key/i);
});

test('a delivery takes the steps in their order, deploys every project, and goes back when one fails', () => {
  const deliver = workflows.find(({ name }) => name === 'deliver.yml')?.jobs['deliver'];
  expect(deliver?.environment).toBe('production');
  const typed = (deliver?.steps ?? []).flatMap(({ run }) => /^npm run deliver -- (.*)$/.exec(run ?? '')?.[1] ?? []);
  // The image stores first; what stands behind `deploy` alone is read off the templates, new services included.
  const deploys = ['deploy base-infra', 'publish --architectures arm64,amd64', 'deploy'];
  expect(typed).toEqual(['bootstrap', ...deploys, 'smoke', 'roll-back']);
  expect(deliver?.steps.at(-1)?.if).toBe('failure() || cancelled()');
});

test('what ran before is kept as soon as it is known, whatever becomes of the publish and of the runner', () => {
  const steps = workflows.find(({ name }) => name === 'deliver.yml')?.jobs['deliver']?.steps ?? [];
  const publish = steps.findIndex(({ run }) => run?.startsWith('npm run deliver -- publish'));
  expect(steps[publish + 1]).toMatchObject({
    uses: expect.stringMatching(/^actions\/upload-artifact@/) as unknown,
    if: 'always()',
    // A hidden folder is left out otherwise, without a word.
    with: { path: '.highlands/delivery.json', 'include-hidden-files': true },
  });
});
