import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { newApp, newStage, type TracingOptions } from '../src/index.ts';
import { serviceIn, stackWith } from './stack-with.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-AbCdEf';

interface Container {
  readonly Name: string;
  readonly Environment?: { readonly Name: string; readonly Value: string }[];
  readonly [property: string]: unknown;
}

function containers(tracing?: TracingOptions): Record<string, Container> {
  const template = Template.fromStack(stackWith(tracing ? { tracing } : {}));
  const [definition] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as {
    Properties: { ContainerDefinitions: Container[] };
  }[];
  return Object.fromEntries((definition?.Properties.ContainerDefinitions ?? []).map((one) => [one.Name, one]));
}

function variables(container: Container | undefined): Record<string, string> {
  return Object.fromEntries((container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]));
}

test('without the option there is one container, which makes no spans', () => {
  expect(Object.keys(containers())).toEqual(['app']);
  expect(variables(containers()['app'])).toEqual({
    BIND_ADDRESS: '0.0.0.0:3000',
    RUST_LOG: 'info',
    DD_TRACING_ENABLED: 'false',
  });
});

describe.each<TracingOptions>([{ collector: 'adot' }, { collector: 'datadog', apiKeySecretArn: SECRET }])(
  'a collector of kind $collector',
  (tracing) => {
    const { app, collector } = containers(tracing);

    test('is not essential, starts before the application and ends after it', () => {
      expect(collector).toMatchObject({ Essential: false, HealthCheck: expect.anything() as unknown });
      expect(app).toMatchObject({ DependsOn: [{ ContainerName: 'collector', Condition: 'START' }] });
    });

    test('is a pinned version', () => {
      expect(collector?.['Image']).toMatch(/:v?\d+\.\d+\.\d+$/);
    });

    test('leaves the application and the proxy what they need', () => {
      // 1,024 units and 2,048 MiB in all, of which the proxy wants 256 and 64.
      expect(Number(app?.['Cpu']) + Number(collector?.['Cpu'])).toBeLessThanOrEqual(1024 - 256);
      expect(Number(app?.['MemoryReservation']) + Number(collector?.['Memory'])).toBeLessThanOrEqual(2048 - 64);
    });
  },
);

test('ADOT takes spans on loopback and gives them to X-Ray, which is all that it may do', () => {
  const { app, collector } = containers({ collector: 'adot' });
  expect(variables(app)).toMatchObject({
    DD_TRACING_ENABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  });
  const configuration = JSON.parse(variables(collector)['AOT_CONFIG_CONTENT'] ?? '') as Record<string, unknown>;
  expect(configuration).toMatchObject({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:4318' } } } },
    exporters: { awsxray: {} },
    service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['awsxray'] } } },
  });
  Template.fromStack(stackWith({ tracing: { collector: 'adot' } })).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' }] },
  });
});

test('the Datadog agent takes OTLP on loopback, and its key from a secret', () => {
  const tracing = { collector: 'datadog', apiKeySecretArn: SECRET, site: 'datadoghq.eu' } as const;
  const { app, collector } = containers(tracing);
  expect(variables(app)).toMatchObject({ DD_TRACING_ENABLED: 'true', AGENT_ADDRESS: '127.0.0.1' });
  expect(variables(collector)).toEqual({
    ECS_FARGATE: 'true',
    DD_SITE: 'datadoghq.eu',
    DD_APM_ENABLED: 'true',
    DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT: '127.0.0.1:4318',
  });
  expect(collector?.['Secrets']).toEqual([{ Name: 'DD_API_KEY', ValueFrom: SECRET }]);
  Template.fromStack(stackWith({ tracing })).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
          Resource: SECRET,
        }),
      ]),
    },
  });
});

test('the spans of a stage tell which', () => {
  const stack = new Stack(newStage(newApp(), 'dev'), 'Test');
  serviceIn(stack, { tracing: { collector: 'adot' } });
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: Match.arrayWith([
      Match.objectLike({
        Environment: Match.arrayWith([{ Name: 'OTEL_RESOURCE_ATTRIBUTES', Value: 'deployment.environment.name=dev' }]),
      }),
    ]),
  });
});

test('a share of the traces is decided by the SDK, at the first service', () => {
  expect(variables(containers({ collector: 'adot', sampledPercent: 5 })['app'])).toMatchObject({
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.05',
  });
});

test('settings that can not work are refused', () => {
  expect(() => stackWith({ tracing: { collector: 'adot', sampledPercent: 0 } })).toThrow(
    'tracing.sampledPercent is 0: give more than 0 and at most 100',
  );
  expect(() => stackWith({ tracing: { collector: 'datadog', apiKeySecretArn: 'key' } })).toThrow(
    'tracing.apiKeySecretArn is "key": give arn:aws:secretsmanager:<region>:<account>:secret:<name>',
  );
});
