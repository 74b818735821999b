/** What ECS answers of a service and its deployments: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html */
import { z } from 'zod';
import { HOOK_STAGES } from './lifecycle-stages.ts';
import { MOST_TASKS } from './limits.ts';
import { truth, whole } from './loose.ts';
import { Port } from './network-names.ts';
import { ServiceConnect } from './service-connect.ts';

const Deployment = z
  .object({
    id: z.string(),
    status: z.enum(['PRIMARY', 'ACTIVE']),
    taskDefinition: z.string(),
    rolloutState: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']).default('IN_PROGRESS'),
    networkConfiguration: z
      .object({
        awsvpcConfiguration: z.object({
          subnets: z.array(z.string()),
          securityGroups: z.array(z.string()).default([]),
          assignPublicIp: z.enum(['ENABLED', 'DISABLED']).default('DISABLED'),
        }),
      })
      .optional(),
    serviceConnectConfiguration: ServiceConnect.optional(),
  })
  .transform((raw) => ({
    id: raw.id,
    status: raw.status,
    taskDefinitionArn: raw.taskDefinition,
    rolloutState: raw.rolloutState,
    subnetIds: raw.networkConfiguration?.awsvpcConfiguration.subnets ?? [],
    securityGroupIds: raw.networkConfiguration?.awsvpcConfiguration.securityGroups ?? [],
    publicAddress: raw.networkConfiguration?.awsvpcConfiguration.assignPublicIp === 'ENABLED',
    serviceConnect: raw.serviceConnectConfiguration,
  }));

const Stage = z.enum(HOOK_STAGES);

export const LoadBalancer = z
  .object({
    targetGroupArn: z.string(),
    containerName: z.string(),
    containerPort: Port,
    advancedConfiguration: z
      .object({
        alternateTargetGroupArn: z.string(),
        productionListenerRule: z.string(),
        testListenerRule: z.string().optional(),
      })
      .optional(),
  })
  .transform(({ advancedConfiguration: advanced, ...raw }) => ({
    ...raw,
    shift:
      advanced === undefined
        ? undefined
        : {
            alternateTargetGroupArn: advanced.alternateTargetGroupArn,
            productionRuleArn: advanced.productionListenerRule,
            testRuleArn: advanced.testListenerRule,
          },
  }));

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html */
export const ServiceRegistry = z.object({
  registryArn: z.string(),
  port: Port.optional(),
  containerPort: Port.optional(),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export const CapacityProvider = z.object({
  capacityProvider: z.string(),
  base: whole().default(0),
  weight: whole().default(0),
});

export const ServiceSchema = z
  .object({
    serviceArn: z.string(),
    serviceName: z.string(),
    clusterArn: z.string(),
    status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']),
    desiredCount: whole(0, MOST_TASKS),
    healthCheckGracePeriodSeconds: whole().default(0),
    loadBalancers: z.array(LoadBalancer).default([]),
    serviceRegistries: z.array(ServiceRegistry).default([]),
    enableExecuteCommand: truth().default(false),
    capacityProviderStrategy: z.array(CapacityProvider).default([]),
    deploymentConfiguration: z
      .object({
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html: defaults of REPLICA
        minimumHealthyPercent: whole().default(100),
        maximumPercent: whole().default(200),
        strategy: z.enum(['ROLLING', 'BLUE_GREEN']).default('ROLLING'),
        bakeTimeInMinutes: whole().default(0),
        lifecycleHooks: z
          .array(z.object({ targetType: z.string().optional(), lifecycleStages: z.array(Stage).default([]) }))
          .default([]),
        deploymentCircuitBreaker: z
          .object({
            enable: truth().default(false),
            rollback: truth().default(false),
            resetOnHealthyTask: truth().optional(),
            thresholdConfiguration: z
              .object({ type: z.enum(['COUNT', 'BOUNDED_PERCENT', 'UNBOUNDED_PERCENT']), value: whole() })
              .optional(),
          })
          .default({ enable: false, rollback: false }),
      })
      .default({
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        strategy: 'ROLLING',
        bakeTimeInMinutes: 0,
        lifecycleHooks: [],
        deploymentCircuitBreaker: { enable: false, rollback: false },
      }),
    deployments: z.array(Deployment).default([]),
  })
  .transform((raw) => ({
    arn: raw.serviceArn,
    name: raw.serviceName,
    clusterArn: raw.clusterArn,
    status: raw.status,
    desiredCount: raw.desiredCount,
    minimumHealthyPercent: raw.deploymentConfiguration.minimumHealthyPercent,
    maximumPercent: raw.deploymentConfiguration.maximumPercent,
    blueGreen:
      raw.deploymentConfiguration.strategy === 'BLUE_GREEN'
        ? {
            bakeTimeMinutes: raw.deploymentConfiguration.bakeTimeInMinutes,
            pauseStages: raw.deploymentConfiguration.lifecycleHooks.flatMap((hook) => hook.lifecycleStages),
          }
        : undefined,
    circuitBreaker: raw.deploymentConfiguration.deploymentCircuitBreaker,
    healthCheckGracePeriodSeconds: raw.healthCheckGracePeriodSeconds,
    loadBalancers: raw.loadBalancers,
    registries: raw.serviceRegistries.map(({ registryArn, port, containerPort }) => ({
      arn: registryArn,
      port,
      containerPort,
    })),
    capacityProviders: raw.capacityProviderStrategy,
    executeCommand: raw.enableExecuteCommand,
    deployments: [...raw.deployments].sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY')),
  }));
