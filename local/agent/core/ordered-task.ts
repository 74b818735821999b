/** What an order of a task makes of services, deployments and definitions. */
import type { Deployment, Service } from './region-state.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { TaskOrder, TaskOverrides } from './task-order.ts';

/** Where it runs, in the words of a service's deployment. */
export function deploymentOfOrder(order: TaskOrder): Deployment {
  return {
    id: order.id,
    status: 'PRIMARY',
    taskDefinitionArn: order.taskDefinitionArn,
    rolloutState: 'COMPLETED',
    subnetIds: order.subnetIds,
    securityGroupIds: order.securityGroupIds,
    publicAddress: order.publicAddress,
    serviceConnect: undefined,
  };
}

/** What is looked at of a task's service; the task stands for itself, under the name of its family. */
export function serviceOfOrder(order: TaskOrder): Service {
  return {
    arn: order.arn,
    name: /task-definition\/(.+):\d+$/.exec(order.taskDefinitionArn)?.[1] ?? order.group,
    clusterArn: order.clusterArn,
    status: 'ACTIVE',
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    blueGreen: undefined,
    circuitBreaker: { enable: false, rollback: false },
    healthCheckGracePeriodSeconds: 0,
    loadBalancers: [],
    registries: [],
    capacityProviders: order.capacityProviders,
    executeCommand: order.executeCommand,
    deployments: [deploymentOfOrder(order)],
  };
}

/** The definition as this task has it. */
export function overridden(definition: TaskDefinition, overrides: TaskOverrides): TaskDefinition {
  return {
    ...definition,
    cpu: overrides.cpu ?? definition.cpu,
    memoryMiB: overrides.memoryMiB ?? definition.memoryMiB,
    storageGiB: overrides.storageGiB ?? definition.storageGiB,
    taskRoleArn: overrides.taskRoleArn ?? definition.taskRoleArn,
    containers: definition.containers.map((container) => {
      const own = overrides.containers.find(({ name }) => name === container.name);
      if (own === undefined) return container;
      return {
        ...container,
        command: own.command ?? container.command,
        // "You can add new environment variables, or you can override the existing": the same page.
        environment: { ...container.environment, ...own.environment },
        cpuUnits: own.cpuUnits ?? container.cpuUnits,
        memoryMiB: own.memoryMiB ?? container.memoryMiB,
      };
    }),
  };
}
