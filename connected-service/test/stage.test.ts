import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { importService, newApp, newStage, stageOf } from '../src/index.ts';
import { serviceIn, stackWith } from './stack-with.ts';

test('the app itself is the default stage, without a name', () => {
  expect(stageOf(new Stack(newApp(), 'Test'))).toBe('');
  expect(stageOf(new Stack(newStage(newApp(), 'dev'), 'Test'))).toBe('dev');
});

test('the metrics of two stages stay apart, and callers use the same name in both', () => {
  const stack = new Stack(newStage(newApp(), 'dev'), 'Test');
  serviceIn(stack, { observability: {} });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ECS::Service', {
    ServiceConnectConfiguration: {
      Services: [
        Match.objectLike({
          DiscoveryName: 'dev-service-c',
          ClientAliases: [{ DnsName: 'service-c', Port: 8081 }],
        }),
      ],
    },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'TargetResponseTime',
    Dimensions: [{ Name: 'TargetDiscoveryName', Value: 'dev-service-c' }],
  });
});

test('two stages of a service read nothing in common, and their stacks have names of their own', () => {
  const parameters = (template: Template): string[] =>
    Object.values(template.findParameters('*'))
      .map(({ Default }) => String(Default))
      .filter((name) => !name.startsWith('/cdk-bootstrap/'));
  const stack = new Stack(newStage(newApp(), 'dev'), 'Test');
  serviceIn(stack);
  const dev = parameters(Template.fromStack(stack));
  expect(dev).toEqual(parameters(Template.fromStack(stackWith())).map((name) => `/dev${name}`));
  expect(stack.stackName).toBe('dev-Test');
});

test('a caller imports from its own stage', () => {
  const stack = new Stack(newStage(newApp(), 'dev'), 'Test');
  const { url } = importService(stack, 'ServiceA', 'service-a');
  expect(stack.resolve(url)).toEqual({ 'Fn::ImportValue': 'dev:highlands:service-a:url' });
});

test('its resources bear its name', () => {
  const stack = new Stack(newStage(newApp(), 'dev'), 'Test');
  serviceIn(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
    Tags: [
      { Key: 'project', Value: 'highlands' },
      { Key: 'stage', Value: 'dev' },
    ],
  });
});

test.each(['', 'Dev', '2nd', 'my-stage', 'aws1', 'abcdefghijklmnopq'])('"%s" is no stage', (name) => {
  expect(() => newStage(newApp(), name)).toThrow(`stage "${name}": give up to 16 lower-case letters and digits`);
});
