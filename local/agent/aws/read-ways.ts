/** Reads what leads out of a subnet: route tables and VPC endpoints. */
import { DescribeRouteTablesCommand, DescribeVpcEndpointsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import type { RouteTable, VpcEndpoint } from '../core/region-state.ts';
import { readEach } from './read-each.ts';

const Id = z.string().optional();
const Route = z.object({
  DestinationCidrBlock: z.string().default(''),
  ...{ GatewayId: Id, NatGatewayId: Id, TransitGatewayId: Id, NetworkInterfaceId: Id, InstanceId: Id },
  State: z.string().default('active'),
});
const Table = z.object({
  RouteTableId: z.string(),
  VpcId: z.string(),
  Associations: z.array(z.object({ Main: z.boolean().default(false), SubnetId: Id })).default([]),
  Routes: z.array(Route).default([]),
});

export async function readRouteTables(ec2: EC2Client, complain: Complain): Promise<RouteTable[]> {
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({}));
  return readEach(Table, RouteTables, 'route table', ['RouteTableId'], complain).map((raw) => ({
    id: raw.RouteTableId,
    vpcId: raw.VpcId,
    main: raw.Associations.some(({ Main }) => Main),
    subnetIds: raw.Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: raw.Routes.map((route) => ({ destination: route.DestinationCidrBlock, target: targetOf(route) })),
  }));
}

/** Nothing where its target is gone: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html, state */
function targetOf(to: z.infer<typeof Route>): string {
  if (to.State === 'blackhole') return '';
  return [to.NatGatewayId, to.GatewayId, to.TransitGatewayId, to.NetworkInterfaceId, to.InstanceId].find(Boolean) ?? '';
}

const Ids = z.array(z.string()).default([]);
const Endpoint = z.object({
  VpcEndpointId: z.string(),
  VpcId: z.string(),
  VpcEndpointType: z.string().default('Gateway'),
  ServiceName: z.string(),
  ...{ RouteTableIds: Ids, SubnetIds: Ids },
  Groups: z.array(z.object({ GroupId: z.string() })).default([]),
  PrivateDnsEnabled: z.boolean().default(false),
});

export async function readVpcEndpoints(ec2: EC2Client, complain: Complain): Promise<VpcEndpoint[]> {
  const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  return readEach(Endpoint, VpcEndpoints, 'VPC endpoint', ['VpcEndpointId'], complain).map((raw) => ({
    id: raw.VpcEndpointId,
    vpcId: raw.VpcId,
    type: raw.VpcEndpointType,
    serviceName: raw.ServiceName,
    routeTableIds: raw.RouteTableIds,
    subnetIds: raw.SubnetIds,
    securityGroupIds: raw.Groups.map(({ GroupId }) => GroupId),
    privateDns: raw.PrivateDnsEnabled,
  }));
}
