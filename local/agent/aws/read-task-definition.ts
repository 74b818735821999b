/** Reads one task definition and lists what in it the agent can't run. */
import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { LogConfiguration } from '../core/logs/awslogs.ts';
import type { TaskDefinition } from '../core/region-state.ts';
import { oneLine } from './one-line.ts';

const StringMap = z.array(z.object({ name: z.string(), value: z.string() })).default([]);

/**
 * `256` or `1 vCPU`, `512` or `2 GB`: ECS takes both ways of writing a size.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
const sizeIn = (unit: string) =>
  z.string().transform((text, context) => {
    const [, plain, large] =
      new RegExp(`^(?:(\\d{1,9})|(\\d{0,6}\\.?\\d{1,6})\\s*${unit})$`, 'i').exec(text.trim()) ?? [];
    // A vCPU is 1024 CPU units, a GB is 1024 MiB.
    const size = plain === undefined ? Number(large) * 1024 : Number(plain);
    if (size > 0) return size;
    context.addIssue({ code: 'custom', message: `"${text}" is no size: write it like 1024 or 1 ${unit}` });
    return z.NEVER;
  });

const HealthCheck = z
  .object({
    command: z.array(z.string()).min(1),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html: the defaults
    interval: z.number().default(30),
    timeout: z.number().default(5),
    retries: z.number().default(3),
    startPeriod: z.number().default(0),
  })
  .transform((raw) => ({
    command: raw.command,
    intervalSeconds: raw.interval,
    timeoutSeconds: raw.timeout,
    retries: raw.retries,
    startPeriodSeconds: raw.startPeriod,
  }));

const Container = z.object({
  name: z.string(),
  image: z.string(),
  essential: z.boolean().default(true),
  entryPoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: StringMap,
  environmentFiles: z.array(z.unknown()).default([]),
  secrets: z.array(z.unknown()).default([]),
  user: z.string().optional(),
  workingDirectory: z.string().optional(),
  readonlyRootFilesystem: z.boolean().default(false),
  // Fargate's default: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
  stopTimeout: z.number().default(30),
  portMappings: z
    .array(
      z.object({
        name: z.string().optional(),
        containerPort: z.number().int().min(0).max(65_535),
        appProtocol: z.enum(['http', 'http2', 'grpc']).optional(),
      }),
    )
    .default([]),
  mountPoints: z.array(z.unknown()).default([]),
  healthCheck: HealthCheck.optional(),
  logConfiguration: LogConfiguration.optional(),
  dependsOn: z.array(z.object({ containerName: z.string(), condition: z.string() })).default([]),
});

const Definition = z.object({
  taskDefinitionArn: z.string(),
  family: z.string(),
  revision: z.number().int(),
  networkMode: z.string().optional(),
  requiresCompatibilities: z.array(z.string()).default([]),
  runtimePlatform: z.object({ operatingSystemFamily: z.string().optional() }).optional(),
  cpu: sizeIn('vCPU').optional(),
  memory: sizeIn('GB').optional(),
  containerDefinitions: z.array(Container),
});
type RawDefinition = z.infer<typeof Definition>;

/** What stands in the way of running a task definition here, one line each with the remedy. */
export function unsupportedIn(raw: RawDefinition): string[] {
  const found: string[] = [];
  const os = raw.runtimePlatform?.operatingSystemFamily ?? 'LINUX';
  if (os !== 'LINUX') found.push(`runtimePlatform.operatingSystemFamily is ${os}: the local region runs LINUX only`);
  if (raw.networkMode !== 'awsvpc')
    found.push(`networkMode is ${raw.networkMode ?? 'bridge'}: use awsvpc, as Fargate does`);
  if (!raw.requiresCompatibilities.includes('FARGATE')) {
    found.push(
      `requiresCompatibilities is [${raw.requiresCompatibilities.join(', ')}]: add FARGATE, the local region has no EC2 instances`,
    );
  }
  for (const container of raw.containerDefinitions) {
    if (container.environmentFiles.length > 0)
      found.push(`container ${container.name} has environmentFiles: use environment instead`);
    if (container.secrets.length > 0)
      found.push(`container ${container.name} has secrets: not supported yet, use environment locally`);
    if (container.mountPoints.length > 0)
      found.push(`container ${container.name} has mountPoints: volumes are not supported`);
  }
  return found;
}

/** One that can't be read is wholly unsupported: its own services wait, the others go on. */
export function narrowTaskDefinition(arn: string, found: unknown): TaskDefinition {
  const read = Definition.safeParse(found);
  if (read.success) return definitionOf(read.data);
  const [, family = arn, revision = '0'] = /task-definition\/(.+):(\d+)$/.exec(arn) ?? [];
  return {
    arn,
    family,
    revision: Number(revision),
    cpu: undefined,
    memoryMiB: undefined,
    containers: [],
    unsupported: [oneLine(read.error)],
  };
}

export async function readTaskDefinition(ecs: ECSClient, arn: string): Promise<TaskDefinition> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  return narrowTaskDefinition(arn, answer.taskDefinition);
}

function definitionOf(raw: RawDefinition): TaskDefinition {
  return {
    arn: raw.taskDefinitionArn,
    family: raw.family,
    revision: raw.revision,
    cpu: raw.cpu,
    memoryMiB: raw.memory,
    containers: raw.containerDefinitions.map(({ environment, stopTimeout, portMappings, ...container }) => ({
      name: container.name,
      image: container.image,
      essential: container.essential,
      entryPoint: container.entryPoint,
      command: container.command,
      environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
      user: container.user,
      workingDirectory: container.workingDirectory,
      readonlyRootFilesystem: container.readonlyRootFilesystem,
      stopTimeoutSeconds: stopTimeout,
      portMappings: portMappings.map((port) => ({
        name: port.name,
        containerPort: port.containerPort,
        appProtocol: port.appProtocol,
      })),
      healthCheck: container.healthCheck,
      logs: container.logConfiguration,
      dependsOn: container.dependsOn,
    })),
    unsupported: unsupportedIn(raw),
  };
}
