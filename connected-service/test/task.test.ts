import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { newApp } from '../src/index.ts';
import { serviceIn, stackWith } from './stack-with.ts';

const DEFINITION = 'AWS::ECS::TaskDefinition';

function newStack(): Stack {
  return new Stack(newApp(), 'Test');
}

test('what others grant to the service, its task role may do', () => {
  const stack = newStack();
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const service = serviceIn(stack);
  table.grants.readData(service);
  const template = Template.fromStack(stack);
  const [role] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.includes('TaskRole'));
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['dynamodb:GetItem']) })] },
    Roles: [{ Ref: role }],
  });
  // No task runs before its role may do what it needs.
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) => id.includes('TaskRole'));
  template.hasResource('AWS::ECS::Service', { DependsOn: Match.arrayWith([policy]) });
});

test('a secret comes from where it is kept, and the execution role may read it', () => {
  const stack = newStack();
  const password = new StoredSecret(stack, 'Password') as ISecret;
  serviceIn(stack, { secrets: { PASSWORD: Secret.fromSecretsManager(password) } });
  const template = Template.fromStack(stack);
  const [stored] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
  template.hasResourceProperties(DEFINITION, {
    ContainerDefinitions: [Match.objectLike({ Secrets: [{ Name: 'PASSWORD', ValueFrom: { Ref: stored } }] })],
  });
  const [role] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.includes('ExecutionRole'));
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['secretsmanager:GetSecretValue']) })]),
    },
    Roles: [{ Ref: role }],
  });
});

test('a variable may have a value that only the deploy knows', () => {
  const stack = newStack();
  const limit = new CfnParameter(stack, 'Limit');
  serviceIn(stack, { environment: { LIMIT: limit.valueAsString } });
  Template.fromStack(stack).hasResourceProperties(DEFINITION, {
    ContainerDefinitions: [
      Match.objectLike({ Environment: Match.arrayWith([{ Name: 'LIMIT', Value: { Ref: 'Limit' } }]) }),
    ],
  });
});

test('a task may have another size, and half of it is for the application', () => {
  Template.fromStack(stackWith({ cpu: 512, memory: 3072 })).hasResourceProperties(DEFINITION, {
    Cpu: '512',
    Memory: '3072',
    ContainerDefinitions: [Match.objectLike({ Cpu: 256, MemoryReservation: 1536 })],
  });
});

test.each([
  [{ cpu: 256 }, 'cpu is 256: give one of 512, 1024, 2048, 4096, 8192, 16384'],
  [{ memory: 1024 }, 'memory is 1024: with cpu 1024 give 2048 to 8192 in steps of 1024'],
  [{ cpu: 8192, memory: 20_000 }, 'memory is 20000: with cpu 8192 give 16384 to 61440 in steps of 4096'],
  [{ cpu: 512, memory: 1024, tracing: { collector: 'adot' as const } }, 'cpu is 512: the collector of tracing needs'],
])('%j is refused at synth', (size, line) => {
  expect(() => stackWith(size)).toThrow(line);
});

test('logs may be kept for longer, and another image may be asked otherwise', () => {
  const other = stackWith({
    logRetention: RetentionDays.ONE_YEAR,
    healthCheck: { command: ['CMD', '/ready'], interval: Duration.seconds(5) },
  });
  const template = Template.fromStack(other);
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  template.hasResourceProperties(DEFINITION, {
    ContainerDefinitions: [Match.objectLike({ HealthCheck: Match.objectLike({ Command: ['CMD', '/ready'] }) })],
  });
});
