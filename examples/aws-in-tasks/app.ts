/** Tasks that call AWS: one by a NAT gateway, one that has only a gateway endpoint of S3, each with what its role may do. */
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const app = new App();
const stack = new Stack(app, 'AwsInTasks');
const vpc = new Vpc(stack, 'Vpc', {
  maxAzs: 1,
  natGateways: 1,
  subnetConfiguration: [
    { name: 'Public', subnetType: SubnetType.PUBLIC },
    { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
  ],
  gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
});

const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
const table = new Table(stack, 'Table', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  removalPolicy: RemovalPolicy.DESTROY,
});
const queue = new Queue(stack, 'Queue');
const topic = new Topic(stack, 'Topic');
topic.addSubscription(new SqsSubscription(queue));
const bus = new EventBus(stack, 'Bus');
new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['example'] }, targets: [new SqsQueue(queue)] });
const stream = new Stream(stack, 'Stream', { removalPolicy: RemovalPolicy.DESTROY });
const secret = new Secret(stack, 'Secret', { generateSecretString: { excludePunctuation: true } });

// The names of all of it, for whoever may read them.
const names = new StringParameter(stack, 'Names', {
  parameterName: '/in-tasks/names',
  stringValue: stack.toJsonString({
    bucket: bucket.bucketName,
    table: table.tableName,
    queue: queue.queueUrl,
    topic: topic.topicArn,
    bus: bus.eventBusName,
    stream: stream.streamName,
    secret: secret.secretArn,
  }),
});

const definition = new FargateTaskDefinition(stack, 'Definition');
definition.addContainer('app', {
  image: ContainerImage.fromRegistry('testbed:latest'),
  portMappings: [{ containerPort: 3000 }],
});
const role = definition.taskRole;
bucket.grants.readWrite(role);
table.grants.readWriteData(role);
queue.grants.consumeMessages(role);
topic.grants.publish(role);
bus.grantPutEventsTo(role);
stream.grantReadWrite(role);
secret.grantRead(role);
names.grantRead(role);

const cluster = new Cluster(stack, 'Cluster', { vpc });
const common = { cluster, taskDefinition: definition, minHealthyPercent: 100 };
new FargateService(stack, 'Open', { ...common, serviceName: 'aws-in-tasks-open' });
new FargateService(stack, 'Isolated', {
  ...common,
  serviceName: 'aws-in-tasks-isolated',
  vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
});
new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
