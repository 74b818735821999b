import { AVAILABILITY_ZONE_COUNT } from '@highlands/connected-service';
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface NetworkProps {
  /** How many NAT gateways the private subnets share. */
  readonly natGateways: number;
}

/** A VPC of three tiers in two zones, with a record of who talked to whom. */
export class Network extends Construct {
  readonly vpc: IVpc;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: AVAILABILITY_ZONE_COUNT,
      natGateways: props.natGateways,
      subnetConfiguration: [
        // Load balancer and NAT gateway only, which bring their own public addresses: 251 are plenty, and whatever else
        // lands here by mistake gets none.
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        // Every Fargate task takes an address of its own: 4091 in each zone, twice over during a rollout.
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        // For data stores; no route leaves the VPC.
        { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      // Image layers come from S3: the gateway is free, the same bytes through NAT are not.
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Emptying the default group takes a Lambda in this stack. We keep the stack free of code to patch and make sure
      // instead that nothing uses that group (test/policy).
      // https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Vpc.html#restrictdefaultsecuritygroup
      restrictDefaultSecurityGroup: false,
    });
    vpc.addFlowLog('FlowLog', {
      // Accepted traffic too: it shows which edges are in use and, per zone, what Service Connect keeps local.
      // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', {
          // For looking into an incident, not for audit, which would keep them in S3.
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    // CDK's classes are declared without `| undefined`, which exactOptionalPropertyTypes tells apart.
    this.vpc = vpc as IVpc;
  }
}
