import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { serviceIn, stackWith } from './stack-with.ts';

const stack = stackWith();
const template = Template.fromStack(stack);

function container(expected: Record<string, unknown>): Record<string, unknown> {
  return { ContainerDefinitions: [Match.objectLike(expected)] };
}

test('a task of 1 vCPU and 2 GiB holds the application and leaves the rest to the proxy', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    Cpu: '1024',
    Memory: '2048',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    ...container({ Cpu: 512, MemoryReservation: 1024 }),
  });
});

test('the application listens on 3000 and speaks HTTP to its proxy', () => {
  template.hasResourceProperties(
    'AWS::ECS::TaskDefinition',
    container({ PortMappings: [{ Name: 'web', ContainerPort: 3000, AppProtocol: 'http', Protocol: 'tcp' }] }),
  );
});

test('the environment is what every service has, with tracing off', () => {
  template.hasResourceProperties(
    'AWS::ECS::TaskDefinition',
    container({
      Environment: [
        { Name: 'BIND_ADDRESS', Value: '0.0.0.0:3000' },
        { Name: 'RUST_LOG', Value: 'info' },
        { Name: 'DD_TRACING_ENABLED', Value: 'false' },
      ],
    }),
  );
});

test('a service adds variables of its own', () => {
  Template.fromStack(stackWith({ environment: { SERVICE_A_URL: 'http://a' } })).hasResourceProperties(
    'AWS::ECS::TaskDefinition',
    container({ Environment: Match.arrayWith([{ Name: 'SERVICE_A_URL', Value: 'http://a' }]) }),
  );
});

test('the container cannot write, is not root, asks itself for its health, and has 30 s to stop', () => {
  template.hasResourceProperties(
    'AWS::ECS::TaskDefinition',
    container({
      ReadonlyRootFilesystem: true,
      User: '65532:65532',
      HealthCheck: {
        Command: ['CMD', '/service', 'healthcheck'],
        Interval: 10,
        Timeout: 3,
        Retries: 3,
        StartPeriod: 10,
      },
      StopTimeout: 30,
    }),
  );
});

test('the image is whatever the publish step wrote', () => {
  const [id] = Object.keys(template.findParameters('*', { Default: '/highlands/service-c/image' }));
  template.hasResourceProperties('AWS::ECS::TaskDefinition', container({ Image: { Ref: id } }));
});

test('tasks may pull from the repository of the service, and write their two logs', () => {
  template.resourceCountIs('AWS::IAM::Policy', 1);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [Match.anyValue(), Match.anyValue()] },
        {
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          Resource: { 'Fn::Join': ['', Match.arrayWith([':repository/'])] },
        },
        { Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      ].map((statement) => Match.objectLike(statement)),
    },
  });
});

test('clients find it by its bare name and alias port, in the namespace of base-infra', () => {
  const [id] = Object.keys(template.findParameters('*', { Default: '/highlands/base-infra/namespace-arn' }));
  template.hasResourceProperties('AWS::ECS::Service', {
    DesiredCount: 3,
    ServiceConnectConfiguration: {
      Enabled: true,
      Namespace: { Ref: id },
      Services: [
        {
          PortName: 'web',
          DiscoveryName: 'service-c',
          ClientAliases: [{ DnsName: 'service-c', Port: 8081 }],
          Timeout: { PerRequestTimeoutSeconds: 10 },
        },
      ],
    },
  });
});

test('application and proxy log to groups of their own, and a slow log does not hold up requests', () => {
  template.resourceCountIs('AWS::Logs::LogGroup', 2);
  const logs = { LogDriver: 'awslogs', Options: Match.objectLike({ mode: 'non-blocking' }) };
  template.hasResourceProperties('AWS::ECS::TaskDefinition', container({ LogConfiguration: logs }));
  template.hasResourceProperties('AWS::ECS::Service', {
    ServiceConnectConfiguration: {
      LogConfiguration: logs,
      AccessLogConfiguration: { Format: 'JSON', IncludeQueryParameters: 'DISABLED' },
    },
  });
});

test('nobody may call in, and only HTTPS leaves', () => {
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: Match.absent(),
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
  });
});

test('no physical name: two stacks of it can live in one account', () => {
  template.hasResourceProperties('AWS::ECS::Service', { ServiceName: Match.absent() });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupName: Match.absent() });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.absent() });
});

test('synth warns of nothing', () => {
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});

test('it needs no feature flag of newApp to be safe', () => {
  const bare = new Stack(new App({ analyticsReporting: false }), 'Test');
  serviceIn(bare);
  Template.fromStack(bare).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});
