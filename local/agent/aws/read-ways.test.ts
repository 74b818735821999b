import type { EC2Client } from '@aws-sdk/client-ec2';
import { readRouteTables } from './read-ways.ts';

test('a route leads to what it names, and nowhere when that is gone or leads to another VPC', async () => {
  const Routes = [
    { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' },
    { DestinationCidrBlock: '192.0.2.0/24', NatGatewayId: 'nat-2', State: 'blackhole' },
    { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1' },
  ];
  const answer = { RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Routes }] };
  const ec2 = { send: () => Promise.resolve(answer) } as unknown as EC2Client;
  const [found] = await readRouteTables(ec2, () => undefined);
  expect(found?.routes.map(({ destination, target }) => [destination, target])).toEqual([
    ['0.0.0.0/0', 'nat-1'],
    ['192.0.2.0/24', ''],
    ['10.9.0.0/16', ''],
  ]);
});
