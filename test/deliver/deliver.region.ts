/**
 * The whole order of a delivery, as the workflow and a person run it, against the local control plane: a first delivery, one
 * that is wrong and healthy, one that does not start, one of a stage. Images, deploys, tasks and answers are real.
 */
import { SERVICE_NAMES, serviceParameters } from '@highlands/connected-service/names';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { basicAuthorization } from '../../local/region/client-settings.ts';
import { Index, machineArchitecture, MEDIA } from '../../local/images/oci.ts';
import { forgetRecord, recordFile } from '../../script/deliver/record.ts';
import {
  askB,
  clientSettings,
  command,
  eventually,
  highlands,
  PORT,
  regionEnvironment,
  ROOT,
  STATE,
  type Outcome,
} from '../e2e/harness.ts';
import { addStage, treeCopy } from '../tree-copy.ts';
import { otherArchitecture, unrunnable } from './binaries.ts';

const TARGET = join(ROOT, 'services-rust/target');
const here = machineArchitecture();
const BOTH = [here, otherArchitecture(here)].join(',');
let environment: NodeJS.ProcessEnv;

const deliver = (...args: string[]): Promise<Outcome> =>
  command('npm', ['run', '-s', 'deliver', '--', ...args], { env: environment });

/** Binaries of this machine as they were built, changed by `change`; for the other processor ones that can't be run here. */
function binaries(name: string, change: (release: string) => void = () => undefined): string {
  const folder = join(STATE, 'deliver', name);
  rmSync(folder, { recursive: true, force: true });
  const triple = readdirSync(TARGET).find((entry) => entry.endsWith('-unknown-linux-gnu')) ?? '';
  const other = triple.startsWith('x86_64') ? 'aarch64-unknown-linux-gnu' : 'x86_64-unknown-linux-gnu';
  for (const machine of [triple, other]) mkdirSync(join(folder, machine, 'release'), { recursive: true });
  for (const service of SERVICE_NAMES) {
    cpSync(join(TARGET, triple, 'release', service), join(folder, triple, 'release', service));
    writeFileSync(join(folder, other, 'release', service), unrunnable(otherArchitecture(here)));
  }
  change(join(folder, triple, 'release'));
  return folder;
}

async function images(stage?: string): Promise<string[]> {
  const ssm = new SSMClient(await clientSettings(environment));
  const values = SERVICE_NAMES.map((service) =>
    ssm.send(new GetParameterCommand({ Name: serviceParameters(service, stage).image })),
  );
  return (await Promise.all(values)).map(({ Parameter }) => Parameter?.Value ?? '');
}

beforeAll(async () => {
  const started = await command(join(ROOT, 'node_modules/.bin/tsx'), ['test/deliver/empty-region.ts', String(PORT)]);
  if (started.code !== 0) throw new Error(started.output);
  environment = await regionEnvironment();
  for (const stage of ['', 'dev']) forgetRecord(recordFile(stage));
});

afterAll(async () => {
  await highlands('down');
  rmSync(join(STATE, 'deliver'), { recursive: true, force: true });
});

test('a first delivery goes from nothing to the right answer, with images for both processors by digest', async () => {
  expect((await deliver('build')).code).toBe(0);
  const outcome = await deliver('all', '--no-build', '--architectures', BOTH, '--binaries', binaries('good'));
  process.stdout.write(outcome.output);
  expect(outcome.code).toBe(0);
  const steps = [
    'cdk bootstrap',
    'deploy base-infra',
    'service-a',
    'deploy service-a and service-c',
    'deploy service-b',
    'smoke',
  ];
  expect(steps.map((step) => outcome.output.indexOf(step))).toEqual(
    steps.map((step) => outcome.output.indexOf(step)).sort((one, other) => one - other),
  );
  expect(await askB()).toMatchObject({ key_one: '(Hello)Field 1' });
  for (const image of await images()) {
    const [, repository, digest] = /^[^/]+\/([^@]+)@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
    const { endpoint, credentials } = await clientSettings(environment);
    const response = await fetch(`${endpoint}/v2/${repository ?? ''}/manifests/${digest ?? ''}`, {
      headers: { accept: MEDIA.index, authorization: basicAuthorization(credentials) },
    });
    const index = Index.parse(await response.json());
    expect(index.manifests.map(({ platform }) => platform?.architecture).join(',')).toBe(BOTH);
  }
});

test('a delivery that is healthy and answers wrongly fails its smoke test and is rolled back', async () => {
  const before = await images();
  const wrong = binaries('wrong', (release) => {
    // It starts and is healthy, and has none of the routes of service-a.
    cpSync(join(release, 'service-c'), join(release, 'service-a'));
  });
  const outcome = await deliver('all', '--no-build', '--binaries', wrong, '--patience', '2');
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toMatch(/smoke test.*answers wrongly: 502 .*service-a/);
  expect(outcome.output).toContain('the images of before run again');
  expect(await images()).toEqual(before);
  // The load balancer may ask a task of before for a moment.
  await eventually('the services of before answer', async () => {
    const answer = await askB().catch(() => undefined);
    return answer?.key_one === '(Hello)Field 1';
  });
});

test('the same by hand, step by step as the workflow has it; what fails to start is rolled back too', async () => {
  const before = await images();
  const broken = binaries('broken', (release) => {
    writeFileSync(join(release, 'service-c'), unrunnable(here));
  });
  expect((await deliver('bootstrap')).output).toMatch(/there already/);
  expect((await deliver('publish', '--binaries', broken)).code).toBe(0);
  const deployed = await deliver('deploy');
  expect(deployed.code).not.toBe(0);
  expect(deployed.output).toMatch(/circuit breaker/);
  expect((await deliver('roll-back')).code).toBe(0);
  expect(await images()).toEqual(before);
  expect((await deliver('smoke')).code).toBe(0);
});

test('without a delivery under way there is nothing to roll back', async () => {
  const outcome = await deliver('roll-back');
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toMatch(/^no delivery is under way: .*$/m);
});

/** The tree with a stage of the name, of one task each: the state of the region is that of the real one. */
function treeWithStage(stage: string): { tree: string; deliver: typeof deliver } {
  const tree = treeCopy('deliver');
  addStage(tree, 'base-infra', stage, '{ natGateways: 0 }');
  for (const service of SERVICE_NAMES) addStage(tree, service, stage, '{ desiredCount: 1 }');
  const options = { cwd: tree, env: { ...environment, HIGHLANDS_STATE_DIR: STATE } };
  return {
    tree,
    deliver: (...args) => command('npm', ['run', '-s', 'deliver', '--', '--stage', stage, ...args], options),
  };
}

test('a stage is delivered beside the default one, with images, a door and a record of its own', async () => {
  const before = await images();
  const { tree, deliver: deliverStage } = treeWithStage('dev');
  const outcome = await deliverStage('all', '--no-build', '--binaries', binaries('stage'));
  process.stdout.write(outcome.output);
  expect(outcome.code).toBe(0);
  const delivered = await images('dev');
  expect(delivered.filter((image) => image.includes('/dev-highlandsbaseinfra-'))).toHaveLength(SERVICE_NAMES.length);
  expect(existsSync(recordFile('dev'))).toBe(false);

  const other = binaries('other', (release) => {
    cpSync(join(release, 'service-c'), join(release, 'service-a'));
  });
  expect((await deliverStage('publish', '--binaries', other)).code).toBe(0);
  expect(await images('dev')).not.toEqual(delivered);
  expect((await deliver('roll-back')).output).toMatch(/^no delivery is under way: /);
  expect((await deliverStage('roll-back')).code).toBe(0);
  expect(await images('dev')).toEqual(delivered);
  expect((await deliverStage('smoke')).code).toBe(0);
  expect(await images()).toEqual(before);
  rmSync(tree, { recursive: true });
});
