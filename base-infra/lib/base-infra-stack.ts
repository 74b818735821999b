import { PublishedBaseInfra, SERVICE_NAMES } from '@highlands/connected-service';
import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ImageRepository } from './image-repository.ts';
import { Mesh } from './mesh.ts';
import { Network, type NetworkOptions } from './network.ts';
import { PublicEntry, type PublicEntryOptions } from './public-entry.ts';

export interface BaseInfraStackProps extends StackProps, NetworkOptions, PublicEntryOptions {}

/** What the services share: network, public entry, cluster with its namespace, and a place for each one's images. */
export class BaseInfraStack extends Stack {
  constructor(scope: Construct, id: string, props: BaseInfraStackProps) {
    super(scope, id, { description: 'Highlands base-infra: network, load balancer, cluster, image stores', ...props });
    const { vpc } = new Network(this, 'Network', props);
    const { listener, securityGroup, url, dnsName } = new PublicEntry(this, 'PublicEntry', { ...props, vpc });
    const { cluster, namespace } = new Mesh(this, 'Mesh', { vpc });

    const repositories = new Construct(this, 'Repositories');
    for (const service of SERVICE_NAMES) new ImageRepository(repositories, service, { service });

    new PublishedBaseInfra(this, 'Contract', {
      values: {
        vpcId: vpc.vpcId,
        privateSubnetIds: Fn.join(
          ',',
          vpc.privateSubnets.map(({ subnetId }) => subnetId),
        ),
        clusterName: cluster.clusterName,
        namespaceArn: namespace.namespaceArn,
        listenerArn: listener.listenerArn,
        loadBalancerSecurityGroupId: securityGroup.securityGroupId,
      },
    });
    // For people: not part of the contract, so not exported.
    new CfnOutput(this, 'Url', { value: url, description: 'Where the public reaches the system' });
    if (props.https) new CfnOutput(this, 'AliasTarget', { value: dnsName, description: 'Where that name has to lead' });
  }
}
