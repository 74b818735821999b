/** A container definition in which nothing is set. */
import type { ContainerDefinition } from '../core/task-definition.ts';

export function containerDefinition(overrides: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {
    name: 'app',
    image: 'registry/app@sha256:0',
    essential: true,
    entryPoint: undefined,
    command: undefined,
    environment: {},
    secrets: {},
    user: undefined,
    workingDirectory: undefined,
    readonlyRootFilesystem: true,
    stopTimeoutSeconds: 30,
    portMappings: [],
    mountPoints: [],
    volumesFrom: [],
    tmpfs: [],
    ulimits: [],
    capabilities: { add: [], drop: [] },
    cpuUnits: undefined,
    memoryMiB: undefined,
    healthCheck: undefined,
    logs: undefined,
    dependsOn: [],
    ...overrides,
  };
}
