import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { INSTALLED, longerThanSockets, ROOT } from '../../local/region/paths.ts';

/** Plain JavaScript for a machine without packages; it runs in a process of its own. */
function inNode(expression: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const script = `
    Promise.all([import('${import.meta.dirname}/places.mjs'), import('${import.meta.dirname}/test-place.mjs')]).then(([places, place]) => {
      console.log(JSON.stringify(${expression}));
    })`;
  const { PATH } = process.env;
  const said = execFileSync(process.execPath, ['-e', script], {
    cwd: ROOT,
    env: { PATH, ...environment },
    encoding: 'utf8',
  });
  return JSON.parse(said) as Record<string, string>;
}

test('what runs before anything is installed means the same places as the rest', () => {
  expect(inNode('places', {})).toEqual({
    root: ROOT,
    installed: INSTALLED,
    state: INSTALLED,
    testState: join(INSTALLED, 'test'),
    twinState: join(INSTALLED, 'twin'),
    testResults: join(INSTALLED, 'results'),
  });
});

test("the tests' state is never the user's, wherever that is", () => {
  const elsewhere = inNode('places', { HIGHLANDS_STATE_DIR: '/elsewhere' });
  expect(elsewhere).toEqual({
    root: ROOT,
    installed: INSTALLED,
    state: '/elsewhere',
    testState: '/elsewhere/test',
    twinState: '/elsewhere/twin',
    testResults: '/elsewhere/results',
  });
  expect(elsewhere['twinState']).toHaveLength(elsewhere['testState']?.length ?? 0);
  // A command line that names the results is of neither place.
  expect(elsewhere['testResults']).not.toMatch(/^\/elsewhere\/(test|twin)/);
});

test('a shell that speaks to a region of the user does not lead the tests there', () => {
  const users = {
    ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_PROFILE: 'mine', CDK_HOME: '/mine/cdk' },
    ...{
      HIGHLANDS_STATE_DIR: '/mine',
      HIGHLANDS_REGION_ID: 'mine',
      HIGHLANDS_CHROMIUM: '/chromium',
      TMPDIR: '/mine/tmp',
    },
  };
  const environment = inNode('place.testEnvironment(process.env, places.testState)', users);
  // Whether there is a registry is a matter of the machine.
  const { PATH, HIGHLANDS_CHROMIUM, HIGHLANDS_PULL, HIGHLANDS_REGISTRY, HIGHLANDS_STATE_DIR, TMPDIR, ...others } =
    environment;
  expect(HIGHLANDS_REGISTRY).not.toBe('/mine/registry');
  expect({ HIGHLANDS_CHROMIUM, HIGHLANDS_PULL, HIGHLANDS_STATE_DIR, TMPDIR }).toEqual({
    HIGHLANDS_PULL: 'never',
    HIGHLANDS_CHROMIUM: '/chromium',
    HIGHLANDS_STATE_DIR: '/mine/test',
    TMPDIR: '/mine/test/tmp',
  });
  expect(PATH).toBe(process.env['PATH']);
  expect(Object.keys(others).filter((name) => /^(AWS|CDK|HIGHLANDS)_/.test(name))).toEqual([]);
  const settings = /^(CARGO_INCREMENTAL|CARGO_PROFILE_\w+|PYTHONDONTWRITEBYTECODE)$/;
  for (const [name, value] of Object.entries(others).filter(([key]) => !settings.test(key)))
    expect([name, value]).toEqual([name, expect.stringMatching(/^\/mine\/test\/tmp\//)]);
});

test.each([
  ['/home/ann/highlands/.highlands/run', 0],
  [`/${'x'.repeat(74)}`, 0],
  [`/${'x'.repeat(75)}`, 0],
  [`/${'x'.repeat(76)}`, 1],
  // A letter may take more than one byte.
  [`/${'é'.repeat(40)}`, 5],
])('sockets below %s are %i bytes too long', (run, excess) => {
  expect(longerThanSockets(run)).toBe(excess);
});
