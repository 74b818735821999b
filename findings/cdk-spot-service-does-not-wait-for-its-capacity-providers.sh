#!/usr/bin/env bash
# aws-cdk-lib 2.275.0: a cluster with `enableFargateCapacityProviders` and, in the same stack, a FargateService on FARGATE_SPOT.
# The service waits for its task role, and not for the AWS::ECS::ClusterCapacityProviderAssociations that gives the cluster its
# providers: it refers to the cluster alone, and no DependsOn ties the two. CloudFormation makes them side by side, and takes
# them away side by side. One would guess that the construct that takes the name of a provider waits for the resource that
# its cluster made for it.
# Expected: an order, as a service that names a provider which is not associated with its cluster is refused:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (capacityProviderStrategy)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.275.0 constructs@10.8.1 >/dev/null
cat >synth.cjs <<'NODE'
const { App, Stack } = require('aws-cdk-lib');
const { Template } = require('aws-cdk-lib/assertions');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');

const stack = new Stack(new App(), 'Spot');
const cluster = new ecs.Cluster(stack, 'Cluster', {
  vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
  enableFargateCapacityProviders: true,
});
const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('example.com/web') });
new ecs.FargateService(stack, 'Service', {
  cluster,
  taskDefinition,
  capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
});

const { Resources } = Template.fromStack(stack).toJSON();
const named = (type) => Object.entries(Resources).find(([, { Type }]) => Type === type);
const [associations] = named('AWS::ECS::ClusterCapacityProviderAssociations');
const [, service] = named('AWS::ECS::Service');
console.log(`strategy: ${JSON.stringify(service.Properties.CapacityProviderStrategy)}`);
console.log(`the service waits for: ${service.DependsOn.map((id) => Resources[id].Type).join(', ')}`);
console.log(`anything of it names the associations: ${JSON.stringify(service).includes(associations)}`);
NODE
said=$(node synth.cjs 2>/dev/null)
echo "$said"
[ "$said" = 'strategy: [{"CapacityProvider":"FARGATE_SPOT","Weight":1}]
the service waits for: AWS::IAM::Role
anything of it names the associations: false' ]
