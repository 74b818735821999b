/** Reads the names of the region: hosted zones with their records, Cloud Map services with their instances, DNS of VPCs. */
import { DescribeVpcAttributeCommand } from '@aws-sdk/client-ec2';
import type { Complain } from '../../region/complaints.ts';
import type { RegionNames, VpcDns } from '../core/names/region-names.ts';
import type { Namespace, Service } from '../core/region-state.ts';
import type { AwsClients } from './clients.ts';
import { readDiscovery } from './read-discovery.ts';
import { readHostedZones } from './read-hosted-zones.ts';
import { unlessUnreadable } from './unless-unreadable.ts';

type Sources = Pick<AwsClients, 'ec2' | 'cloudMap' | 'route53'>;

/** What can't be read of it is complained about and left out; a control plane that does not answer throws. */
export async function readNames(
  { ec2, cloudMap, route53 }: Sources,
  known: {
    readonly services: readonly Service[];
    readonly namespaces: readonly Namespace[];
    readonly vpcIds: Iterable<string>;
  },
  complain: Complain,
): Promise<RegionNames> {
  const attribute = async (VpcId: string, Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
    ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const vpcOf = async (id: string): Promise<readonly [string, VpcDns]> => {
    const [support, hostnames] = await Promise.all([
      attribute(id, 'enableDnsSupport'),
      attribute(id, 'enableDnsHostnames'),
    ]);
    return [
      id,
      {
        support: support.EnableDnsSupport?.Value !== false,
        hostnames: hostnames.EnableDnsHostnames?.Value === true,
      },
    ];
  };
  const [zones, discovery, vpcs] = await Promise.all([
    readHostedZones(route53, complain),
    readDiscovery(cloudMap, known.services, known.namespaces, complain),
    Promise.all([...known.vpcIds].map((id) => unlessUnreadable(id, `DNS of VPC ${id}`, () => vpcOf(id), complain))),
  ]);
  return { zones, discovery, vpcs: new Map(vpcs.filter((one) => one !== undefined)) };
}
