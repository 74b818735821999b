/** An app with a Docker asset and an image of a registry, as many have. */
import { App, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';

const stack = new Stack(new App(), 'ImagesApp');
const subnetConfiguration = [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }];
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, subnetConfiguration, restrictDefaultSecurityGroup: false });
const cluster = new Cluster(stack, 'Cluster', { vpc });
const images = {
  Built: ContainerImage.fromAsset(process.env.ASSET, { buildArgs: { VERSION: 'from-an-asset' } }),
  Pulled: ContainerImage.fromRegistry(process.env.PULLED_IMAGE),
};
for (const [name, image] of Object.entries(images)) {
  const taskDefinition = new FargateTaskDefinition(stack, `${name}Task`);
  taskDefinition.addContainer('app', { image });
  new FargateService(stack, name, { cluster, taskDefinition, desiredCount: 1 });
}
