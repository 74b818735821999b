import { newApp, SERVICE_NAMES } from '@highlands/connected-service';
import { expectGolden } from '@highlands/connected-service/testing';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stack } from '../bin/app.ts';
import { BaseInfraStack } from '../lib/base-infra-stack.ts';

const template = Template.fromStack(stack);

test('the template is the reviewed one', () => {
  expectGolden(stack, import.meta.dirname);
});

test('three tiers in two zones, whatever the account: subnets 1 and 2 of each in zones 0 and 1 of the region', () => {
  const subnets = Object.values(template.findResources('AWS::EC2::Subnet')) as {
    Properties: { AvailabilityZone: unknown; MapPublicIpOnLaunch: boolean };
  }[];
  const zone = (index: number): unknown => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });
  expect(subnets.map(({ Properties }) => Properties.AvailabilityZone)).toEqual([0, 1, 0, 1, 0, 1].map(zone));
  expect(subnets.some(({ Properties }) => Properties.MapPublicIpOnLaunch)).toBe(false);
});

test('private subnets share as many NAT gateways as asked for', () => {
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
  const each = new BaseInfraStack(newApp(), 'Test', { natGateways: 2 });
  Template.fromStack(each).resourceCountIs('AWS::EC2::NatGateway', 2);
});

test('until a service adds a route, the public gets a 404', () => {
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
  });
});

test('the cluster names its namespace by ARN', () => {
  const [id] = Object.keys(template.findResources('AWS::ServiceDiscovery::HttpNamespace'));
  template.hasResourceProperties('AWS::ECS::Cluster', {
    ServiceConnectDefaults: { Namespace: { 'Fn::GetAtt': [id, 'Arn'] } },
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
  });
});

test('services may name FARGATE and FARGATE_SPOT, and get neither unasked', () => {
  template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
    CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    DefaultCapacityProviderStrategy: [],
  });
});

test('one repository for each service: fixed tags, scanned, bounded, and gone with the stack', () => {
  template.resourcePropertiesCountIs(
    'AWS::ECR::Repository',
    {
      RepositoryName: Match.absent(),
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      LifecyclePolicy: { LifecyclePolicyText: Match.stringLikeRegexp('"countNumber":30') },
      EmptyOnDelete: true,
    },
    SERVICE_NAMES.length,
  );
});
