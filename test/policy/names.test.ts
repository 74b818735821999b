import { everyResource, type FoundResource, resources, STAGE, stacks } from './system.ts';

/** Names that are the contract: others find the thing by them. */
const CONTRACT: Readonly<Record<string, RegExp>> = {
  'AWS::SSM::Parameter.Name': new RegExp(`^(/${STAGE})?/highlands/`),
  'AWS::ServiceDiscovery::HttpNamespace.Name': new RegExp(`^(${STAGE}\\.)?highlands\\.local$`),
  // Names of AWS's own, that a resource refers to.
  'AWS::CloudWatch::Alarm.MetricName': /^TargetResponseTime$/,
};

/** CloudFormation wants these. CDK makes them from the place in the tree: stack name and path, or logical id. */
const GENERATED = [
  'AWS::IAM::Policy.PolicyName',
  'AWS::ECS::TaskDefinition.Family',
  'AWS::ApplicationAutoScaling::ScalingPolicy.PolicyName',
  'AWS::Logs::QueryDefinition.Name',
];

function isGenerated({ project, type, logicalId }: FoundResource, key: string, generated: string): boolean {
  const { stackName } = stacks[project];
  const value = generated.replace(new RegExp(`^${STAGE}-?(?=${stackName})`), '');
  const fromPath = value.startsWith(`${stackName}/`) || (value.startsWith(stackName) && /[0-9A-F]{8}$/.test(value));
  return GENERATED.includes(`${type}.${key}`) && (value === logicalId || fromPath);
}

test('no physical names but those of the contract: a stack can be deployed twice, and a resource replaced', () => {
  const names = everyResource().flatMap((resource) =>
    Object.entries(resource.properties)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .filter(([key]) => /(^|[a-z])Name$|^Family$/.test(key))
      .filter(([key, value]) => !isGenerated(resource, key, value))
      .filter(([key, value]) => CONTRACT[`${resource.type}.${key}`]?.test(value) !== true)
      .map(([key, value]) => `${resource.logicalId}: ${key} ${value}`),
  );
  expect(names).toEqual([]);
});

test('no account, region or zone in any template', () => {
  const text = JSON.stringify(resources());
  expect(text).not.toMatch(/\b\d{12}\b/);
  expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d/);
});
