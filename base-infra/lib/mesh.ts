import { namespaceName, stageOf } from '@highlands/connected-service';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { HttpNamespace, type IHttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';

export interface MeshProps {
  /** The VPC the services of the cluster run in. */
  readonly vpc: IVpc;
}

/** The cluster, and the namespace in which its services find each other. */
export class Mesh extends Construct {
  readonly cluster: ICluster;
  readonly namespace: IHttpNamespace;

  constructor(scope: Construct, id: string, props: MeshProps) {
    super(scope, id);
    // HTTP, for API calls only: Service Connect needs no DNS, so no hosted zone is paid for.
    // https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
    this.namespace = new HttpNamespace(this, 'Namespace', {
      name: namespaceName(stageOf(this)),
      description: 'Service Connect names of the Highlands services',
    });
    const cluster = new Cluster(this, 'Cluster', {
      vpc: props.vpc,
      // Metrics of each task. Service Connect's own stop at the service, and one bad task hides in a mean.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights.html
      containerInsightsV2: ContainerInsights.ENHANCED,
      // FARGATE, which every service names, and FARGATE_SPOT for those that ask for it; neither has a price by itself.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
      enableFargateCapacityProviders: true,
    });
    cluster.addExistingDefaultCloudMapNamespace({ namespace: this.namespace, useForServiceConnect: true });
    // CDK's classes are declared without `| undefined`, which exactOptionalPropertyTypes tells apart.
    this.cluster = cluster as ICluster;
  }
}
