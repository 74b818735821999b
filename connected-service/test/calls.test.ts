import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ConnectedService, importBaseInfra, importService, newApp } from '../src/index.ts';
import { serviceIn } from './stack-with.ts';

function caller(options?: { readonly environmentVariable: string }): { stack: Stack; template: Template } {
  const stack = new Stack(newApp(), 'Test');
  serviceIn(stack, { observability: {} }).calls(importService(stack, 'ServiceA', 'service-a'), options);
  return { stack, template: Template.fromStack(stack) };
}

const { template } = caller();
const group = { 'Fn::ImportValue': 'highlands:service-a:security-group-id' };

test('a call opens the container port of the called to the caller, and the way out to it', () => {
  const edge = { IpProtocol: 'tcp', FromPort: 3000, ToPort: 3000, Description: 'service-c calls service-a' };
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { ...edge, GroupId: group });
  template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...edge, DestinationSecurityGroupId: group });
});

test('the service waits for both rules', () => {
  const rules = ['Ingress', 'Egress'].flatMap((way) =>
    Object.keys(template.findResources(`AWS::EC2::SecurityGroup${way}`)),
  );
  expect(rules).toHaveLength(2);
  const [service] = Object.values(template.findResources('AWS::ECS::Service')) as { DependsOn: string[] }[];
  expect(service?.DependsOn).toEqual(expect.arrayContaining(rules));
});

const variable = (Name: string): object => ({
  ContainerDefinitions: [
    Match.objectLike({
      Environment: Match.arrayWith([{ Name, Value: { 'Fn::ImportValue': 'highlands:service-a:url' } }]),
    }),
  ],
});

test('the application is told the URL, in a variable that may be chosen', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', variable('SERVICE_A_URL'));
  caller({ environmentVariable: 'UPSTREAM' }).template.hasResourceProperties(
    'AWS::ECS::TaskDefinition',
    variable('UPSTREAM'),
  );
});

test('the dashboard gets a row', () => {
  expect(JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'))).toContain('calls to service-a');
});

test('a variable that is there already is not overwritten', () => {
  const stack = new Stack(newApp(), 'Test');
  const service = serviceIn(stack, { environment: { SERVICE_A_URL: 'http://elsewhere' } });
  const serviceA = importService(stack, 'ServiceA', 'service-a');
  expect(() => {
    service.calls(serviceA);
  }).toThrow('SERVICE_A_URL is a variable of the application already: give environmentVariable');
});

test('of two services in one stack, the called one is deployed first', () => {
  const stack = new Stack(newApp(), 'Test');
  const calling = serviceIn(stack);
  const baseInfra = importBaseInfra(stack, 'Other', 'service-d');
  const called = new ConnectedService(stack, 'Called', { ...baseInfra, aliasPort: 8083, desiredCount: 1 });
  calling.calls(called.endpoint);
  const services = Template.fromStack(stack).findResources('AWS::ECS::Service');
  const [id] = Object.keys(services).filter((key) => key.startsWith('Called'));
  const dependencies = Object.entries(services).map(([key, { DependsOn }]) => [
    key,
    (DependsOn as string[]).includes(String(id)),
  ]);
  expect(dependencies.filter(([, waits]) => waits).map(([key]) => String(key).slice(0, 7))).toEqual(['Service']);
});
