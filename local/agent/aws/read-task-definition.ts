/** Reads one task definition and lists what in it the agent can't run. */
import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { z } from 'zod';
import { TASK_DEFINITION } from '../../support/task-definition.ts';
import { refusedIn } from '../../support/findings.ts';
import { impossibleIn } from '../core/impossible-containers.ts';
import type { TaskDefinition } from '../core/task-definition.ts';
import { oneLine } from '../../region/one-line.ts';
import { Definition } from '../../aws-shapes/task-definition.ts';

/** One that can't be read is wholly unsupported: its own services wait, the others go on. */
export function narrowTaskDefinition(arn: string, found: unknown): TaskDefinition {
  const read = Definition.safeParse(found);
  if (read.success) {
    const refused = refusedIn(TASK_DEFINITION, found).map(({ path, note, remedy }) => `${path}: ${note}: ${remedy}`);
    const definition = definitionOf(read.data);
    return { ...definition, unsupported: [...refused, ...impossibleIn(definition.containers)] };
  }
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

function definitionOf(raw: z.infer<typeof Definition>): Omit<TaskDefinition, 'unsupported'> {
  return {
    arn: raw.taskDefinitionArn,
    family: raw.family,
    revision: raw.revision,
    cpu: raw.cpu,
    memoryMiB: raw.memory,
    storageGiB: raw.ephemeralStorage?.sizeInGiB,
    taskRoleArn: raw.taskRoleArn,
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
      secrets: container.secrets,
      mountPoints: container.mountPoints,
      volumesFrom: container.volumesFrom,
      tmpfs: container.linuxParameters.tmpfs,
      ulimits: container.ulimits,
      capabilities: container.linuxParameters.capabilities,
      cpuUnits: container.cpu === 0 ? undefined : container.cpu,
      memoryMiB: container.memory === 0 ? undefined : container.memory,
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
  };
}
