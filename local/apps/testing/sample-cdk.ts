/** Apps of the sample that are written with CDK, as its patterns make them. */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, type ICluster } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancedEc2Service,
  ApplicationLoadBalancedFargateService,
  ApplicationMultipleTargetGroupsFargateService,
  NetworkLoadBalancedFargateService,
  QueueProcessingFargateService,
  ScheduledFargateTask,
} from 'aws-cdk-lib/aws-ecs-patterns';
import { Bucket } from 'aws-cdk-lib/aws-s3';

interface CdkApp {
  readonly name: string;
  readonly shape: string;
  readonly needs: readonly string[];
  /** @returns the directory of its assembly */
  readonly synth: (outdir: string) => string;
}

const IMAGE = ContainerImage.fromRegistry('public.ecr.aws/ecs-sample-image/amazon-ecs-sample:latest');

function app(name: string, shape: string, needs: readonly string[], fill: (stack: Stack) => unknown): CdkApp {
  const synth = (outdir: string): string => {
    const root = new App({ outdir });
    fill(new Stack(root, name));
    return root.synth().directory;
  };
  return { name, shape: `CDK: ${shape}`, needs, synth };
}

export const CDK_SAMPLE: readonly CdkApp[] = [
  app(
    'cdk-load-balanced',
    'a load balanced service, scaled by requests, and its bucket',
    ['S3 auto-delete'],
    (stack) => {
      const bucket = new Bucket(stack, 'Files', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
      const { service, taskDefinition, targetGroup } = new ApplicationLoadBalancedFargateService(stack, 'Web', {
        taskImageOptions: { image: IMAGE },
        circuitBreaker: { rollback: true },
      });
      bucket.grants.readWrite(taskDefinition.taskRole);
      const scaling = service.autoScaleTaskCount({ maxCapacity: 8 });
      scaling.scaleOnRequestCount('Requests', { requestsPerTarget: 1000, targetGroup });
    },
  ),
  app(
    'cdk-queue',
    'workers of a queue, scaled by its length',
    ['SQS', 'step scaling'],
    (stack) =>
      new QueueProcessingFargateService(stack, 'Work', {
        image: IMAGE,
        maxScalingCapacity: 5,
        retentionPeriod: Duration.days(2),
      }),
  ),
  app(
    'cdk-schedule',
    'a task every hour',
    ['schedule', 'RunTask'],
    (stack) =>
      new ScheduledFargateTask(stack, 'Task', {
        scheduledFargateTaskImageOptions: { image: IMAGE, memoryLimitMiB: 512 },
        schedule: Schedule.rate(Duration.hours(1)),
      }),
  ),
  app(
    'cdk-network',
    'a service behind a network load balancer',
    ['NLB'],
    (stack) => new NetworkLoadBalancedFargateService(stack, 'Tcp', { taskImageOptions: { image: IMAGE } }),
  ),
  app('cdk-ec2', 'a load balanced service on instances', ['EC2 capacity', 'bridge mode', 'AMI of SSM'], (stack) => {
    const cluster = new Cluster(stack, 'Cluster');
    cluster.addCapacity('Hosts', { instanceType: new InstanceType('t3.large') });
    return new ApplicationLoadBalancedEc2Service(stack, 'Web', {
      // The compiler is stricter here than where CDK was compiled.
      cluster: cluster as ICluster,
      memoryLimitMiB: 512,
      taskImageOptions: { image: IMAGE },
    });
  }),
  app(
    'cdk-multiple-targets',
    'a service with two target groups by path',
    ['path rules'],
    (stack) =>
      new ApplicationMultipleTargetGroupsFargateService(stack, 'Web', {
        taskImageOptions: { image: IMAGE, containerPorts: [80, 9090] },
        targetGroups: [{ containerPort: 80 }, { containerPort: 9090, pathPattern: '/admin/*', priority: 10 }],
      }),
  ),
];
