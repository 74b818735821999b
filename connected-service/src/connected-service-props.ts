import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { ContainerImage, HealthCheck, ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ServiceSettings } from './service-settings.ts';

/** Where a service runs, and what it runs; `importBaseInfra` gives those of this repository. */
export interface ServiceSurroundings {
  /** Cluster that runs the tasks, in its VPC. */
  readonly cluster: ICluster;
  /**
   * Subnets of the cluster's VPC that the tasks run in.
   * @default - private ones with a way out
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * ARN of the Service Connect namespace. A name would do for ECS, which makes a second namespace when it does not know it:
   * https://github.com/aws/aws-cdk/issues/25616
   */
  readonly namespaceArn: string;
  /** What the application's container is made of; it listens on `CONTAINER_PORT`. */
  readonly image: ContainerImage;
  /**
   * Repository that the tasks may pull the image from.
   * @default - whatever `image` grants by itself, as `ContainerImage.fromEcrRepository` does
   */
  readonly repository?: IRepository;
  /**
   * How long are the logs of the application and of its proxy kept?
   * @default RetentionDays.ONE_MONTH - long enough to compare with last month's release
   */
  readonly logRetention?: RetentionDays;
}

export interface ConnectedServiceProps extends ServiceSettings, ServiceSurroundings {
  /** Name of the service; clients call it by this name. */
  readonly name: string;
  /**
   * Name of the service in the namespace, by which CloudWatch knows it, whatever the namespace and the cluster.
   * @default - `name`
   */
  readonly discoveryName?: string;
  /** Port under which clients call it, on their own proxy; the container listens elsewhere. */
  readonly aliasPort: number;
  /**
   * Variables of the application beside those that every service has; a value may be one that only the deploy knows.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Variables of the application that come from Secrets Manager or from Parameter Store, by their names. ECS reads them when
   * a task starts, with the execution role, which gets the permission.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * How ECS finds out that the application's container hangs.
   * @default - `/service healthcheck` in the container, every 10 s
   */
  readonly healthCheck?: HealthCheck;
}
