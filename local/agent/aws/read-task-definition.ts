/** Reads one task definition and lists what in it the agent can't run. */
import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { LogConfiguration } from '../core/logs/awslogs.ts';
import type { TaskDefinition } from '../core/region-state.ts';

const StringMap = z.array(z.object({ name: z.string(), value: z.string() })).default([]);

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
        containerPort: z.number().int(),
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
  cpu: z.string().optional(),
  memory: z.string().optional(),
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

export async function readTaskDefinition(ecs: ECSClient, arn: string): Promise<TaskDefinition> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const raw = Definition.parse(answer.taskDefinition);
  return {
    arn: raw.taskDefinitionArn,
    family: raw.family,
    revision: raw.revision,
    cpu: raw.cpu === undefined ? undefined : Number(raw.cpu),
    memoryMiB: raw.memory === undefined ? undefined : Number(raw.memory),
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
