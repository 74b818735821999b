/** What is read of a task definition, in the spelling of the ECS API. */
import { z } from 'zod';
import { LogConfiguration } from './awslogs.ts';
import { text, truth, whole } from './loose.ts';

/** What the kernel takes of an environment and a command line ends at a NUL. */
const Words = z.string().regex(/^[^\0]*$/, 'a NUL ends it');
const VariableName = z.string().regex(/^[^=\0]+$/, 'the name of a variable has no =, and is not empty');
const StringMap = z.array(z.object({ name: VariableName, value: text(Words) })).default([]);

/**
 * `256` or `1 vCPU`, `512` or `2 GB`: ECS takes both ways of writing a size.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
const sizeIn = (unit: string) =>
  text().transform((written, context) => {
    const [, plain, large] =
      new RegExp(`^(?:(\\d{1,9})|(\\d{0,6}\\.?\\d{1,6})\\s*${unit})$`, 'i').exec(written.trim()) ?? [];
    // A vCPU is 1024 CPU units, a GB is 1024 MiB.
    const size = plain === undefined ? Number(large) * 1024 : Number(plain);
    if (size > 0) return size;
    context.addIssue({ code: 'custom', message: `"${written}" is no size: write it like 1024 or 1 ${unit}` });
    return z.NEVER;
  });

const HealthCheck = z
  .object({
    command: z.array(z.string()).min(1),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html: the defaults
    interval: whole(1, 300).default(30),
    timeout: whole(1, 60).default(5),
    retries: whole(1, 10).default(3),
    startPeriod: whole(0, 300).default(0),
  })
  .transform((raw) => ({
    command: raw.command,
    intervalSeconds: raw.interval,
    timeoutSeconds: raw.timeout,
    retries: raw.retries,
    startPeriodSeconds: raw.startPeriod,
  }));

/** Letters, digits, hyphens and underscores: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
const VolumeName = z.string().regex(/^[\w-]{1,255}$/);

const MountPoint = z
  .object({ sourceVolume: VolumeName, containerPath: z.string(), readOnly: truth().default(false) })
  .transform((raw) => ({ volume: raw.sourceVolume, path: raw.containerPath, readOnly: raw.readOnly }));

const Tmpfs = z
  .object({ containerPath: z.string(), size: whole(1), mountOptions: z.array(z.string()).default([]) })
  .transform((raw) => ({ path: raw.containerPath, sizeMiB: raw.size, options: raw.mountOptions }));

/** All that Fargate lets a task definition add. */
export const MAY_BE_ADDED = ['SYS_PTRACE'] as const;

export const Capabilities = z.object({
  add: z.array(z.string()).default([]),
  drop: z.array(z.string()).default([]),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
const CONDITIONS = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'] as const;

/** The same as of a volume: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const ContainerName = z.string().regex(/^[\w-]{1,255}$/, 'a name has letters, digits, hyphens and underscores only');

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
const ULIMITS = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
] as const;

export const Container = z.object({
  name: ContainerName,
  image: z.string(),
  essential: truth().default(true),
  entryPoint: z.array(Words).optional(),
  command: z.array(Words).optional(),
  environment: StringMap,
  secrets: z
    .array(z.object({ name: VariableName, valueFrom: z.string() }))
    .default([])
    .transform((all) => Object.fromEntries(all.map(({ name, valueFrom }) => [name, valueFrom]))),
  user: text().optional(),
  workingDirectory: z.string().optional(),
  readonlyRootFilesystem: truth().default(false),
  // Fargate's default: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
  stopTimeout: whole(0, 120).default(30),
  portMappings: z
    .array(
      z.object({
        name: z.string().optional(),
        containerPort: whole(0, 65_535),
        appProtocol: z.enum(['http', 'http2', 'grpc']).optional(),
      }),
    )
    .default([]),
  mountPoints: z.array(MountPoint).default([]),
  volumesFrom: z.array(z.object({ sourceContainer: ContainerName, readOnly: truth().default(false) })).default([]),
  linuxParameters: z
    .object({
      tmpfs: z.array(Tmpfs).default([]),
      capabilities: Capabilities.default({ add: [], drop: [] }),
    })
    .default({ tmpfs: [], capabilities: { add: [], drop: [] } }),
  // 0 is what ECS answers for a container without one.
  cpu: whole().optional(),
  memory: whole().optional(),
  ulimits: z
    .array(z.object({ name: z.enum(ULIMITS), softLimit: whole(-1), hardLimit: whole(-1) }))
    .default([])
    .transform((all) => all.map(({ name, softLimit, hardLimit }) => ({ name, soft: softLimit, hard: hardLimit }))),
  healthCheck: HealthCheck.optional(),
  logConfiguration: LogConfiguration.optional(),
  dependsOn: z.array(z.object({ containerName: ContainerName, condition: z.enum(CONDITIONS) })).default([]),
});

export const Definition = z.object({
  taskDefinitionArn: z.string(),
  family: z.string(),
  revision: whole(),
  networkMode: z.string().optional(),
  requiresCompatibilities: z.array(z.string()).default([]),
  runtimePlatform: z.object({ operatingSystemFamily: z.string().optional() }).optional(),
  cpu: sizeIn('vCPU').optional(),
  memory: sizeIn('GB').optional(),
  ephemeralStorage: z.object({ sizeInGiB: whole() }).optional(),
  // What CloudFormation registers without one may be an empty text.
  taskRoleArn: z
    .string()
    .optional()
    .transform((arn) => (arn === '' ? undefined : arn)),
  containerDefinitions: z.array(Container),
  volumes: z.array(z.object({ name: z.string() })).default([]),
});
