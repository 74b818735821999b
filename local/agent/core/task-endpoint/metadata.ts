/**
 * What the task metadata endpoint says of a task and its containers:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
 */
import type { HealthStatus } from '../health.ts';
import type { ContainerDefinition } from '../task-definition.ts';
import type { TaskPlan, TaskStatus } from '../task-plan.ts';
import { streamName } from '../logs/awslogs.ts';
import { containerId } from './ids.ts';

export interface SeenContainer {
  readonly running: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly exitCode: number | undefined;
  readonly healthStatus: HealthStatus;
}

/** A task as it is when somebody asks. Times in epoch milliseconds. */
export interface SeenTask {
  readonly plan: TaskPlan;
  readonly status: TaskStatus;
  readonly wanted: boolean;
  readonly pullStartedAt: number | undefined;
  readonly pullStoppedAt: number | undefined;
  /** Those that were started, by name. */
  readonly containers: ReadonlyMap<string, SeenContainer>;
  /** Digest of each container's image, by the container's name. */
  readonly imageIds: ReadonlyMap<string, string>;
  readonly macAddress: string | undefined;
  /** What its /etc/resolv.conf says. */
  readonly nameServers: readonly string[];
  readonly searchList: readonly string[];
  /** What its containers and volumes hold on the disk. */
  readonly usedMiB: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** CPU is in processors for a task, in units for a container; so has AWS it. */
const UNITS_PER_CPU = 1024;
/** Fargate's default: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
const DEFAULT_STORAGE_GIB = 20;

const time = (milliseconds: number | undefined): string | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

function network({ plan, macAddress, nameServers, searchList }: SeenTask): Json {
  const [, prefix = ''] = plan.subnet.cidr.split('/');
  return {
    NetworkMode: 'awsvpc',
    IPv4Addresses: [plan.address],
    AttachmentIndex: 0,
    MACAddress: macAddress,
    IPv4SubnetCIDRBlock: plan.subnet.cidr,
    ...(nameServers.length === 0 ? {} : { DomainNameServers: nameServers }),
    ...(searchList.length === 0 ? {} : { DomainNameSearchList: searchList }),
    PrivateDNSName: plan.hostname,
    SubnetGatewayIpv4Address: `${plan.gateway}/${prefix}`,
  };
}

function health({ healthCheck }: ContainerDefinition, seen: SeenContainer | undefined): Json {
  // Only of a container that has a health check.
  return healthCheck === undefined ? {} : { Health: { status: seen?.healthStatus ?? 'UNKNOWN' } };
}

function logs({ plan }: SeenTask, { name, logs: to }: ContainerDefinition): Json {
  return to === undefined
    ? {}
    : {
        LogDriver: 'awslogs',
        LogOptions: {
          'awslogs-group': to.group,
          'awslogs-region': plan.arn.split(':')[3],
          'awslogs-stream': streamName(to, name, plan.id),
        },
      };
}

/** The answer at `${ECS_CONTAINER_METADATA_URI_V4}`. A member without a value is left out when it is written as JSON. */
export function containerMetadata(task: SeenTask, definition: ContainerDefinition): Json {
  const { plan } = task;
  const { name, image } = definition;
  const seen = task.containers.get(name);
  return {
    DockerId: containerId(plan, name),
    Name: name,
    DockerName: name,
    Image: image,
    ImageID: task.imageIds.get(name),
    Labels: {
      'com.amazonaws.ecs.cluster': plan.service.clusterArn,
      'com.amazonaws.ecs.container-name': name,
      'com.amazonaws.ecs.task-arn': plan.arn,
      'com.amazonaws.ecs.task-definition-family': plan.taskDefinition.family,
      'com.amazonaws.ecs.task-definition-version': String(plan.taskDefinition.revision),
    },
    DesiredStatus: task.wanted ? 'RUNNING' : 'STOPPED',
    KnownStatus: seen === undefined ? 'PULLED' : seen.running ? 'RUNNING' : 'STOPPED',
    ExitCode: seen?.running === false ? seen.exitCode : undefined,
    Limits: {
      CPU: definition.cpuUnits ?? 0,
      ...(definition.memoryMiB === undefined ? {} : { Memory: definition.memoryMiB }),
    },
    CreatedAt: time(seen?.startedAt),
    StartedAt: time(seen?.startedAt),
    Type: 'NORMAL',
    ...health(definition, seen),
    ...logs(task, definition),
    ContainerARN: `${plan.arn.replace(':task/', ':container/')}/${name}`,
    Networks: [network(task)],
    Snapshotter: 'overlayfs',
  };
}

/** The answer at `${ECS_CONTAINER_METADATA_URI_V4}/task`. */
export function taskMetadata(task: SeenTask): Json {
  const { plan } = task;
  const { taskDefinition, service } = plan;
  const { cpu, memoryMiB } = taskDefinition;
  return {
    Cluster: service.clusterArn,
    TaskARN: plan.arn,
    Family: taskDefinition.family,
    Revision: String(taskDefinition.revision),
    DesiredStatus: task.wanted ? 'RUNNING' : 'STOPPED',
    KnownStatus: task.status,
    Limits: { CPU: cpu === undefined ? undefined : cpu / UNITS_PER_CPU, Memory: memoryMiB },
    PullStartedAt: time(task.pullStartedAt),
    PullStoppedAt: time(task.pullStoppedAt),
    AvailabilityZone: plan.subnet.zone,
    LaunchType: 'FARGATE',
    PlatformVersion: '1.4.0',
    Containers: taskDefinition.containers.map((definition) => containerMetadata(task, definition)),
    // Nobody measures it here: the clock is the machine's.
    ClockDrift: { ClockSynchronizationStatus: 'NOT_SYNCHRONIZED' },
    EphemeralStorageMetrics:
      task.usedMiB === undefined
        ? undefined
        : { Utilized: task.usedMiB, Reserved: (taskDefinition.storageGiB ?? DEFAULT_STORAGE_GIB) * 1024 },
    VPCID: plan.subnet.vpcId,
    ServiceName: plan.order === undefined ? service.name : undefined,
  };
}
