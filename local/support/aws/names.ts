/** Names that a service takes, and those that are there once only. */
import { textIn, type Members } from './given.ts';
import { matchesPattern } from './pattern.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

interface NameRule {
  readonly property: string;
  readonly code: string;
  readonly pattern: RegExp;
  readonly sentence: (name: string) => string;
}

const regular = (what: string, pattern: string) => (name: string) =>
  `1 validation error detected: Value '${shown(name)}' at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;

/** By type; those of services, definitions and load balancers are with the rest of theirs. */
const NAMES: Readonly<Record<string, NameRule>> = {
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
  'AWS::ECS::Cluster': {
    property: 'ClusterName',
    code: 'InvalidParameterException',
    pattern: /^[A-Za-z0-9_-]{1,255}$/,
    sentence: () => 'Identifier is of invalid format: it has 1 to 255 letters, digits, hyphens and underscores',
  },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    code: 'InvalidParameterException',
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    sentence: regular('logGroupName', String.raw`[\.\-_/#A-Za-z0-9]+`),
  },
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  'AWS::SSM::Parameter': {
    property: 'Name',
    code: 'ValidationException',
    pattern: /^(?!\/?(?:aws|ssm))[a-zA-Z0-9_.\-/]{1,2048}$/i,
    sentence: (name) =>
      /^\/?(?:aws|ssm)/i.test(name)
        ? `No access to reserved parameter name: ${shown(name)}.`
        : `Parameter name: ${shown(name)} can only contain a mix of letters, numbers and the following 4 symbols .-_/`,
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    code: 'ValidationException',
    pattern: /^[A-Za-z0-9/_+=.@!-]{1,512}$/,
    sentence: () =>
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  },
  // https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
  'AWS::CertificateManager::Certificate': {
    property: 'DomainName',
    code: 'ValidationException',
    pattern: /^(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$/,
    sentence: (name) => `${shown(name)} is no domain name`,
  },
};

export function nameRefusals(type: string, properties: Members): Refusal[] {
  const rule = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  const name = rule === undefined ? undefined : textIn(properties[rule.property]);
  return rule === undefined || name === undefined || rule.pattern.test(name)
    ? []
    : [says(rule.property, rule.code, rule.sentence(name))];
}

/** What can be there once, by type: the property that says which, and what else it is within. */
export const UNIQUE: Readonly<Record<string, readonly [property: string, code: string, within?: string]>> = {
  'AWS::ECS::Cluster': ['ClusterName', 'AlreadyExists'],
  'AWS::EC2::SecurityGroup': ['GroupName', 'InvalidGroup.Duplicate', 'VpcId'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 'DuplicateLoadBalancerName'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 'DuplicateTargetGroupName'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'ResourceAlreadyExistsException'],
  'AWS::ECR::Repository': ['RepositoryName', 'RepositoryAlreadyExistsException'],
  'AWS::SSM::Parameter': ['Name', 'ParameterAlreadyExists'],
  'AWS::SecretsManager::Secret': ['Name', 'ResourceExistsException'],
  'AWS::ServiceDiscovery::HttpNamespace': ['Name', 'NamespaceAlreadyExists'],
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: characters of a value, by tier */
const LARGEST_VALUE = { Standard: 4096, other: 8192 };

export function parameterRefusals({ Value, Tier, AllowedPattern }: Members): Refusal[] {
  const [value, pattern] = [textIn(Value), textIn(AllowedPattern)];
  if (value === undefined) return [];
  const most = LARGEST_VALUE[Tier === undefined || Tier === 'Standard' ? 'Standard' : 'other'];
  if (value.length < 1 || value.length > most)
    return [says('Value', 'ValidationException', `the value has 1 to ${most} characters`)];
  return pattern === undefined || matchesPattern(pattern, value)
    ? []
    : [
        says(
          'Value',
          'ParameterPatternMismatchException',
          `Parameter value, cannot be validated against allowedPattern: ${shown(pattern)}`,
        ),
      ];
}

export function secretRefusals({ SecretString, GenerateSecretString }: Members): Refusal[] {
  return SecretString !== undefined && GenerateSecretString !== undefined
    ? [
        says(
          'GenerateSecretString',
          'ValidationException',
          "You can't specify both SecretString and GenerateSecretString",
        ),
      ]
    : [];
}
