/**
 * The whole system, as a person uses it: start, ask, look, redeploy under load, scale, break, stop. The tests run in
 * order and share one region. Nothing is mocked; the load is bounded in count and time.
 */
import { DescribeStackResourcesCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { PROJECTS } from '../../local/deploy/projects.ts';
import { LONGEST_SOCKET } from '../../local/region/paths.ts';
import { requireRegion } from '../../local/region/region-file.ts';
import { processes } from '../recovery/processes.ts';
import {
  askB,
  cdkDeploy,
  clientSettings,
  command,
  curlFrom,
  eventually,
  highlands,
  load,
  machine,
  PORT,
  projectCopy,
  regionEnvironment,
  ROOT,
  STATE,
  URL_OF_B,
  type ClientSettings,
} from './harness.ts';
import { withVariables, type Machine } from '../region.ts';

let before: Machine;
let ecs: ECSClient;
let settings: ClientSettings;

const STACKS = {
  'base-infra': 'HighlandsBaseInfra',
  'service-a': 'HighlandsServiceA',
  'service-c': 'HighlandsServiceC',
  'service-b': 'HighlandsServiceB',
};

beforeAll(async () => {
  const already = await highlands('status');
  if (already.code === 0)
    throw new Error('a local region is running: stop it with `npm stop`, the test needs the place');
  before = machine();
});

afterAll(async () => {
  await highlands('down');
});

async function serviceArn(name: string): Promise<{ cluster: string; service: string }> {
  const cluster = (await ecs.send(new ListClustersCommand({}))).clusterArns?.[0] ?? '';
  const arns = (await ecs.send(new ListServicesCommand({ cluster }))).serviceArns ?? [];
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: arns }));
  const found = services.find((one) =>
    one.deployments?.[0]?.serviceConnectConfiguration?.services?.some((entry) => entry.discoveryName === name),
  );
  if (found?.serviceArn === undefined) throw new Error(`no ECS service with discovery name ${name}`);
  return { cluster, service: found.serviceArn };
}

async function tasksOf(name: string) {
  const { cluster, service } = await serviceArn(name);
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName: service.split('/').at(-1), desiredStatus: 'RUNNING' }),
  );
  return taskArns.length === 0
    ? []
    : ((await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? []);
}

/** service-b with one more environment variable. */
function changedB(name: string, variable: string): string {
  return projectCopy('service-b', `service-b-${name}`, 'lib/service-b-stack.ts', withVariables(variable));
}

test('npm start with a taken port says so in one line', async () => {
  const server = createServer().listen(PORT, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const outcome = await highlands('up', '--port', String(PORT));
  await new Promise((resolve) => server.close(resolve));
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toMatch(new RegExp(`port ${String(PORT)}.*(in use|taken)`, 'i'));
  expect(outcome.output).not.toMatch(/\n\s+at /);
});

test('npm start deploys everything and ends with the answer of a real curl', async () => {
  const outcome = await highlands('up', '--port', String(PORT));
  process.stdout.write(outcome.output);
  expect(outcome.code).toBe(0);
  expect(outcome.output).toMatch(/"key_one":"\(Hello\)Field 1","key_two":"\(Hello\)Field 2","key_time":"\d{4}-/);
  settings = await clientSettings();
  ecs = new ECSClient(settings);
  expect(await askB()).toMatchObject({ key_one: '(Hello)Field 1', key_two: '(Hello)Field 2' });
});

test('no socket has a longer path than the one that a start measures', () => {
  const sockets = readdirSync(join(STATE, 'run/s')).map((name) => `s/${name}`);
  expect(sockets.length).toBeGreaterThan(0);
  expect(sockets.filter((name) => name.length > LONGEST_SOCKET.length)).toEqual([]);
});

test('a second npm start says that one runs', async () => {
  const outcome = await highlands('up', '--port', String(PORT));
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toMatch(/already running/);
});

test.each(Object.entries(STACKS))('every resource of the template of %s is there', async (project, stackName) => {
  const golden = JSON.parse(readFileSync(join(ROOT, project, 'test', `${stackName}.template.json`), 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  const { StackResources = [] } = await new CloudFormationClient(settings).send(
    new DescribeStackResourcesCommand({ StackName: stackName }),
  );
  const there = Object.fromEntries(
    StackResources.map((resource) => [resource.LogicalResourceId ?? '', resource.ResourceType]),
  );
  for (const [logicalId, { Type }] of Object.entries(golden.Resources)) {
    if (Type !== 'AWS::CDK::Metadata') expect([logicalId, there[logicalId]]).toEqual([logicalId, Type]);
  }
  expect(StackResources.every((resource) => resource.ResourceStatus?.endsWith('_COMPLETE'))).toBe(true);
});

test('ECS and the load balancer tell the truth about the tasks', async () => {
  const tasks = await tasksOf('service-b');
  expect(tasks).toHaveLength(2);
  expect(new Set(tasks.map((task) => task.availabilityZone)).size).toBe(2);
  for (const task of tasks) {
    expect(task).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'HEALTHY', desiredStatus: 'RUNNING' });
    expect(task.containers?.map((container) => container.lastStatus)).toEqual(['RUNNING', 'RUNNING']);
  }
  const elb = new ElasticLoadBalancingV2Client(settings);
  const [group] = (await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [];
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: group?.TargetGroupArn }),
  );
  const addresses = tasks.flatMap(
    (task) => task.attachments?.[0]?.details?.find((detail) => detail.name === 'privateIPv4Address')?.value ?? [],
  );
  expect(TargetHealthDescriptions.map((one) => one.Target?.Id).sort()).toEqual(addresses.sort());
  expect(TargetHealthDescriptions.map((one) => one.TargetHealth?.State)).toEqual(['healthy', 'healthy']);
});

test('service-b reaches service-a by its friendly name; service-c is refused by the security group', async () => {
  const allowed = await curlFrom('service-b', 'http://service-a:8080/route?p=x');
  expect(allowed.stdout).toBe('{"key_one":"(x)Field 1","key_two":"(x)Field 2"}\n200');
  // The two were deployed at the same time, and a task knows the names that are older than its deployment.
  expect(await highlands('redeploy', 'service-c', '--wait')).toMatchObject({ code: 0 });
  // Its proxy then knows the name, but its connections to service-a's tasks are dropped on the way.
  expect((await curlFrom('service-c', 'http://service-a:8080/route?p=x')).stdout).toMatch(/503$/);
  const [task] = await tasksOf('service-a');
  const address = task?.attachments?.[0]?.details?.find((detail) => detail.name === 'privateIPv4Address')?.value ?? '';
  expect((await curlFrom('service-c', `http://${address}:3000/health`)).stdout).toMatch(/000$/);
  expect((await curlFrom('service-b', `http://${address}:3000/health`)).stdout).toMatch(/200$/);
});

test('logs of containers and proxies are readable', async () => {
  await askB();
  await eventually('the access log of the proxy is there', async () => {
    const { stdout } = await highlands('logs', 'service-b', '--tail', '200');
    return (
      stdout.includes('ecs-service-connect') && stdout.includes('"response_code"') && stdout.includes('request_id')
    );
  });
});

test('a changed environment variable is rolled out by `npx cdk deploy` with no failed request', async () => {
  const directory = changedB('changed', "RUST_LOG: 'debug'");
  const old = (await tasksOf('service-b')).map((task) => task.taskArn);
  const running = load(URL_OF_B);
  const outcome = await cdkDeploy(directory);
  await eventually('the old tasks are gone', async () =>
    (await tasksOf('service-b')).every((task) => !old.includes(task.taskArn)),
  );
  await setTimeout(2_000); // requests to tasks that are on their way out count too
  const { sent, failed } = await running.stop();
  expect(outcome.output).toMatch(/HighlandsServiceB/);
  expect(outcome.code).toBe(0);
  expect(sent).toBeGreaterThan(100);
  expect(failed).toEqual([]);
});

test('a new desired count gives three tasks, and each of them gets requests', async () => {
  const { cluster, service } = await serviceArn('service-b');
  await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 3 }));
  await eventually('three tasks are healthy', async () => {
    const tasks = await tasksOf('service-b');
    return tasks.length === 3 && tasks.every((task) => task.healthStatus === 'HEALTHY');
  });
  const elb = new ElasticLoadBalancingV2Client(settings);
  const [group] = (await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [];
  await eventually('three targets are healthy', async () => {
    const { TargetHealthDescriptions = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group?.TargetGroupArn }),
    );
    return TargetHealthDescriptions.filter((one) => one.TargetHealth?.State === 'healthy').length === 3;
  });
  for (let request = 0; request < 60; request++) await askB();
  await eventually('every task has answered', async () => {
    const tasks = await tasksOf('service-b');
    return tasks.every((task) => {
      const id = task.taskArn?.split('/').at(-1) ?? '';
      const file = join(STATE, 'logs/tasks', id, 'ecs-service-connect.log');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text.includes('"authority":"localhost');
    });
  });
});

test('a container that exits at once fails the deploy, shows its last log lines and leaves the old version serving', async () => {
  const directory = changedB('broken', "BIND_ADDRESS: 'nonsense'");
  const running = load(URL_OF_B);
  const outcome = await cdkDeploy(directory);
  const { failed } = await running.stop();
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toMatch(/circuit breaker/);
  expect(outcome.output).toMatch(/BIND_ADDRESS/);
  expect(failed).toEqual([]);
  expect(await askB()).toMatchObject({ key_one: '(Hello)Field 1' });
});

describe('an image that is not there', () => {
  const name = '/highlands/service-c/image';
  let published: string;

  beforeAll(async () => {
    published = (await new SSMClient(settings).send(new GetParameterCommand({ Name: name }))).Parameter?.Value ?? '';
  });

  test('a digest that is not in the registry fails the deploy, is named, and the old version serves on', async () => {
    const missing = published.replace(/sha256:.*/, `sha256:${'0'.repeat(64)}`);
    await new SSMClient(settings).send(new PutParameterCommand({ Name: name, Value: missing, Overwrite: true }));
    const outcome = await highlands('deploy', 'service-c');
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toContain(`image ${missing}: the registry of this region does not have it`);
    expect(outcome.output).toContain('publish it, or give it with');
    expect(await askB()).toMatchObject({ key_one: '(Hello)Field 1' });
  });

  test('no published image fails the deploy at once and says what to do', async () => {
    await new SSMClient(settings).send(new DeleteParameterCommand({ Name: name }));
    const outcome = await highlands('deploy', 'service-c');
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toContain('publish the image with `npm run highlands -- publish service-c`');
    expect(outcome.output).not.toMatch(/\n\s+at /);
  });

  test('publishing it makes the deploy pass again', async () => {
    expect((await highlands('publish', 'service-c')).code).toBe(0);
    expect((await highlands('deploy', 'service-c')).code).toBe(0);
    expect((await new SSMClient(settings).send(new GetParameterCommand({ Name: name }))).Parameter?.Value).toBe(
      published,
    );
  });
});

test('an agent that is killed costs no request: the next one takes the same tasks over', async () => {
  const agentPid = (): number =>
    z.object({ agentPid: z.number() }).parse(JSON.parse(readFileSync(join(STATE, 'run/region.json'), 'utf8'))).agentPid;
  const ids = async (): Promise<string[]> => (await tasksOf('service-b')).map(({ taskArn }) => taskArn ?? '').sort();
  const before = await ids();
  const running = load(URL_OF_B);
  const killed = agentPid();
  process.kill(killed, 'SIGKILL');
  await eventually('another agent runs', () => agentPid() !== killed);
  expect((await running.stop()).failed).toEqual([]);
  expect(await ids()).toEqual(before);
  expect(await askB()).toMatchObject({ key_one: '(Hello)Field 1' });
});

test('a control plane that is killed comes back with everything, while requests are answered', async () => {
  const running = load(URL_OF_B);
  const found = processes(requireRegion().regionId).find(({ kind }) => kind === 'control plane');
  process.kill(found?.pid ?? NaN, 'SIGKILL');
  await eventually('it tells of running tasks again', async () => {
    try {
      const tasks = await tasksOf('service-b');
      return tasks.length === 2 && tasks.every(({ lastStatus }) => lastStatus === 'RUNNING');
    } catch {
      return false;
    }
  });
  expect((await running.stop()).failed).toEqual([]);
});

test('cdk destroy takes the services away, from the caller to the called', async () => {
  const cdk = join(ROOT, 'node_modules/.bin/cdk');
  // The projects' own folders stay as they are.
  const env = { ...(await regionEnvironment()), CDK_OUTPUT: join(STATE, 'cdk.out') };
  const early = await command(cdk, ['destroy', '--force'], { cwd: join(ROOT, 'service-a'), env });
  expect(early.output).toMatch(/Export highlands:service-a:url cannot be deleted as it is in use by HighlandsServiceB/);
  for (const project of [...PROJECTS].reverse()) {
    const outcome = await command(cdk, ['destroy', '--force'], { cwd: join(ROOT, project), env });
    expect(outcome.output).toMatch(/destroyed/);
  }
  expect(readdirSync(join(STATE, 'run/task'))).toEqual([]);
});

test('npm stop leaves nothing behind, and with --all no image or cache either', async () => {
  const outcome = await highlands('down', '--all');
  expect(outcome.code).toBe(0);
  expect(outcome.output).toMatch(/^stopped: .*\n.* freed/);
  expect(readdirSync(STATE)).not.toContain('images');
  const after = machine();
  expect(after.processes).toEqual([]);
  expect(after.interfaces).toEqual(before.interfaces);
  expect(after.mounts).toEqual(before.mounts);
  expect((await command('curl', ['-s', '-m', '2', URL_OF_B])).code).not.toBe(0);
});
