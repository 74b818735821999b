import { resources, valuesOf } from './system.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

const statements = resources().flatMap(({ logicalId, properties }) =>
  (valuesOf('Statement', properties) as Statement[][]).flat().map((statement) => ({ logicalId, statement })),
);

test('"*" is the resource of ecr:GetAuthorizationToken only, which knows no other', () => {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  const actions = statements
    .filter(({ statement }) => JSON.stringify([statement.Resource]).includes('*'))
    .map(({ statement }) => statement.Action);
  expect(actions).toEqual(actions.map(() => 'ecr:GetAuthorizationToken'));
  expect(actions).toHaveLength(resources('AWS::ECS::Service').length);
});

test('no action with a wildcard', () => {
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.flatMap(({ statement }) => statement.Action).filter((action) => action.includes('*'))).toEqual([]);
});

test('no managed policies, and no code that a stack would run', () => {
  expect(resources('AWS::IAM::Role').filter(({ properties }) => 'ManagedPolicyArns' in properties)).toEqual([]);
  expect(
    resources().filter(({ type }) => /^(AWS::Lambda|AWS::CloudFormation::CustomResource|Custom)::/.test(type)),
  ).toEqual([]);
});
