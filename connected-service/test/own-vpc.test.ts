import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { stack } from '../examples/own-vpc.ts';

const template = Template.fromStack(stack);

test('the example needs nothing of base-infra: no parameter of it, no export', () => {
  const parameters = Object.values(template.findParameters('*')).map(({ Default }) => String(Default));
  expect(parameters.filter((name) => !name.startsWith('/cdk-bootstrap/'))).toEqual([]);
  expect(JSON.stringify(template.toJSON())).not.toMatch(/Fn::ImportValue|highlands/i);
});

test('its services are in its VPC, cluster and namespace', () => {
  const id = (type: string): string => String(Object.keys(template.findResources(type))[0]);
  template.allResourcesProperties('AWS::ECS::Service', {
    Cluster: { Ref: id('AWS::ECS::Cluster') },
    ServiceConnectConfiguration: Match.objectLike({
      Namespace: { 'Fn::GetAtt': [id('AWS::ServiceDiscovery::HttpNamespace'), 'Arn'] },
    }),
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Tasks of orders',
    VpcId: { Ref: id('AWS::EC2::VPC') },
  });
});

test('its services wait for the capacity providers of their cluster', () => {
  const providers = Object.keys(template.findResources('AWS::ECS::ClusterCapacityProviderAssociations'));
  expect(providers).toHaveLength(1);
  template.allResources('AWS::ECS::Service', { DependsOn: Match.arrayWith(providers) });
});

test('the edge between them is one line', () => {
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { Description: 'orders calls warehouse' });
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Environment: Match.arrayWith([{ Name: 'WAREHOUSE_URL', Value: 'http://warehouse:8090' }]),
      }),
    ],
  });
});

test('CDK warns of nothing', () => {
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});
