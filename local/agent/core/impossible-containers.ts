/**
 * Containers that can't run together, which ECS refuses when the task definition is registered. When they were let through all
 * the same, no task is started with them: the service's events say why, and what runs goes on.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
import { mountsOf } from './container-mounts.ts';
import { startOrder } from './container-order.ts';
import type { ContainerDefinition } from './task-definition.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: containers of a task definition */
const MOST_CONTAINERS = 10;

/** The runtime mounts what it is told to; these are its own, and the whole. */
const isTaken = (path: string): boolean =>
  !path.startsWith('/') ||
  path.includes('\0') ||
  /^\/+(?:$|(?:proc|sys)(?:\/|$))/.test(path.replaceAll(/\/\.(?=\/|$)/g, ''));

function complaintOf(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function ofOne(container: ContainerDefinition, all: readonly ContainerDefinition[]): string[] {
  const { name, mountPoints, tmpfs, dependsOn } = container;
  const paths = [...mountPoints, ...tmpfs].map(({ path }) => path);
  const unchecked = dependsOn.filter(
    ({ containerName, condition }) =>
      condition === 'HEALTHY' && all.find((other) => other.name === containerName)?.healthCheck === undefined,
  );
  return [
    ...paths.filter(isTaken).map((path) => `container ${name}: nothing can be mounted at ${JSON.stringify(path)}`),
    ...unchecked.map(
      ({ containerName }) => `container ${name} waits for the health of ${containerName}, which has no check`,
    ),
    ...complaintOf(() => mountsOf(container, all)),
  ];
}

/** @returns a line for each thing that is wrong */
export function impossibleIn(containers: readonly ContainerDefinition[]): string[] {
  if (containers.length > MOST_CONTAINERS)
    return [`a task has ${String(MOST_CONTAINERS)} containers at most, not ${String(containers.length)}`];
  if (containers.length === 0) return ['a task has at least one container'];
  const names = containers.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...[...twice].map((name) => `the container name ${name} is there more than once`),
    ...(containers.some(({ essential }) => essential) ? [] : ['a task has at least one essential container']),
    ...complaintOf(() => startOrder(containers)),
    ...containers.flatMap((container) => ofOne(container, containers)),
  ];
}
