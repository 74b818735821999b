/**
 * Options at work: a stage with all of them beside the default one, and a fourth service, made in a copy of the tree by the
 * commands that a person types. The tests run in order and share one region.
 */
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeNatGatewaysCommand, DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addStage, treeCopy } from '../tree-copy.ts';
import {
  clientSettings,
  command,
  environmentIn,
  highlands as inRoot,
  PORT,
  regionEnvironment,
  ROOT,
  STATE,
  type ClientSettings,
  type Outcome,
} from './harness.ts';

const OPTIONS = {
  'base-infra': `{
    natGateways: 0,
    https: {
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
      domainName: 'app.example.com',
    },
    accessLogs: {},
    webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/x/11111111-2222-3333-4444-555555555555',
  }`,
  'service-a': '{ desiredCount: 1, executeCommand: true }',
  'service-b': '{ desiredCount: 2, spot: { percent: 60 } }',
  'service-c': '{ desiredCount: 1 }',
};

let tree: string;
let settings: ClientSettings;
/** Where this machine reaches the load balancers: the default one's HTTP, then the stage's HTTP and HTTPS. */
let doors: { readonly url: string; readonly port: string }[];

const inTree = (file: string, ...args: string[]): Promise<Outcome> =>
  command(file, args, { cwd: tree, env: { HIGHLANDS_STATE_DIR: STATE } });
const highlands = (...args: string[]): Promise<Outcome> => inTree(process.execPath, 'script/main.mjs', ...args);
const curl = (...args: string[]): Promise<Outcome> => inTree('curl', '-s', '-m', '10', ...args);
const authority = (): string[] => ['--cacert', join(STATE, 'run/tls/public-authority.pem')];

/** Fails with what the command said. */
async function succeed(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, output } = await outcome;
  if (code !== 0) throw new Error(output.slice(-5000));
  return stdout;
}

beforeAll(async () => {
  tree = treeCopy('options');
  // The compiled crates of others are those of the real tree.
  symlinkSync(join(ROOT, 'services-rust/target'), join(tree, 'services-rust/target'));
  for (const [project, options] of Object.entries(OPTIONS)) addStage(tree, project, 'dev', options);
  await succeed(inRoot('up', '--port', String(PORT)));
  settings = await clientSettings(environmentIn(await succeed(inRoot('env'))));
});

afterAll(async () => {
  await inRoot('down');
  rmSync(tree, { recursive: true });
});

/** The tasks of the service with this discovery name. */
async function tasksOf(name: string): Promise<Task[]> {
  const ecs = new ECSClient(settings);
  for (const cluster of (await ecs.send(new ListClustersCommand({}))).clusterArns ?? []) {
    const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
    const found = services.find(({ deployments }) =>
      deployments?.[0]?.serviceConnectConfiguration?.services?.some(({ discoveryName }) => discoveryName === name),
    );
    if (found === undefined) continue;
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName: found.serviceName }));
    return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns ?? [] }))).tasks ?? [];
  }
  throw new Error(`no service ${name}`);
}

test('a stage with every option deploys beside the default one', async () => {
  await succeed(highlands('deploy', 'base-infra', '--stage', 'dev'));
  await succeed(inRoot('publish', '--stage', 'dev')); // the same code, and compiled there
  // First service-a alone: a client knows only the names that existed when its own deployment was made, and service-c is asked for it below.
  await succeed(highlands('deploy', 'service-a', '--stage', 'dev'));
  await succeed(highlands('deploy', 'service-b', 'service-c', '--stage', 'dev'));
  const status = await succeed(highlands('status'));
  doors = [...status.matchAll(/(https?:\/\/localhost:(\d+))\//g)].map(([, url = '', port = '']) => ({ url, port }));
  expect(doors.map(({ url }) => url.split(':')[0])).toEqual(['http', 'http', 'https']);
});

test('both answer: the default one by HTTP, the stage by HTTPS with a certificate of the local authority', async () => {
  const [plain, , tls] = doors;
  expect(await succeed(curl('-f', `${plain?.url ?? ''}/?name=One`))).toContain('(One)Field 1');
  const asked = ['-f', '-w', '\n%{http_version} %{ssl_verify_result}', `${tls?.url ?? ''}/?name=Two`];
  const answer = await succeed(curl(...authority(), ...asked));
  expect(answer).toContain('(Two)Field 1');
  expect(answer).toMatch(/\n2 0$/);
  // Exit code of curl for a certificate that it does not trust.
  expect((await curl(`${tls?.url ?? ''}/`)).code).toBe(60);
});

test('HTTP redirects for good to the HTTPS port of this machine', async () => {
  const [, http, tls] = doors;
  const { stdout } = await curl(
    '-o',
    '/dev/null',
    '-w',
    '%{http_code} %{redirect_url}',
    `${http?.url ?? ''}/?name=Three`,
  );
  expect(stdout).toBe(`301 ${tls?.url ?? ''}/?name=Three`);
  expect(await succeed(curl(...authority(), '-fL', `${http?.url ?? ''}/?name=Three`))).toContain('(Three)Field 1');
});

test('inside, names lead to the own stage, and edges are its own', async () => {
  const ask = (from: string): Promise<Outcome> =>
    highlands('exec', from, '--', 'curl', '-s', '-m', '5', '-w', ' %{http_code}', 'http://service-a:8080/route?p=x');
  expect((await ask('dev-service-b')).stdout).toMatch(/\(x\)Field 1.* 200$/);
  expect((await ask('dev-service-c')).stdout).toMatch(/503$/);
});

test('tasks say which provider they run on, and whether ECS Exec is on', async () => {
  const providers = (await tasksOf('dev-service-b')).map(({ capacityProviderName }) => capacityProviderName);
  expect(providers.sort()).toEqual(['FARGATE', 'FARGATE_SPOT']);
  expect((await tasksOf('service-b')).map(({ capacityProviderName }) => capacityProviderName)).toEqual([
    'FARGATE',
    'FARGATE',
  ]);
  expect((await tasksOf('dev-service-a')).map(({ enableExecuteCommand }) => enableExecuteCommand)).toEqual([true]);
});

test('every resource of the options is there, and no NAT gateway but that of the default stage', async () => {
  const ec2 = new EC2Client(settings);
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  const names = VpcEndpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
  expect(names.map(({ ServiceName }) => ServiceName?.split('us-east-1.')[1]).sort()).toEqual([
    'ecr.api',
    'ecr.dkr',
    'logs',
    'ssm',
  ]);
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  expect(NatGateways.filter(({ State }) => State === 'available')).toHaveLength(1);
  const { StackResources = [] } = await new CloudFormationClient(settings).send(
    new DescribeStackResourcesCommand({ StackName: 'dev-HighlandsBaseInfra' }),
  );
  const complete = StackResources.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_COMPLETE');
  expect(complete.map(({ ResourceType }) => ResourceType)).toEqual(
    expect.arrayContaining([
      'AWS::WAFv2::WebACLAssociation',
      'AWS::S3::BucketPolicy',
      'AWS::ECS::ClusterCapacityProviderAssociations',
    ]),
  );
});

test('a fourth service is made by one command, deploys and answers, with what the one that it calls said', async () => {
  await succeed(inTree('npm', 'run', '--silent', 'new-service', '--', 'service-d', '--calls', 'service-a'));
  await succeed(highlands('deploy', 'base-infra'));
  await succeed(highlands('publish', 'service-d'));
  await succeed(highlands('deploy', 'service-d'));
  const answer = await succeed(highlands('exec', 'service-d', '--', 'curl', '-sf', 'http://localhost:3000/'));
  expect(JSON.parse(answer)).toEqual({
    service: 'service-d',
    'service-a': { key_one: '(Unknown)Field 1', key_two: '(Unknown)Field 2' },
  });
});

test('with HTTPS the smoke test of a delivery asks by HTTPS and gets the right answer', async () => {
  const file = join(tree, 'base-infra/bin/app.ts');
  const domainName = 'app.example.com';
  const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/1';
  const https = JSON.stringify({ certificateArn, domainName });
  writeFileSync(file, readFileSync(file, 'utf8').replace('natGateways: 1', `natGateways: 1, https: ${https}`));
  await succeed(highlands('deploy', 'base-infra', 'service-b'));
  await succeed(
    command('npm', ['run', '--silent', 'deliver', '--', 'smoke', '--patience', '5'], {
      cwd: tree,
      env: { ...(await regionEnvironment()), HIGHLANDS_STATE_DIR: STATE },
    }),
  );
});

test('a setting that cannot be is one line, and nothing is deployed', async () => {
  const file = join(tree, 'base-infra/bin/app.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('natGateways: 1', 'natGateways: 3'));
  const { code, output } = await highlands('deploy', 'base-infra');
  expect(code).toBe(1);
  expect(output).toContain('synth of base-infra failed: natGateways is 3: give a whole number from 0 to 2');
  expect(output).not.toMatch(/\n\s+at /);
});
