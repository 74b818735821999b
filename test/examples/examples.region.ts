/**
 * Every example, deployed into one region as its README says, and every command of the READMEs, typed. The tests run in
 * order and share the region.
 */
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readImage } from '../../local/images/archive.ts';
import { pushImage } from '../../local/images/registry-client.ts';
import { unpackLayer } from '../../local/images/unpack.ts';
import { DoorPorts } from '../../local/region/doors.ts';
import { PYTHON } from '../../local/region/paths.ts';
import { OBSERVATION_SOCKET } from '../../local/region/observation.ts';
import { runningTasks } from '../../local/region/tasks.ts';
import { markdownTable } from '../../script/markdown.ts';
import { statementsIn } from '../docs/statements.ts';
import {
  clientSettings,
  command,
  endpoint,
  eventually,
  highlands,
  machine,
  PORT,
  ROOT,
  STATE,
} from '../e2e/harness.ts';
import { startRegistry } from '../registry/a-registry.ts';
import type { Machine } from '../region.ts';
import { mayOpenAWayOut, SAID, withLoopback } from './loopback.ts';

/** How what a README starts with begins; the region is started once for all of them. */
const UP = 'npm run highlands -- up ';
const SAVE = 'npm run highlands -- save-image ';

/** What each of the other commands has to print. */
const PRINTED: Readonly<Record<string, readonly RegExp[]>> = {
  'cloud-map-names': [
    /called http:\/\/api\.names\.internal:3000\/version: 200 OK/,
    /^(10\.8\.[01]\.\d+) +STREAM [^]*\n(?!\1)10\.8\.[01]\.\d+ +STREAM/m,
    /"version":"api"/,
    /^search ec2\.internal\nnameserver 10\.8\.0\.2$/m,
  ],
  'aws-in-tasks': [
    /"Name":"app".*"IPv4Addresses":\["10\./,
    /:assumed-role\/AwsInTasks-DefinitionTaskRole[^/]*\/[0-9a-f]{32}</,
    /<Code>EndpointNotReached<\/Code>.*nothing leads from subnet subnet-\w+ to sqs/,
  ],
  'grpc-and-tcp': [/"version":"1"/, /^[\w.-]+-[0-9a-f]{8}$/m, /grpc-status: 0/],
  'plain-template': [/"version":"(old|new)"/, /"version":"new"/],
  'sidecars-and-secrets': [/^written by another container$/, /"version":"from-a-parameter"/, /^HTTP\/1.1 401 /],
  'two-stacks-client-only': [
    /called http:\/\/api:9000\/version: 200 OK/,
    /"GET \/version":[1-9]/,
    /✔ deploy two-stacks-client-only/,
  ],
};

/** What the testbed answers with at /walls. */
const Attempt = z.object({ what: z.string(), tried: z.string(), refused: z.boolean(), answer: z.string() });
type Attempt = z.infer<typeof Attempt>;

const names = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const statements = names.flatMap((name) =>
  statementsIn(name, readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8'))
    .filter(({ text }) => text !== 'npm run status')
    // A user may have done the same.
    .map((one) => ({
      ...one,
      text: one.text.replaceAll(' .highlands/', ` ${STATE}/`).replaceAll('=.highlands/', `=${STATE}/`),
    })),
);
const typed = names.flatMap((name) =>
  statements
    .filter(({ file, text }) => file === name && !text.startsWith(UP) && !text.startsWith(SAVE))
    .map(({ text }, index) => ({ name, text, printed: PRINTED[name]?.[index] })),
);

let before: Machine;
beforeAll(() => {
  before = machine();
});
afterAll(async () => {
  await highlands('down');
});

/** Where this machine reaches port 80 of an example's load balancer. */
function doorOf(name: string, port = 80): string {
  const doors = DoorPorts.parse(JSON.parse(readFileSync(join(STATE, 'run/front-doors.json'), 'utf8')));
  const prefix = name.replaceAll('-', '').slice(0, 10);
  const door = doors.find((one) => one.port === port && one.loadBalancerName.replaceAll('-', '').startsWith(prefix));
  return `localhost:${String(door?.localPort)}`;
}

async function succeed(statement: string): Promise<string> {
  const { code, stdout, output } = await command('bash', ['-c', statement]);
  if (code !== 0) throw new Error(output.slice(-5000));
  return stdout.trim();
}

test('every README saves the image and starts its own example', () => {
  for (const name of names) {
    const own = statements.filter(({ file }) => file === name).map(({ text }) => text);
    expect(own.filter((text) => text.startsWith(SAVE))).toHaveLength(1);
    expect(own.filter((text) => text.startsWith(UP) && text.includes(`examples/${name}`))).toHaveLength(1);
  }
  expect([...names].sort()).toEqual(Object.keys(PRINTED).sort());
});

test('all of them start together', async () => {
  const saves = statements.filter(({ text }) => text.startsWith(SAVE)).map(({ text }) => text);
  for (const save of new Set(saves)) await succeed(save);
  const options = statements.filter(({ text }) => text.startsWith(UP)).map(({ text }) => text.slice(UP.length));
  const output = await succeed(`${UP}--port ${String(PORT)} ${options.join(' ')}`);
  expect(output).toContain('Without effect here, and without harm:');
});

test.each(typed)('$name: $text', async ({ name, text, printed }) => {
  expect(printed).toBeDefined();
  const here = text.replaceAll('localhost:8080', doorOf(name));
  expect(await succeed(here)).toMatch(printed ?? /^$/);
});

test('an SDK in a task uses what the region has, with nothing but what the task is given', async () => {
  const python = join(ROOT, '.highlands/venv/bin/python');
  const { stdout, output } = await highlands(
    ...['exec', 'aws-in-tasks-open', '--', python, join(ROOT, 'test/examples/use_aws.py')],
  );
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(output.slice(-5000));
  expect(JSON.parse(last)).toEqual({
    s3: 100_000,
    dynamodb: { N: '2' },
    sns_to_sqs: 'by a topic',
    eventbridge_to_sqs: { n: 1 },
    kinesis: 'one',
    secretsmanager: 32,
    sts: expect.stringMatching(/:assumed-role\/AwsInTasks-DefinitionTaskRole/) as unknown,
  });
});

test('the secret lets in, and is what Secrets Manager has', async () => {
  const secrets = new SecretsManagerClient(await clientSettings());
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const secret = SecretList.find(({ Name }) => Name?.startsWith('SidecarsAndSecrets'));
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: secret?.ARN }));
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(SecretString));
  const response = await fetch(`http://${doorOf('sidecars-and-secrets')}/private`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
});

test('target groups get their shares, and the second listener answers by itself', async () => {
  const url = `http://${doorOf('plain-template')}/version`;
  const answers = await Promise.all(
    Array.from({ length: 200 }, async () => z.object({ version: z.string() }).parse(await (await fetch(url)).json())),
  );
  const old = answers.filter(({ version }) => version === 'old').length;
  // 150 are expected, with a deviation of 6: this is five deviations to each side.
  expect(Math.abs(old - 150)).toBeLessThan(31);
  expect(await (await fetch(`http://${doorOf('plain-template', 8000)}/`)).text()).toBe('a second listener');
});

/** What a program in the task's network hears of its resolver, for each `name type server`: dnspython is the region's own. */
async function resolved(service: string, ...questions: readonly string[]): Promise<string[][]> {
  const ask = `
import json, sys, dns.message, dns.query, dns.rcode
for question in sys.argv[1:]:
    name, kind, server = question.split()
    answer, _ = dns.query.udp_with_fallback(dns.message.make_query(name, kind), server, 20)
    print(json.dumps([dns.rcode.to_text(answer.rcode()), *(str(v) for s in answer.answer for v in s)]))`;
  const { code, stdout, output } = await highlands('exec', service, '--', PYTHON, '-c', ask, ...questions);
  if (code !== 0) throw new Error(output.slice(-2000));
  const lines = stdout.split('\n').filter((line) => line.startsWith('['));
  return lines.map((line) => z.array(z.string()).parse(JSON.parse(line)));
}

test('a VPC’s resolver has SRV records, and a record for each task that is there; others do not see its names', async () => {
  const srv = expect.stringMatching(/^1 1 3000 [0-9a-f]{32}\.queue\.names\.internal\.$/) as string;
  expect(
    await resolved(
      'names-queue',
      'queue.names.internal SRV 169.254.169.253',
      ...['queue.names.internal A', 'other.names.internal A', 'public.example.com A'].map((one) => `${one} 10.8.0.2`),
    ),
  ).toEqual([['NOERROR', srv], ['NOERROR'], ['NXDOMAIN'], ['NXDOMAIN']]);
  await succeed('npm run highlands -- scale names-api 1');
  await eventually('the task that was stopped is in no answer', async () => {
    const [[, ...addresses] = []] = await resolved('names-queue', 'api.names.internal A 10.8.0.2');
    return addresses.length === 1;
  });
  const { code } = await highlands('exec', 'SidecarsAndSecrets', '--', 'getent', 'hosts', 'www.shop.internal');
  // 2: not found. https://man7.org/linux/man-pages/man1/getent.1.html
  expect(code).toBe(2);
});

test('a task asks for the loopback of this machine in vain while nothing is open', async () => {
  await withLoopback(async (url) => {
    // 6: the host could not be resolved. https://curl.se/libcurl/c/libcurl-errors.html
    expect(await highlands('exec', 'aws-in-tasks-open', '--', 'curl', '-s', '-m', '5', url)).toMatchObject({ code: 6 });
  });
});

test('names end where their namespace ends, and tasks without Service Connect have none', async () => {
  for (const service of ['GrpcAndTcp-Client', 'SidecarsAndSecrets']) {
    const { code, output } = await highlands('exec', service, '--', 'curl', '-s', '-m', '5', 'http://api:9000/version');
    // 6: the host could not be resolved. https://curl.se/libcurl/c/libcurl-errors.html
    expect({ code, output }).toMatchObject({ code: 6 });
  }
});

test('a changed template is rolled out with `deploy`, and needs nothing again that is there', async () => {
  const directory = join(STATE, 'test-examples');
  cpSync(join(ROOT, 'examples/plain-template'), directory, { recursive: true });
  const template = join(directory, 'plain-template.yaml');
  writeFileSync(template, readFileSync(template, 'utf8').replace('Value: new', 'Value: newer'));
  // What is open is another matter than what is deployed, and may be said with any deploy.
  const egress = mayOpenAWayOut() ? 'host' : 'none';
  await succeed(`npm run highlands -- deploy --template ${template} --egress ${egress}`);
  rmSync(directory, { recursive: true });
  // The load balancer may ask a task of before for a moment.
  await eventually('the new version answers', async () =>
    (await succeed(`curl -s -H 'host: new.example.com' http://${doorOf('plain-template')}/version`)).includes(
      '"version":"newer"',
    ),
  );
});

// Needs /dev/net/tun, which a user, or a container, may not have.
(mayOpenAWayOut() ? test : test.skip)(
  'once it is open, a task with a NAT gateway reaches it, and an isolated one does not',
  async () => {
    await withLoopback(async (url) => {
      const ask = (service: string) => highlands('exec', service, '--', 'curl', '-s', '-m', '5', url);
      await eventually('the way out is open', async () => (await ask('aws-in-tasks-open')).stdout.includes(SAID));
      expect(await ask('aws-in-tasks-isolated')).toMatchObject({ code: 6 });
    });
  },
);

test('what is not supported is listed by resource and property, and nothing is deployed', async () => {
  const template = join(STATE, 'unsupported.json');
  const Properties = {
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    ContainerDefinitions: [{ Name: 'app', Image: 'web:1', EnvironmentFiles: [{ Type: 's3', Value: 'x' }] }],
  };
  writeFileSync(template, JSON.stringify({ Resources: { It: { Type: 'AWS::ECS::TaskDefinition', Properties } } }));
  const { code, output } = await highlands('deploy', '--template', template);
  rmSync(template);
  // EX_DATAERR of sysexits.h.
  expect(code).toBe(65);
  expect(output).toContain('ContainerDefinitions[app].EnvironmentFiles');
  expect(output).toContain('--image web:1=<OCI layout, archive or docker save file>');
});

test('an image of a registry is pulled, and a Docker asset is built', async () => {
  const folder = join(STATE, 'images-app');
  const asset = join(folder, 'asset');
  mkdirSync(asset, { recursive: true });
  const saved = join(STATE, 'testbed-image');
  const registry = await startRegistry({ folder, storage: join(folder, 'storage') });
  try {
    const host = `127.0.0.1:${String(registry.port)}`;
    const image = await readImage(saved);
    await pushImage({ url: `http://${host}`, authorization: undefined }, 'team/testbed', image, '1');
    for (const layer of image.layers) await unpackLayer(layer, asset);
    renameSync(join(asset, 'service'), join(asset, 'testbed'));
    copyFileSync(join(ROOT, 'test/examples/images-app/Dockerfile'), join(asset, 'Dockerfile'));
    // Other tests ask no registry.
    const env = { HIGHLANDS_PULL: '', ASSET: asset, PULLED_IMAGE: `${host}/team/testbed:1` };
    const deploy = ['script/main.mjs', 'deploy', '--app', join(ROOT, 'test/examples/images-app')];
    const { code, output } = await command(process.execPath, deploy, { env });
    expect([code, output.slice(-3000)]).toEqual([0, expect.stringContaining('pull images: testbed:1')]);
    const version = async (service: string): Promise<string> =>
      (await highlands('exec', service, '--', 'curl', '-s', '-m', '5', 'http://127.0.0.1:3000/version')).stdout;
    expect(await version('ImagesApp-Built')).toContain('"version":"from-an-asset"');
    expect(await version('ImagesApp-Pulled')).toContain('"version":"1"');
  } finally {
    await registry.stop();
    rmSync(folder, { recursive: true });
  }
});

test('a task reaches nothing outside of its walls, neither as root nor as another user', async () => {
  await succeed(`npm run highlands -- deploy --template ${join(ROOT, 'test/examples/walls.json')}`);
  const tasks = runningTasks();
  const port = new URL(await endpoint()).port;
  const sockets = readdirSync(join(STATE, 'run/s')).map((name) => join(STATE, 'run/s', name));
  const attempts = new Map<string, Attempt[]>();
  for (const service of ['walls-root', 'walls-other']) {
    const others = tasks.filter(({ serviceName, wanted }) => wanted && serviceName !== service);
    const outside = new URLSearchParams({
      files: [join(ROOT, 'package.json'), join(STATE, 'run/region.json'), '/proc/2/root', '/root', '/home'].join(','),
      sockets: [...sockets.slice(0, 5), join(STATE, 'run', OBSERVATION_SOCKET)].join(','),
      addresses: [`127.0.0.1:${port}`, ...others.map(({ address }) => `${address}:3000`).slice(0, 5)].join(','),
    });
    const url = `http://127.0.0.1:3000/walls?${outside.toString()}`;
    const { stdout } = await highlands('exec', service, '--', 'curl', '-s', '-m', '20', url);
    const made = z.array(Attempt).parse(JSON.parse(stdout));
    expect(made.filter(({ refused }) => !refused)).toEqual([]);
    attempts.set(service, made);
  }
  const kinds = [...new Set([...attempts.values()].flat().map(({ what }) => what))];
  const count = (service: string, kind: string) =>
    `${String((attempts.get(service) ?? []).filter(({ what, refused }) => what === kind && refused).length)} refused`;
  const rows = kinds.map((kind) => [kind, count('walls-root', kind), count('walls-other', kind)]);
  const table = markdownTable(['what a task tries', 'as root', 'as user 65532'], 3, rows);
  // Put it there when an attempt is new.
  expect(readFileSync(join(ROOT, 'docs/security.md'), 'utf8')).toContain(table);
});

test('a program that is not there never makes a task run, and is named', async () => {
  const template = join(STATE, 'never-runs.json');
  const text = readFileSync(join(ROOT, 'test/examples/walls.json'), 'utf8');
  const broken = text.replaceAll('walls-', 'never-').replaceAll('"User": "0"', '"EntryPoint": ["/nosuch"]');
  writeFileSync(
    template,
    broken.replaceAll(
      '"LaunchType"',
      '"DeploymentConfiguration": { "DeploymentCircuitBreaker": { "Enable": true, "Rollback": false } }, "LaunchType"',
    ),
  );
  const { code, output } = await highlands('deploy', '--template', template);
  rmSync(template);
  expect(code).not.toBe(0);
  expect(output).toContain('exec: "/nosuch": stat /nosuch: no such file or directory');
});

test('nothing is left behind', async () => {
  expect(await highlands('down')).toMatchObject({ code: 0 });
  expect(machine()).toEqual(before);
});
