import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { newApp } from '../src/index.ts';
import { serviceIn, stackWith } from './stack-with.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const template = Template.fromStack(stackWith({ observability: { alarmTopicArn: TOPIC } }));

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: unknown[][]; readonly alarms?: unknown[] };
}

/** The widgets of a dashboard, references and all: its body is a Join of JSON text and references. */
function widgets(of: Template): Widget[] {
  const [dashboard] = Object.values(of.findResources('AWS::CloudWatch::Dashboard')) as {
    Properties: { DashboardBody: { 'Fn::Join': [string, unknown[]] } };
  }[];
  const parts = dashboard?.Properties.DashboardBody['Fn::Join'][1] ?? [];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'REFERENCE')).join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}

function metricsOf(of: Template, title: string): unknown[][] {
  const found = widgets(of).find(({ properties }) => properties.title === title);
  if (found === undefined) throw new Error(`no widget ${title}`);
  return (found.properties.metrics ?? []).map((metric) => metric.slice(0, 4));
}

function alarm(id: string): Record<string, unknown> {
  const [, found] =
    Object.entries(template.findResources('AWS::CloudWatch::Alarm')).find(([key]) => key.includes(`Alarms${id}`)) ?? [];
  if (found === undefined) throw new Error(`no alarm ${id}`);
  return found['Properties'] as Record<string, unknown>;
}

test('the dashboard has the edge into the service, by its discovery name alone', () => {
  expect(metricsOf(template, 'calls of service-c: requests')).toEqual([
    ['AWS/ECS', 'RequestCount', 'DiscoveryName', 'service-c'],
  ]);
  expect(metricsOf(template, 'calls of service-c: connections')).toEqual([
    ['AWS/ECS', 'NewConnectionCount', 'DiscoveryName', 'service-c'],
    ['AWS/ECS', 'ActiveConnectionCount', 'DiscoveryName', 'service-c'],
  ]);
  expect(metricsOf(template, 'calls of service-c: answers')).toEqual(
    ['2XX', '3XX', '4XX', '5XX'].map((statusClass) => [
      'AWS/ECS',
      `HTTPCode_Target_${statusClass}_Count`,
      'TargetDiscoveryName',
      'service-c',
    ]),
  );
  const times = widgets(template).find(({ properties }) => properties.title === 'calls of service-c: response time');
  expect(times?.properties.metrics).toEqual(
    ['p50', 'p99'].map((stat) => [
      'AWS/ECS',
      'TargetResponseTime',
      'TargetDiscoveryName',
      'service-c',
      { period: 60, stat },
    ]),
  );
});

test('a stack adds the edges to the services it calls, and the targets of its load balancer', () => {
  const stack = new Stack(newApp(), 'Test');
  const service = serviceIn(stack, { observability: {} });
  service.observability?.watchCall('service-a');
  expect(metricsOf(Template.fromStack(stack), 'calls to service-a: requests')).toEqual([
    ['AWS/ECS', 'RequestCount', 'DiscoveryName', 'service-a'],
  ]);
});

test('5xx answers are an alarm when they are a share of enough requests', () => {
  expect(alarm('Errors')).toMatchObject({
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    TreatMissingData: 'notBreaching',
    Metrics: [
      { Expression: 'IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)' },
      {
        Id: 'requests',
        ReturnData: false,
        MetricStat: {
          Metric: { MetricName: 'RequestCount', Dimensions: [{ Name: 'DiscoveryName', Value: 'service-c' }] },
          Stat: 'Sum',
        },
      },
      {
        Id: 'errors',
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ECS',
            MetricName: 'HTTPCode_Target_5XX_Count',
            Dimensions: [{ Name: 'TargetDiscoveryName', Value: 'service-c' }],
          },
          Period: 60,
          Stat: 'Sum',
        },
      },
    ],
  });
});

test('slowness is an alarm in milliseconds', () => {
  expect(alarm('Latency')).toMatchObject({
    MetricName: 'TargetResponseTime',
    Dimensions: [{ Name: 'TargetDiscoveryName', Value: 'service-c' }],
    ExtendedStatistic: 'p99',
    Threshold: 1000,
  });
});

test('missing tasks are an alarm, counted by Container Insights for this service', () => {
  const [service] = Object.keys(template.findResources('AWS::ECS::Service'));
  const [cluster] = Object.keys(template.findParameters('*', { Default: '/highlands/base-infra/cluster-name' }));
  const count = (MetricName: string): object => ({
    MetricStat: {
      Metric: {
        Namespace: 'ECS/ContainerInsights',
        MetricName,
        Dimensions: [
          { Name: 'ClusterName', Value: { Ref: cluster } },
          { Name: 'ServiceName', Value: { 'Fn::GetAtt': [service, 'Name'] } },
        ],
      },
    },
  });
  expect(alarm('MissingTasks')).toMatchObject({
    Threshold: 0,
    Metrics: [{ Expression: 'desired - running' }, count('DesiredTaskCount'), count('RunningTaskCount')],
  });
});

test('the topic hears of every alarm and of its end, and of deployments that failed', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: object }[];
  expect(alarms).toHaveLength(3);
  for (const { Properties } of alarms) expect(Properties).toMatchObject({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
  const [service] = Object.keys(template.findResources('AWS::ECS::Service'));
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.ecs'],
      'detail-type': ['ECS Deployment State Change'],
      resources: [{ Ref: service }],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
    Targets: [Match.objectLike({ Arn: TOPIC })],
  });
});

test('without a topic the alarms are still there, and nothing is sent', () => {
  const silent = Template.fromStack(stackWith({ observability: { errorPercent: 1, latencyMs: 250 } }));
  silent.resourceCountIs('AWS::Events::Rule', 0);
  silent.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() }, 3);
  silent.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'TargetResponseTime', Threshold: 250 });
  silent.hasResourceProperties('AWS::CloudWatch::Alarm', { Metrics: Match.anyValue(), Threshold: 1 });
});

test('saved queries read the access log of the proxy', () => {
  const [service] = Object.values(template.findResources('AWS::ECS::Service')) as {
    Properties: { ServiceConnectConfiguration: { LogConfiguration: { Options: Record<string, unknown> } } };
  }[];
  const accessLog = service?.Properties.ServiceConnectConfiguration.LogConfiguration.Options['awslogs-group'];
  template.resourcePropertiesCountIs('AWS::Logs::QueryDefinition', { LogGroupNames: [accessLog] }, 3);
  template.hasResourceProperties('AWS::Logs::QueryDefinition', {
    Name: 'Test/one request by request_id',
    QueryString: Match.stringLikeRegexp('filter request_id = '),
  });
});

test('an ARN of something else is refused', () => {
  expect(() => stackWith({ observability: { alarmTopicArn: 'alarms' } })).toThrow(
    'observability.alarmTopicArn is "alarms": give arn:aws:sns:<region>:<account>:<topic>',
  );
});

test('without the option there is nothing to pay for', () => {
  const types = Object.values(Template.fromStack(stackWith()).toJSON()['Resources'] as { Type: string }[]);
  expect(types.filter(({ Type }) => /CloudWatch|Events|QueryDefinition/.test(Type))).toEqual([]);
});
