/** Makes services in a copy of the tree, as a person would, and holds them to what every service is held to. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { treeCopy } from '../../test/tree-copy.ts';

interface Description {
  readonly info: { readonly title: string };
  readonly paths: Readonly<Record<string, { readonly get: { readonly responses: object } }>>;
}

const root = join(import.meta.dirname, '../..');
let copy: string;

beforeAll(() => {
  copy = treeCopy('new-service');
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

function run(command: string, args: readonly string[], cwd = copy) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    // The crates of others are built already; only the new ones are compiled.
    env: { ...process.env, CARGO_TARGET_DIR: join(root, 'services-rust/target') },
  });
  return { status, output: stdout + stderr };
}
/** Fails with what the command said. */
function succeed({ status, output }: ReturnType<typeof run>): void {
  if (status !== 0) throw new Error(output.slice(-5000));
}
const newService = (...args: string[]) => run('npm', ['run', '--silent', 'new-service', '--', ...args]);
const changed = (): string[] =>
  execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: copy, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('A '))
    .map((line) => line.slice(3));

test.each([
  [['service-a'], 'service-a is there already: choose another name'],
  [['service-kit'], 'service-kit is there already: choose another name'],
  [['service-d', '--calls', 'service-x'], '--calls service-x: no such service; choose from service-a'],
  [['service-d', '--port', '8081'], '--port 8081 is the alias port of service-c'],
  [['service-d', '--what'], "Unknown option '--what'"],
])('%j is refused and changes nothing', (args, line) => {
  const { status, output } = newService(...args);
  expect(status).toBe(1);
  expect(output).toContain(line);
  expect(output.trim()).not.toContain('\n');
  expect(changed()).toEqual([]);
});

describe('a service that calls nobody, and one that calls it', () => {
  const made = ['service-with-name', 'service-d'];

  test('are made by one command each', () => {
    succeed(newService('service-with-name', '--port', '9000'));
    succeed(newService('service-d', '--calls', 'service-b,service-with-name'));
    expect(newService('service-d').output).toContain('service-d is there already');
  });

  test('are on every list, and nothing else changed', () => {
    const own = made.flatMap((name) => [`${name}/`, `services-rust/${name}/`]);
    expect(changed().filter((file) => !own.some((folder) => file.startsWith(folder)))).toEqual([
      'base-infra/test/HighlandsBaseInfra.template.json',
      ...readdirSync(join(root, 'base-infra/test/variants')).map((name) => `base-infra/test/variants/${name}`),
      'connected-service/src/names.ts',
      'docker/docker-bake.hcl',
      'docs/cost.md',
      'package-lock.json',
      'services-rust/Cargo.lock',
      'services-rust/Cargo.toml',
      'test/policy/mesh.ts',
    ]);
    expect(readFileSync(join(copy, 'docker/docker-bake.hcl'), 'utf8')).toContain('"service-with-name", "service-d"]');
  });

  test('are typed, formatted and linted as the rest', () => {
    const files = [...made, 'connected-service/src/names.ts', 'test/policy/mesh.ts'];
    // Only what changed and what that imports: the rest is the tree's own, which the type check and the linter have seen.
    const settings = join(copy, 'tsconfig.json');
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace(/"include": .*/, `"include": ${JSON.stringify(files)},`),
    );
    succeed(run('npx', ['tsc', '-p', 'tsconfig.json']));
    succeed(
      run('npx', ['prettier', '--check', ...files.map((file) => (file.endsWith('.ts') ? file : `${file}/**/*.ts`))]),
    );
    succeed(run('npx', ['oxlint', '-c', 'oxlint.config.mjs', ...files]));
    succeed(run('npx', ['eslint', ...made]));
  });

  test('pass the rules for every stack: edges as asked for, order, permissions, delivery', () => {
    const policies = ['edges', 'deploy-order', 'services', 'permissions', 'names', 'nag'];
    // With the slash: the name of the copy ends in letters of chance, and may itself begin with service-d.
    const own = made.map((name) => `${name}/`);
    succeed(run('npx', ['jest', ...own, ...policies.map((policy) => `test/policy/${policy}`), 'test/workflows']));
    expect(readFileSync(join(copy, 'service-d/test/HighlandsServiceD.template.json'), 'utf8')).toContain(
      '"Port": 9001',
    );
  });

  test('synthesise without a warning', () => {
    succeed(run('npx', ['cdk', 'synth', '--quiet', '--strict'], join(copy, 'service-d')));
  });

  test('deploy after whom they call', () => {
    const script =
      "import { DEPLOY_ORDER } from './local/deploy/projects.ts'; console.log(JSON.stringify(DEPLOY_ORDER))";
    const { output } = run('node', ['--import', 'tsx', '--input-type=module', '--eval', script]);
    expect(JSON.parse(output)).toEqual([
      ['base-infra'],
      ['service-a', 'service-c', 'service-with-name'],
      ['service-b'],
      ['service-d'],
    ]);
  });

  test('have crates that are formatted, without a lint, and whose tests pass', () => {
    const rust = join(copy, 'services-rust');
    const packages = made.flatMap((name) => ['--package', name]);
    succeed(run('cargo', ['fmt', '--all', '--check'], rust));
    succeed(run('cargo', ['clippy', ...packages, '--all-targets', '--locked', '--', '-D', 'warnings'], rust));
    succeed(run('cargo', ['test', '--quiet', '--locked', ...packages], rust));
  });

  test('are described in OpenAPI as the other services are, and the description is held against the code', () => {
    const described = (name: string) =>
      JSON.parse(readFileSync(join(copy, 'services-rust', name, 'openapi.json'), 'utf8')) as Description;
    const statuses = Object.keys(described('service-c').paths['/time']?.get.responses ?? {});
    expect(statuses).toContain('503');
    for (const name of made) {
      const { info, paths } = described(name);
      expect([info.title, Object.keys(paths)]).toEqual([name, ['/', '/health']]);
      // The one that calls others may have to say that one of them failed; the time of day may fail too.
      const own = name === 'service-d' ? ['502'] : [];
      const expected = [...statuses.filter((status) => status !== '500'), ...own];
      expect(Object.keys(paths['/']?.get.responses ?? {}).sort()).toEqual(expected.sort());
    }
    const file = join(copy, 'services-rust/service-d/openapi.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('All answers.', 'Some answers.'));
    const { status, output } = run(
      'cargo',
      ['test', '--quiet', '--locked', '--package', 'service-d', '--test', 'openapi'],
      join(copy, 'services-rust'),
    );
    expect(status).not.toBe(0);
    expect(output).toContain('is not what the code says');
  });

  test('have the settings of every service, which cost and rules take', () => {
    const app = join(copy, 'service-d/bin/app.ts');
    const settings = 'desiredCount: 2, observability: {}, scaling: { maxTasks: 4, cpuPercent: 60 }';
    writeFileSync(app, readFileSync(app, 'utf8').replace('desiredCount: 2', settings));
    succeed(run('env', ['UPDATE_GOLDENS=1', 'npx', 'jest', 'service-d/']));
    const template = readFileSync(join(copy, 'service-d/test/HighlandsServiceD.template.json'), 'utf8');
    for (const called of ['service-b', 'service-with-name']) expect(template).toContain(`calls to ${called}`);
    expect(template).toContain('"MaxCapacity": 4');
    succeed(run('npm', ['run', 'cost']));
    succeed(run('npx', ['jest', 'test/policy/services', 'script/cost']));
  });
});
