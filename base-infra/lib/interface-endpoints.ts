import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** AWS services that tasks may need to reach, by the end of their endpoint's name. */
const SERVICES = {
  'ecr.api': InterfaceVpcEndpointAwsService.ECR,
  'ecr.dkr': InterfaceVpcEndpointAwsService.ECR_DOCKER,
  logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  ssm: InterfaceVpcEndpointAwsService.SSM,
  ssmmessages: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  secretsmanager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  kms: InterfaceVpcEndpointAwsService.KMS,
  monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  xray: InterfaceVpcEndpointAwsService.XRAY,
  ecs: InterfaceVpcEndpointAwsService.ECS,
  'ecs-agent': InterfaceVpcEndpointAwsService.ECS_AGENT,
  'ecs-telemetry': InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
} as const satisfies Readonly<Record<string, InterfaceVpcEndpointAwsService>>;
export type InterfaceEndpoint = keyof typeof SERVICES;

/** Without these and the S3 gateway no task on Fargate starts: it pulls its image and opens its log streams.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
const NEEDED = ['ecr.api', 'ecr.dkr', 'logs'] as const;

/**
 * The rest of a task's way to AWS does not go through its subnet: ECS and the control plane of Service Connect are reached by
 * Fargate itself, so that the ECS endpoints are not needed but in Regions that came after 2023.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
export function endpointsOf(natGateways: number, asked: readonly InterfaceEndpoint[] | undefined): InterfaceEndpoint[] {
  // Parameters are what tasks are most often given beside their image; ours have none yet.
  const endpoints = [...new Set(asked ?? (natGateways === 0 ? [...NEEDED, 'ssm' as const] : []))];
  const missing = NEEDED.filter((name) => !endpoints.includes(name));
  if (natGateways === 0 && missing.length > 0) {
    throw new Error(
      `natGateways is 0 and interfaceEndpoints is without ${missing.join(', ')}, so that no task could start: add them`,
    );
  }
  return endpoints;
}

export interface InterfaceEndpointsProps {
  /** Whose private subnets get them. */
  readonly vpc: IVpc;
  /** Which they are. */
  readonly endpoints: readonly InterfaceEndpoint[];
}

/** Ways from the private subnets to AWS services that do not leave AWS's network. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { vpc, endpoints } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Interface endpoints',
      allowAllOutbound: false,
    });
    // The tasks' groups belong to stacks that come later.
    securityGroup.addIngressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.HTTPS, 'HTTPS from the VPC');
    for (const name of endpoints) {
      new InterfaceVpcEndpoint(this, name, {
        vpc,
        service: SERVICES[name],
        securityGroups: [securityGroup],
        // The group above says who may connect; `open` would add a second rule.
        open: false,
      });
    }
  }
}
