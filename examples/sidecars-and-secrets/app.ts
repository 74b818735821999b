/** One task of three containers that share a volume, with a generated secret and a parameter, behind a load balancer. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerDependencyCondition,
  ContainerImage,
  FargateService,
  FargateTaskDefinition,
  Secret as FromSecret,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const app = new App();
const stack = new Stack(app, 'SidecarsAndSecrets');
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
const cluster = new Cluster(stack, 'Cluster', { vpc });
const image = ContainerImage.fromRegistry('testbed:latest');

const secret = new Secret(stack, 'Secret', {
  generateSecretString: {
    secretStringTemplate: JSON.stringify({ user: 'example' }),
    generateStringKey: 'token',
    excludePunctuation: true,
  },
});
const version = new StringParameter(stack, 'Version', { stringValue: 'from-a-parameter' });

const definition = new FargateTaskDefinition(stack, 'Definition', { volumes: [{ name: 'shared' }] });
const shared = { sourceVolume: 'shared', containerPath: '/shared' };
const prepare = definition.addContainer('prepare', {
  image,
  essential: false,
  // A new volume is root's.
  user: '0',
  environment: { WRITE_FILE: '/shared/greeting', WRITE_TEXT: 'written by another container' },
});
prepare.addMountPoints({ ...shared, readOnly: false });
const web = definition.addContainer('app', {
  image,
  readonlyRootFilesystem: true,
  environment: { FILE: '/shared/greeting' },
  secrets: { TOKEN: FromSecret.fromSecretsManager(secret, 'token'), VERSION: FromSecret.fromSsmParameter(version) },
  portMappings: [{ containerPort: 3000 }],
});
web.addMountPoints({ ...shared, readOnly: true });
web.addContainerDependencies({ container: prepare, condition: ContainerDependencyCondition.SUCCESS });
definition.addContainer('helper', { image, essential: false, environment: { BIND_ADDRESS: '127.0.0.1:3100' } });
definition.defaultContainer = web;

const service = new FargateService(stack, 'Service', { cluster, taskDefinition: definition, minHealthyPercent: 100 });
const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
balancer.addListener('Http', { port: 80 }).addTargets('Web', {
  port: 80,
  targets: [service.loadBalancerTarget({ containerName: 'app', containerPort: 3000 })],
  healthCheck: { path: '/health' },
});
new CfnOutput(stack, 'SecretName', { value: secret.secretName });
