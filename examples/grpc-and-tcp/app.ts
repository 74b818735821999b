/** One stack: a server with HTTP, gRPC and TCP ports, and a client that serves nobody. */
import { App, Stack } from 'aws-cdk-lib';
import { Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AppProtocol, Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';

const app = new App();
const stack = new Stack(app, 'GrpcAndTcp');
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
const cluster = new Cluster(stack, 'Cluster', {
  vpc,
  defaultCloudMapNamespace: { name: 'grpc-and-tcp', useForServiceConnect: true },
});
const image = ContainerImage.fromRegistry('testbed:latest');

const serving = new FargateTaskDefinition(stack, 'Serving');
serving.addContainer('app', {
  image,
  environment: { GRPC_BIND_ADDRESS: '0.0.0.0:3001', TCP_BIND_ADDRESS: '0.0.0.0:3002' },
  portMappings: [
    { name: 'web', containerPort: 3000, appProtocol: AppProtocol.http },
    { name: 'grpc', containerPort: 3001, appProtocol: AppProtocol.grpc },
    { name: 'tcp', containerPort: 3002 },
  ],
});
const server = new FargateService(stack, 'Server', {
  cluster,
  taskDefinition: serving,
  desiredCount: 2,
  minHealthyPercent: 100,
  serviceConnectConfiguration: {
    services: [
      { portMappingName: 'web', dnsName: 'server', port: 9000 },
      { portMappingName: 'grpc', dnsName: 'server', port: 9001 },
      { portMappingName: 'tcp', dnsName: 'server', port: 9002 },
    ],
  },
});

const calling = new FargateTaskDefinition(stack, 'Calling');
calling.addContainer('app', { image });
const client = new FargateService(stack, 'Client', {
  cluster,
  taskDefinition: calling,
  minHealthyPercent: 100,
  serviceConnectConfiguration: {},
});
// A client learns the names that exist when it is deployed.
client.node.addDependency(server.node.findChild('Service'));
client.connections.allowTo(server, Port.tcpRange(3000, 3002));
