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
