import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  BASE_INFRA_PARAMETERS,
  type BaseInfraValue,
  ExportedService,
  importRepository,
  importService,
  importVpc,
  newApp,
  PublishedBaseInfra,
  readBaseInfra,
} from '../src/index.ts';

// The stacks below are fragments, which CDK's own validation would refuse: no resources, unused parameters.
process.env['CDK_VALIDATION'] = 'false';

function newStack(): Stack {
  return new Stack(newApp(), 'Test');
}

test('base-infra writes each value under its name', () => {
  const testStack = newStack();
  const keys = Object.keys(BASE_INFRA_PARAMETERS) as BaseInfraValue[];
  const values = Object.fromEntries(keys.map((key) => [key, `the ${key}`])) as Record<BaseInfraValue, string>;
  new PublishedBaseInfra(testStack, 'Contract', { values });
  const template = Template.fromStack(testStack);
  template.resourceCountIs('AWS::SSM::Parameter', keys.length);
  for (const key of keys) {
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: BASE_INFRA_PARAMETERS[key], Value: `the ${key}` });
  }
});

test('a value is read when the stack is deployed, and once', () => {
  const testStack = newStack();
  expect(readBaseInfra(testStack, 'vpcId')).toBe(readBaseInfra(testStack, 'vpcId'));
  expect(Object.values(Template.fromStack(testStack).findParameters('*'))).toContainEqual({
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: '/highlands/base-infra/vpc-id',
  });
});

test('the VPC has as many private subnets as zones, and no other subnets', () => {
  const vpc = importVpc(newStack(), 'Vpc');
  expect(vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds).toHaveLength(2);
  expect(vpc.publicSubnets).toEqual([]);
  expect(vpc.isolatedSubnets).toEqual([]);
});

test('the repository is that of the service', () => {
  const testStack = newStack();
  const { repositoryName } = importRepository(testStack, 'Repository', 'service-a');
  const [id] = Object.keys(
    Template.fromStack(testStack).findParameters('*', { Default: '/highlands/service-a/repository-name' }),
  );
  expect(testStack.resolve(repositoryName)).toEqual({ Ref: id });
});

test('what one stack exports, another imports', () => {
  const testStack = newStack();
  const securityGroup = SecurityGroup.fromSecurityGroupId(testStack, 'Group', 'sg-1');
  new ExportedService(testStack, 'Export', {
    endpoint: { name: 'service-a', discoveryName: 'service-a', url: 'http://service-a:8080', securityGroup },
  });
  const exported = Object.values(Template.fromStack(testStack).findOutputs('*')) as {
    Value: string;
    Export: { Name: string };
  }[];
  expect(exported.map((output) => output.Value)).toEqual(['http://service-a:8080', 'sg-1']);

  const imported = importService(testStack, 'ServiceA', 'service-a');
  const names = [imported.url, imported.securityGroup.securityGroupId].map(
    (value) => testStack.resolve(value) as unknown,
  );
  expect(names).toEqual(exported.map((output) => ({ 'Fn::ImportValue': output.Export.Name })));
});
