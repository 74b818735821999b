import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ConnectedServiceProps, ServiceSurroundings } from './connected-service-props.ts';
import { importRepository, importVpc, readBaseInfra, readImage } from './contract.ts';
import { discoveryName } from './names.ts';
import { stageOf } from './stage.ts';

/** Those props of a service that base-infra and the publish step decide. */
export type BaseInfraProps = ServiceSurroundings & Required<Pick<ConnectedServiceProps, 'name' | 'discoveryName'>>;

/** The surroundings of a service of this repository, read from the contract when its stack is deployed. */
export function importBaseInfra(scope: Construct, id: string, service: string): BaseInfraProps {
  return {
    name: service,
    discoveryName: discoveryName(service, stageOf(scope)),
    cluster: Cluster.fromClusterAttributes(scope, `${id}Cluster`, {
      clusterName: readBaseInfra(scope, 'clusterName'),
      vpc: importVpc(scope, `${id}Vpc`),
    }),
    namespaceArn: readBaseInfra(scope, 'namespaceArn'),
    // Not fromEcrRepository, which takes a tag or digest alone: the parameter holds the full reference. It grants nothing,
    // so the repository is named beside it.
    image: ContainerImage.fromRegistry(readImage(scope, service)),
    repository: importRepository(scope, `${id}Repository`, service),
  };
}
