/** Two stacks: what the network and the API are, and a worker that calls the API and serves nobody. */
import { App, Stack } from 'aws-cdk-lib';
import { Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AppProtocol, Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';

const app = new App();
const image = ContainerImage.fromRegistry('testbed:latest');

const api = new Stack(app, 'TwoStacksApi');
const vpc = new Vpc(api, 'Vpc', { maxAzs: 2, natGateways: 0 });
const cluster = new Cluster(api, 'Cluster', {
  vpc,
  defaultCloudMapNamespace: { name: 'two-stacks', useForServiceConnect: true },
});
const apiDefinition = new FargateTaskDefinition(api, 'Definition');
apiDefinition.addContainer('app', {
  image,
  portMappings: [{ name: 'web', containerPort: 3000, appProtocol: AppProtocol.http }],
});
const server = new FargateService(api, 'Server', {
  cluster,
  taskDefinition: apiDefinition,
  minHealthyPercent: 100,
  serviceConnectConfiguration: { services: [{ portMappingName: 'web', dnsName: 'api', port: 9000 }] },
});

const worker = new Stack(app, 'TwoStacksWorker');
worker.addStackDependency(api);
const definition = new FargateTaskDefinition(worker, 'Definition');
definition.addContainer('app', { image, environment: { CALL_URL: 'http://api:9000/version' } });
const client = new FargateService(worker, 'Client', {
  cluster,
  taskDefinition: definition,
  minHealthyPercent: 100,
  serviceConnectConfiguration: {},
});
client.connections.allowTo(server, Port.tcp(3000));
