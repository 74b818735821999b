/** Two services in a VPC of their own: no other stack, no parameter and no export is needed. */
import { CONTAINER_PORT, ConnectedService, type ServiceSurroundings } from '@highlands/connected-service';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage, ContainerInsights, type ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';

export const stack = new Stack(new App(), 'Shop');

// `as IVpc` and its like are for TypeScript's exactOptionalPropertyTypes, which CDK's classes are not declared for: without
// that rule, which `cdk init` does not set, leave them out.
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }) as IVpc;
const namespace = new HttpNamespace(stack, 'Namespace', { name: 'shop' });
// Enhanced, as the dashboards count tasks by it; with Fargate's capacity providers, which every service names.
const cluster = new Cluster(stack, 'Cluster', {
  vpc,
  containerInsightsV2: ContainerInsights.ENHANCED,
  enableFargateCapacityProviders: true,
}) as ICluster;
const repository = new Repository(stack, 'Repository', { removalPolicy: RemovalPolicy.DESTROY });

/** What both services have in common. */
const surroundings: ServiceSurroundings = {
  cluster,
  namespaceArn: namespace.namespaceArn,
  image: ContainerImage.fromEcrRepository(repository, '1.4.2'),
  logRetention: RetentionDays.THREE_MONTHS,
};
// These images have a shell and curl, other than those the default is for.
const healthCheck = {
  command: ['CMD-SHELL', `curl --fail --silent http://localhost:${CONTAINER_PORT}/ready`],
  interval: Duration.seconds(10),
};

const stock = new TableV2(stack, 'Stock', { partitionKey: { name: 'article', type: AttributeType.STRING } });
const warehouse = new ConnectedService(stack, 'Warehouse', {
  ...surroundings,
  name: 'warehouse',
  aliasPort: 8090,
  desiredCount: 2,
  healthCheck,
  environment: { TABLE: stock.tableName },
});
stock.grants.readWriteData(warehouse);

const orders = new ConnectedService(stack, 'Orders', {
  ...surroundings,
  name: 'orders',
  aliasPort: 8091,
  desiredCount: 2,
  cpu: 2048,
  memory: 4096,
  healthCheck,
  secrets: { PAYMENT_KEY: Secret.fromSecretsManager(new StoredSecret(stack, 'PaymentKey') as ISecret) },
  observability: {},
});
orders.calls(warehouse.endpoint);
