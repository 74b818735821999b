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
import { type InterfaceEndpoint, InterfaceEndpoints, endpointsOf } from './interface-endpoints.ts';

/** What a team decides about the ways out of the private subnets. */
export interface NetworkOptions {
  /**
   * How many NAT gateways should the private subnets share? Up to one for each zone; with none, tasks reach nothing but
   * what `interfaceEndpoints` names, and S3.
   */
  readonly natGateways: number;
  /**
   * AWS services to reach without a NAT gateway, each for an hourly price in every zone.
   * @default - with `natGateways: 0` what a task needs (ecr.api, ecr.dkr, logs) and ssm, otherwise none
   */
  readonly interfaceEndpoints?: readonly InterfaceEndpoint[];
}

/** A VPC of three tiers in two zones, with a record of who talked to whom. */
export class Network extends Construct {
  readonly vpc: IVpc;

  constructor(scope: Construct, id: string, props: NetworkOptions) {
    super(scope, id);
    const { natGateways } = props;
    if (!Number.isInteger(natGateways) || natGateways < 0 || natGateways > AVAILABILITY_ZONE_COUNT) {
      throw new Error(`natGateways is ${natGateways}: give a whole number from 0 to ${AVAILABILITY_ZONE_COUNT}`);
    }
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: AVAILABILITY_ZONE_COUNT,
      natGateways,
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
    const endpoints = endpointsOf(natGateways, props.interfaceEndpoints);
    if (endpoints.length > 0) new InterfaceEndpoints(this, 'Endpoints', { vpc: vpc as IVpc, endpoints });
    // CDK's classes are declared without `| undefined`, which exactOptionalPropertyTypes tells apart.
    this.vpc = vpc as IVpc;
  }
}
