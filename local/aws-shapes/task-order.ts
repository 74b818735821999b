/** A task of no service as the control plane hands it to the agent: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
import { z } from 'zod';
import { truth, whole } from './loose.ts';
import { CapacityProvider } from './service.ts';

const ContainerOverride = z.object({
  name: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.array(z.object({ name: z.string(), value: z.string().default('') })).default([]),
  cpu: whole().optional(),
  memory: whole().optional(),
});

export const TaskOrder = z
  .object({
    taskArn: z.string().regex(/\/[0-9a-f]{32}$/),
    clusterArn: z.string(),
    taskDefinitionArn: z.string(),
    group: z.string(),
    desiredStatus: z.string(),
    lastStatus: z.string(),
    enableExecuteCommand: truth().default(false),
    overrides: z.object({
      cpu: whole().optional(),
      memory: whole().optional(),
      taskRoleArn: z.string().optional(),
      ephemeralStorage: z.object({ sizeInGiB: whole() }).optional(),
      containerOverrides: z.array(ContainerOverride).default([]),
    }),
    order: z.object({
      index: whole(),
      strategy: z.array(CapacityProvider),
      network: z.object({
        subnets: z.array(z.string()),
        securityGroups: z.array(z.string()).default([]),
        assignPublicIp: z.enum(['ENABLED', 'DISABLED']).default('DISABLED'),
      }),
    }),
  })
  .transform(({ order, overrides, ...raw }) => ({
    id: raw.taskArn.slice(-32),
    arn: raw.taskArn,
    clusterArn: raw.clusterArn,
    taskDefinitionArn: raw.taskDefinitionArn,
    group: raw.group,
    executeCommand: raw.enableExecuteCommand,
    wanted: raw.desiredStatus !== 'STOPPED',
    /** Nobody has begun with it. */
    waiting: raw.lastStatus === 'PROVISIONING',
    subnetIds: order.network.subnets,
    securityGroupIds: order.network.securityGroups,
    publicAddress: order.network.assignPublicIp === 'ENABLED',
    capacityProviders: order.strategy,
    index: order.index,
    overrides: {
      cpu: overrides.cpu,
      memoryMiB: overrides.memory,
      taskRoleArn: overrides.taskRoleArn,
      storageGiB: overrides.ephemeralStorage?.sizeInGiB,
      containers: overrides.containerOverrides.map(({ name, command, environment, cpu, memory }) => ({
        name,
        command,
        environment: Object.fromEntries(environment.map((one) => [one.name, one.value])),
        cpuUnits: cpu,
        memoryMiB: memory,
      })),
    },
  }));
