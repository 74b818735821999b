import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCEPTED_MANAGED_POLICIES } from './accepted-managed-policies.ts';
import { permissionPairs } from './permission-pairs.ts';
import { REVIEWED_PERMISSIONS } from './reviewed-permissions.ts';
import { type CloudFormationTemplate, everyResource, everyTemplate, valuesOf } from './system.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

const statements = everyResource().flatMap(({ option, type, properties }) =>
  (valuesOf('Statement', properties) as Statement[][]).flat().map((statement) => ({ option, type, statement })),
);

test('every option is looked at', () => {
  expect(everyTemplate.length).toBeGreaterThan(4);
});

/** Actions that know no resource but "*", by the page that says so; they begin with the default ones. */
const WITHOUT_RESOURCE = {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  default: ['ecr:GetAuthorizationToken'],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
  'execute-command': [
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  'tracing-adot': ['xray:PutTraceSegments'],
} satisfies Readonly<Record<string, readonly string[]>>;
const withoutResource = (option: string): readonly string[] =>
  Object.entries(WITHOUT_RESOURCE).find(([name]) => name === option)?.[1] ?? [];

test('"*" is the resource of actions only that know no other', () => {
  const services = everyResource('AWS::ECS::Service').map(({ option }) => option);
  const wildcards = statements
    // In the policy of a key "*" is that key. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    // In that of a bucket it stands for names of objects; what is granted is below.
    .filter(({ type }) => !['AWS::KMS::Key', 'AWS::S3::BucketPolicy'].includes(type))
    .filter(({ statement }) => JSON.stringify([statement.Resource]).includes('*'))
    .map(({ option, statement }) => `${option}: ${[statement.Action].flat().join()}`);
  const expected = services.flatMap((option) => [
    `${option}: ${WITHOUT_RESOURCE.default.join()}`,
    ...(option !== 'default' && withoutResource(option).length > 0
      ? [`${option}: ${withoutResource(option).join()}`]
      : []),
  ]);
  expect(wildcards.sort()).toEqual(expected.sort());
});

test('a bucket is written to by log delivery, below AWSLogs, and by nobody else; nothing goes unencrypted', () => {
  const policies = everyResource('AWS::S3::BucketPolicy');
  expect(policies.map(({ option }) => option)).toEqual(['access-logs']);
  const granted = statements.filter(({ type }) => type === 'AWS::S3::BucketPolicy').map(({ statement }) => statement);
  expect(granted).toMatchObject([
    { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
    },
  ]);
  expect(JSON.stringify(granted[1]?.Resource)).toContain('"/AWSLogs/"');
});

test('no action is granted with a wildcard', () => {
  const granted = statements.filter(({ statement }) => statement.Effect === 'Allow');
  expect(granted.length).toBeGreaterThan(0);
  expect(granted.flatMap(({ statement }) => statement.Action).filter((action) => action.includes('*'))).toEqual([]);
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

test('every permission is a reviewed one, and every reviewed one is given', () => {
  const role = join(import.meta.dirname, '../../.github/delivery-role.template.json');
  const delivery = { template: JSON.parse(readFileSync(role, 'utf8')) as CloudFormationTemplate };
  const given = [...everyTemplate, delivery].flatMap(permissionPairs);
  expect([...new Set(given)].sort()).toEqual(Object.values(REVIEWED_PERMISSIONS).flat().sort());
});
