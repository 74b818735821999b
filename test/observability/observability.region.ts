/**
 * What a team looks at, over the running system: spans that join up over the services, logs and metrics where the
 * templates say, alarms that follow them. Nothing is mocked but the collectors, whose images the region stands in for.
 */
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  StopTaskCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Span } from '../../local/region/trace.ts';
import {
  clientSettings,
  deployAll,
  eventually,
  highlands,
  load,
  PORT,
  projectWith,
  STATE,
  URL_OF_B,
} from '../e2e/harness.ts';
import { withVariables } from '../region.ts';

/** The region's minute in these tests: alarms ask for three to five of them. */
const MINUTE = '2s';

let ecs: ECSClient;
let logs: CloudWatchLogsClient;
let cloudWatch: CloudWatchClient;

async function serviceOf(discoveryName: string): Promise<Service & { cluster: string }> {
  const cluster = (await ecs.send(new ListClustersCommand({}))).clusterArns?.[0] ?? '';
  const arns = (await ecs.send(new ListServicesCommand({ cluster }))).serviceArns ?? [];
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: arns }));
  const found = services.find((one) =>
    one.deployments?.[0]?.serviceConnectConfiguration?.services?.some((entry) => entry.discoveryName === discoveryName),
  );
  if (found === undefined) throw new Error(`no service ${discoveryName}`);
  return { ...found, cluster };
}

async function taskArns(discoveryName: string): Promise<{ cluster: string; tasks: string[] }> {
  const { cluster, serviceName } = await serviceOf(discoveryName);
  const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
  return { cluster, tasks };
}

/** As any program reads what the region's stand-ins for collectors took in. */
function spansOf(traceId: string): Span[] {
  const file = join(STATE, 'logs/spans.jsonl');
  if (!existsSync(file)) return [];
  // The last one may be half written.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Span).filter((span) => span.traceId === traceId);
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const caller = { traceId: hex(16), spanId: hex(8) };
const requestIds: string[] = [];

beforeAll(async () => {
  const started = await highlands('up', '--port', String(PORT));
  if (started.code !== 0) throw new Error(started.output);
  await highlands('minute', MINUTE);
  const directories = ['service-a', 'service-c', 'service-b'].map((project) =>
    projectWith(project, "tracing: { collector: 'adot' }, observability: {},"),
  );
  // What service-b makes stays with it until it is told to stop: nothing but the flush at its end can send it.
  const stack = join(directories[2] ?? '', 'lib/service-b-stack.ts');
  const [place, changed] = withVariables("OTEL_BSP_SCHEDULE_DELAY: '3600000'");
  writeFileSync(stack, readFileSync(stack, 'utf8').replace(place, changed));
  const [a = '', c = '', b = ''] = directories;
  await deployAll([a, c], [b]);
  const settings = await clientSettings();
  ecs = new ECSClient(settings);
  logs = new CloudWatchLogsClient(settings);
  cloudWatch = new CloudWatchClient(settings);
});

afterAll(async () => {
  await highlands('down');
});

test('each task has a collector that is not essential, and runs', async () => {
  const { cluster, tasks } = await taskArns('service-b');
  const { tasks: described = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
  expect(described).toHaveLength(2);
  for (const { containers = [] } of described) {
    expect(containers.map(({ name, lastStatus }) => `${name ?? ''} ${lastStatus ?? ''}`).sort()).toEqual([
      'app RUNNING',
      'collector RUNNING',
      'ecs-service-connect RUNNING',
    ]);
    expect(containers.find(({ name }) => name === 'collector')?.healthStatus).toBe('HEALTHY');
  }
});

test('spans join up over the services, through the proxies, under the trace of the caller', async () => {
  const response = await fetch(URL_OF_B, {
    headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
  });
  expect(response.status).toBe(200);
  // The called services send on their own, within the SDK's five seconds; service-b does not, see above.
  await eventually('the called services have sent their spans', () =>
    spansOf(caller.traceId).length >= 2 ? true : undefined,
  );
  expect(spansOf(caller.traceId).map(({ service }) => service)).not.toContain('service-b');

  // Told to stop, service-b hands its spans to the collector, which outlives it.
  const { cluster, tasks } = await taskArns('service-b');
  await Promise.all(tasks.map((task) => ecs.send(new StopTaskCommand({ cluster, task }))));
  const spans = await eventually('service-b has sent its last spans', () => {
    const found = spansOf(caller.traceId);
    return found.length >= 5 ? found : undefined;
  });

  const one = (service: string, kind: Span['kind'], path: string): Span => {
    const found = spans.filter((span) => span.service === service && span.kind === kind && span.name.endsWith(path));
    expect(found).toHaveLength(1);
    return found[0] as Span;
  };
  expect(spans).toHaveLength(5);
  const root = one('service-b', 'server', '/');
  expect(root.parentId).toBe(caller.spanId);
  for (const [service, path] of [
    ['service-a', '/route'],
    ['service-c', '/time'],
  ] as const) {
    const call = one('service-b', 'client', path);
    expect(call.parentId).toBe(root.spanId);
    expect(one(service, 'server', path).parentId).toBe(call.spanId);
  }
  // Three tasks, each by its own collector; the two calls of service-b by that of service-b.
  expect(new Set(spans.map(({ taskId }) => taskId)).size).toBe(3);
  expect(spans.every(({ failed }) => !failed)).toBe(true);
});

test('logs are in the groups and streams that the definitions name, as JSON with the trace of the request', async () => {
  const { taskDefinition } = await serviceOf('service-a');
  const { taskDefinition: definition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const app = definition?.containerDefinitions?.find(({ name }) => name === 'app');
  const group = app?.logConfiguration?.options?.['awslogs-group'] ?? '';
  const { tasks } = await taskArns('service-a');
  const streams = tasks.map((arn) => `app/app/${arn.split('/').at(-1) ?? ''}`);
  const event = await eventually('the log line of the traced request is there', async () => {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, filterPattern: caller.traceId }),
    );
    return events[0];
  });
  expect(streams).toContain(event.logStreamName);
  const line = JSON.parse(event.message ?? '') as Record<string, unknown>;
  const span = spansOf(caller.traceId).find(({ service }) => service === 'service-a');
  expect(line).toMatchObject({
    message: 'request',
    status: 200,
    span: { trace_id: caller.traceId, span_id: span?.spanId },
  });
  requestIds.push((line['span'] as { request_id: string }).request_id);
});

test('the access log of each proxy has the same request_id in the proxies of caller and called', async () => {
  for (const name of ['service-a', 'service-b', 'service-c']) {
    const { deployments } = await serviceOf(name);
    const group = deployments?.[0]?.serviceConnectConfiguration?.logConfiguration?.options?.['awslogs-group'];
    const event = await eventually(`the proxy of ${name} has logged the request`, async () => {
      const { events = [] } = await logs.send(
        new FilterLogEventsCommand({ logGroupName: group, filterPattern: requestIds[0] }),
      );
      return events[0];
    });
    expect(event.logStreamName).toMatch(/^proxy\/ecs-service-connect\/[0-9a-f]{32}$/);
    expect(JSON.parse(event.message ?? '')).toMatchObject({ request_id: requestIds[0], response_code: 200 });
  }
});

test('the metrics of the dashboard are there under their AWS names, with percentiles and expressions', async () => {
  const window = { StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000) };
  const target = [{ Name: 'TargetDiscoveryName', Value: 'service-a' }];
  const names = async (Name: string): Promise<string[]> => {
    const { Metrics = [] } = await cloudWatch.send(
      new ListMetricsCommand({ Namespace: 'AWS/ECS', Dimensions: [{ Name, Value: 'service-a' }] }),
    );
    const alone = Metrics.filter(({ Dimensions }) => Dimensions?.length === 1);
    return alone.map(({ MetricName = '' }) => MetricName).sort();
  };
  await eventually('a minute with requests is complete', async () =>
    (await names('TargetDiscoveryName')).includes('TargetResponseTime') ? true : undefined,
  );
  expect(await names('DiscoveryName')).toEqual([
    'ActiveConnectionCount',
    'NewConnectionCount',
    'ProcessedBytes',
    'RequestCount',
  ]);
  expect(await names('TargetDiscoveryName')).toEqual(
    expect.arrayContaining(['HTTPCode_Target_2XX_Count', 'HTTPCode_Target_5XX_Count', 'RequestCountPerTarget']),
  );
  const metric = { Namespace: 'AWS/ECS', MetricName: 'TargetResponseTime', Dimensions: target };
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({ ...metric, ...window, Period: 60, ExtendedStatistics: ['p50', 'p99'] }),
  );
  const times = Datapoints[0]?.ExtendedStatistics ?? {};
  expect(times['p50']).toBeGreaterThan(0);
  expect(times['p99']).toBeGreaterThanOrEqual(times['p50'] ?? Infinity);
  const count = (MetricName: string, Dimensions: typeof target) => ({
    MetricStat: { Metric: { Namespace: 'AWS/ECS', MetricName, Dimensions }, Period: 60, Stat: 'Sum' },
  });
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      ...window,
      MetricDataQueries: [
        { Id: 'requests', ...count('RequestCount', [{ Name: 'DiscoveryName', Value: 'service-a' }]) },
        { Id: 'good', ReturnData: false, ...count('HTTPCode_Target_2XX_Count', target) },
        { Id: 'bad', Expression: 'requests - good' },
      ],
    }),
  );
  const sum = (id: string): number =>
    MetricDataResults.find(({ Id }) => Id === id)?.Values?.reduce((total, value) => total + value, 0) ?? NaN;
  expect(sum('requests')).toBeGreaterThan(0);
  expect(sum('bad')).toBe(0);
});

test('alarms follow the metrics: into ALARM while requests fail, back to OK afterwards', async () => {
  const alarms = async () => (await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
  await eventually('every alarm is OK', async () => {
    const states = (await alarms()).map(({ StateValue }) => StateValue);
    return states.length === 10 && states.every((state) => state === 'OK') ? true : undefined;
  });
  expect((await highlands('fault', 'service-a', '--abort', '500', '--percent', '60')).code).toBe(0);
  const running = load(URL_OF_B);
  const errorsOfA = async () => (await alarms()).find(({ AlarmName = '' }) => /ServiceA.*Errors/.test(AlarmName));
  const failing = await eventually('the alarm on errors goes off', async () => {
    const alarm = await errorsOfA();
    return alarm?.StateValue === 'ALARM' ? alarm : undefined;
  });
  expect(failing.StateReason).toMatch(/[345] out of the last 5 datapoints .* greater than the threshold \(5\.0\)/);
  await highlands('fault', 'service-a', '--clear');
  await running.stop();
  await eventually('the alarm ends', async () => ((await errorsOfA())?.StateValue === 'OK' ? true : undefined));
  const { AlarmHistoryItems = [] } = await cloudWatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: failing.AlarmName, HistoryItemType: 'StateUpdate' }),
  );
  const summaries = AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
  expect(summaries).toContain('Alarm updated from OK to ALARM');
  expect(summaries).toContain('Alarm updated from ALARM to OK');
});
