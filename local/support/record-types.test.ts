import { noRecord, NO_RECORD_TYPES, RECORD_TYPES, recordSaid } from './record-types.ts';
import { typeSupport } from './resource-types.ts';

test.each([
  ['AWS::CodePipeline::Pipeline', 'record', 'builds and deploys nothing'],
  ['AWS::GuardDuty::Detector', 'record', 'nothing is watched'],
  ['AWS::Budgets::Budget', 'record', 'costs'],
  ['AWS::EC2::Instance', 'warned', 'no machine runs'],
  ['AWS::ApiGatewayV2::VpcLink', 'warned', 'nothing is behind it'],
  ['AWS::SecretsManager::RotationSchedule', 'warned', 'not rotated'],
])('%s is a record: %s', (type, kind, said) => {
  const support = typeSupport(type);
  expect(support.kind).toBe(kind);
  expect(JSON.stringify(support)).toContain(said);
});

test.each([
  ['AWS::ECS::TaskSet', 'would not be started'],
  ['AWS::ElasticLoadBalancing::LoadBalancer', 'Classic Load Balancers'],
  ['AWS::CloudFormation::Macro', 'is not done'],
  ['AWS::Nobody::Knows', 'does not know the type'],
  ['MongoDB::Atlas::Cluster', 'does not know the type'],
])('%s is refused: %s', (type, why) => {
  expect(typeSupport(type)).toMatchObject({
    kind: 'refused',
    rule: { refused: expect.stringContaining(why) as string },
  });
});

test('a type has a record, or a reason for none', () => {
  expect(RECORD_TYPES.filter((type) => noRecord(type) !== undefined || recordSaid(type) === undefined)).toEqual([]);
  expect(NO_RECORD_TYPES.filter((type) => noRecord(type) === undefined)).toEqual([]);
});
