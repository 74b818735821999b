/**
 * Every name under which the projects meet, as plain data: no CDK import, so that scripts which publish images or
 * read the contract load it too. The names are a public API: renaming one is a breaking change, see contract.ts.
 */

/** The services of the system; base-infra makes one image repository for each. */
export const SERVICE_NAMES = ['service-a', 'service-b', 'service-c'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/**
 * Two zones: the least that survives the loss of one, and what a stack without account and region can have (CDK
 * knows no more than two zones of a region it has not been told).
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Vpc.html#maxazs
 */
export const AVAILABILITY_ZONE_COUNT = 2;

/**
 * Several copies of the system live in one account as stages, and every name begins with that of its stage. The default
 * stage has none.
 */
export const DEFAULT_STAGE = '';

function prefix(stage: string, separator: string): string {
  return stage === DEFAULT_STAGE ? '' : `${stage}${separator}`;
}

function folder(stage: string): string {
  return stage === DEFAULT_STAGE ? '' : `/${stage}`;
}

/**
 * SSM parameters that base-infra writes and a service reads; what nobody reads is not published. Lists are joined by
 * commas, in zone order.
 */
export const BASE_INFRA_PARAMETERS = {
  vpcId: '/highlands/base-infra/vpc-id',
  privateSubnetIds: '/highlands/base-infra/private-subnet-ids',
  clusterName: '/highlands/base-infra/cluster-name',
  namespaceArn: '/highlands/base-infra/namespace-arn',
  listenerArn: '/highlands/base-infra/listener-arn',
  loadBalancerSecurityGroupId: '/highlands/base-infra/load-balancer-security-group-id',
} as const;
export type BaseInfraValue = keyof typeof BASE_INFRA_PARAMETERS;

/** The name of one of them in a stage: `/highlands/…`, or `/dev/highlands/…`. */
export function baseInfraParameter(key: BaseInfraValue, stage = DEFAULT_STAGE): string {
  return `${folder(stage)}${BASE_INFRA_PARAMETERS[key]}`;
}

/** Name of the Service Connect namespace; Cloud Map takes each once in an account and region. */
export function namespaceName(stage = DEFAULT_STAGE): string {
  return `${prefix(stage, '.')}highlands.local`;
}

/**
 * Discovery name of a service. CloudWatch knows Service Connect metrics by it alone, without namespace or cluster: the same
 * one in two stages would add them up. Callers use the alias, which is the name without a stage.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function discoveryName(service: string, stage = DEFAULT_STAGE): string {
  return `${prefix(stage, '-')}${service}`;
}

/** SSM parameters of one service: its repository, written by base-infra, and its image, written by who publishes it. */
export type ServiceParameters = {
  readonly repositoryName: string;
  readonly repositoryUri: string;
  /**
   * Full image reference by digest, `<repository uri>@sha256:<hex>`. No stack writes it: while nothing is published,
   * a deploy of the service stops with "parameter not found" instead of starting tasks that cannot pull.
   */
  readonly image: string;
};

export function serviceParameters(service: string, stage = DEFAULT_STAGE): ServiceParameters {
  const name = `${folder(stage)}/highlands/${service}`;
  return { repositoryName: `${name}/repository-name`, repositoryUri: `${name}/repository-uri`, image: `${name}/image` };
}

/**
 * What an image parameter may hold. Pass it as AllowedPattern to PutParameter, so that SSM itself refuses a tag:
 * only a digest makes every task of a deployment run the same code.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const IMAGE_REFERENCE_PATTERN = '^[^@]+@sha256:[0-9a-f]{64}$';

/** CloudFormation exports of one service. While a stack imports one, CloudFormation refuses to remove or change it. */
export type ServiceExports = {
  readonly url: string;
  readonly securityGroupId: string;
};

export function serviceExports(service: string, stage = DEFAULT_STAGE): ServiceExports {
  const name = `${prefix(stage, ':')}highlands:${service}`;
  return { url: `${name}:url`, securityGroupId: `${name}:security-group-id` };
}
