import { ACCEPTED_MANAGED_POLICIES } from './accepted-managed-policies.ts';
import { everyResource, everyTemplate, valuesOf } from './system.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

const statements = everyResource().flatMap(({ logicalId, type, properties }) =>
  (valuesOf('Statement', properties) as Statement[][]).flat().map((statement) => ({ logicalId, type, statement })),
);

test('every option is looked at', () => {
  expect(everyTemplate.length).toBeGreaterThan(4);
});

test('"*" is the resource of ecr:GetAuthorizationToken only, which knows no other', () => {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  const actions = statements
    // In the policy of a key "*" is that key. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    .filter(({ type }) => type !== 'AWS::KMS::Key')
    .filter(({ statement }) => JSON.stringify([statement.Resource]).includes('*'))
    .map(({ statement }) => statement.Action);
  expect(actions).toEqual(actions.map(() => 'ecr:GetAuthorizationToken'));
  expect(actions).toHaveLength(everyResource('AWS::ECS::Service').length);
});

test('no action with a wildcard', () => {
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.flatMap(({ statement }) => statement.Action).filter((action) => action.includes('*'))).toEqual([]);
});

test('managed policies are those that ECS asks for by name, and each of them is in use', () => {
  const used = everyResource('AWS::IAM::Role').flatMap(({ option, properties }) =>
    ((properties['ManagedPolicyArns'] ?? []) as unknown[]).map((arn) => ({ option, name: policyName(arn) })),
  );
  expect([...new Set(used.map(({ name }) => name))].sort()).toEqual(Object.keys(ACCEPTED_MANAGED_POLICIES).sort());
  expect(used.filter(({ option }) => option === 'default')).toEqual([]);
});

/** `{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":iam::aws:policy/NAME"]]}` */
function policyName(arn: unknown): string {
  return /:iam::aws:policy\/([^"]+)"/.exec(JSON.stringify(arn))?.[1] ?? JSON.stringify(arn);
}

test('no code that a stack would run', () => {
  expect(
    everyResource().filter(({ type }) => /^(AWS::Lambda|AWS::CloudFormation::CustomResource|Custom)::/.test(type)),
  ).toEqual([]);
});
