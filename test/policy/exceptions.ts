import { SERVICE_NAMES } from '@highlands/connected-service';

/** `ServiceA` and so on: how stacks and constructs call the services. */
const SERVICES = SERVICE_NAMES.map((name) =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase()),
);

/** A finding of cdk-nag that we accept. */
export interface NagException {
  /** The rule, with the finding where it has several: `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: string;
  /** Construct paths it is accepted for; anywhere else it is a failure. */
  readonly paths: readonly string[];
  /**
   * The options, by the names of their goldens, that cause it.
   * @default - found whatever the options
   */
  readonly options?: readonly string[];
  /**
   * The options that cure it.
   * @default - none
   */
  readonly notWith?: readonly string[];
  readonly reason: string;
}

/** Every exception we make; one that no longer applies fails the test as well. */
export const NAG_EXCEPTIONS: readonly NagException[] = [
  {
    rule: 'AwsSolutions-EC23',
    paths: ['HighlandsBaseInfra/PublicEntry/SecurityGroup/Resource'],
    reason: 'A public load balancer takes connections from anywhere, on its one listener port',
  },
  {
    rule: 'AwsSolutions-ELB2',
    paths: ['HighlandsBaseInfra/PublicEntry/LoadBalancer/Resource'],
    notWith: ['access-logs'],
    reason:
      "service-b's proxy logs each request that is forwarded, and what the load balancer answers by itself counts " +
      'in its metrics. Its own log needs a bucket, which would stay behind when the stack goes',
  },
  {
    rule: 'AwsSolutions-EC23',
    paths: ['HighlandsBaseInfra/Network/Endpoints/SecurityGroup/Resource'],
    options: ['no-nat'],
    reason: "The range is the VPC's own, which only the deploy knows: cdk-nag can't tell it from everybody",
  },
  {
    rule: 'AwsSolutions-S1',
    paths: ['HighlandsBaseInfra/PublicEntry/AccessLogs/Bucket/Resource'],
    options: ['access-logs'],
    reason: 'This bucket holds a log and its readers are few: who reads it is in CloudTrail data events, where needed',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    paths: ['HighlandsServiceA/ServiceA/Task/Definition/TaskRole/DefaultPolicy/Resource'],
    options: ['execute-command'],
    reason: 'The four actions of ssmmessages know no resource; permissions.test.ts holds the wildcard to them',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    paths: ['HighlandsServiceB/ServiceB/Task/Definition/TaskRole/DefaultPolicy/Resource'],
    options: ['tracing-adot'],
    reason: 'xray:PutTraceSegments knows no resource; permissions.test.ts holds the wildcard to that one action',
  },
  {
    rule: 'AwsSolutions-ECS2',
    paths: SERVICES.map((service) => `Highlands${service}/${service}/Task/Definition/Resource`),
    reason: 'The variables are addresses and switches. A secret would come as `secrets`, from Secrets Manager',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    paths: SERVICES.map(
      (service) => `Highlands${service}/${service}/Task/Definition/ExecutionRole/DefaultPolicy/Resource`,
    ),
    reason: 'ecr:GetAuthorizationToken knows no resource; permissions.test.ts holds the wildcard to that one action',
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity]',
    paths: ['A', 'B'].map((s) => `HighlandsService${s}/Service${s}/Tls/Role/Resource`),
    options: ['tls'],
    reason: 'accepted-managed-policies.ts says why',
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]',
    paths: ['HighlandsServiceB/PublicRoute/Role/Resource'],
    options: ['blue-green'],
    reason: 'accepted-managed-policies.ts says why',
  },
];

/** A finding of cfn-lint or checkov that we accept, in any template. */
export interface TemplateException {
  readonly rule: string;
  /** Stacks and types of resources that it is accepted for; anywhere else it is a failure. */
  readonly on: readonly string[];
  readonly reason: string;
}

const STACKS = SERVICES.map((service) => `Highlands${service}`);

/** https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md */
export const CFN_LINT_EXCEPTIONS: readonly TemplateException[] = [
  {
    rule: 'W3005',
    on: STACKS.map((stack) => `${stack} AWS::ECS::Service`),
    reason:
      'Dependency already enforced: CDK states a dependency on a construct as one on all its resources, and we ask for ' +
      'the rules of a security group, which are its children. What a reference enforces already does no harm twice',
  },
];

/** https://www.checkov.io/5.Policy%20Index/cloudformation.html */
export const CHECKOV_EXCEPTIONS: readonly TemplateException[] = [
  {
    rule: 'CKV_AWS_2',
    on: ['HighlandsBaseInfra AWS::ElasticLoadBalancingV2::Listener'],
    reason: 'HTTPS needs a certificate, which needs a domain of yours: the option `https` of base-infra',
  },
  {
    rule: 'CKV_AWS_103',
    on: ['HighlandsBaseInfra AWS::ElasticLoadBalancingV2::Listener'],
    reason: 'The listener of a system without a certificate has no TLS; with `https` the policy is 1.2 and newer',
  },
  {
    rule: 'CKV_AWS_91',
    on: ['HighlandsBaseInfra AWS::ElasticLoadBalancingV2::LoadBalancer'],
    reason: 'As AwsSolutions-ELB2 above; the option `accessLogs` of base-infra keeps one',
  },
  {
    rule: 'CKV_AWS_260',
    on: ['HighlandsBaseInfra AWS::EC2::SecurityGroup'],
    reason: 'As AwsSolutions-EC23 above: a public load balancer takes connections from anywhere',
  },
  {
    rule: 'CKV_AWS_136',
    on: ['HighlandsBaseInfra AWS::ECR::Repository'],
    reason: 'ECR encrypts with a key of its own. A customer key adds a monthly price and a way to lock images away',
  },
  {
    rule: 'CKV_AWS_158',
    on: [...STACKS, 'HighlandsBaseInfra'].map((stack) => `${stack} AWS::Logs::LogGroup`),
    reason: 'CloudWatch encrypts with a key of its own. Logs hold no bodies and no secrets, and go after a month',
  },
  {
    rule: 'CKV_AWS_18',
    on: ['HighlandsBaseInfra AWS::S3::Bucket'],
    reason: 'As AwsSolutions-S1 above: a log of who reads the log',
  },
  {
    rule: 'CKV_AWS_21',
    on: ['HighlandsBaseInfra AWS::S3::Bucket'],
    reason: 'Access logs are written once by the load balancer and expire: there is no earlier version to keep',
  },
];
