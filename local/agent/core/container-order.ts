/** The order in which a task's containers start: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
import type { ContainerDefinition } from './task-definition.ts';

/** Every container after those it depends on. @throws Error that names a missing container or a circle */
export function startOrder(containers: readonly ContainerDefinition[]): ContainerDefinition[] {
  const order: ContainerDefinition[] = [];
  const visit = (container: ContainerDefinition, path: readonly string[]): void => {
    if (order.includes(container)) return;
    if (path.includes(container.name))
      throw new Error(`containers depend on each other in a circle: ${[...path, container.name].join(' -> ')}`);
    for (const { containerName } of container.dependsOn) {
      const dependency = containers.find((other) => other.name === containerName);
      if (dependency === undefined)
        throw new Error(
          `container ${container.name} depends on ${containerName}, which the task definition does not have`,
        );
      visit(dependency, [...path, container.name]);
    }
    order.push(container);
  };
  for (const container of containers) visit(container, []);
  return order;
}

/**
 * The containers that have to end before this one is stopped: those that depend on it. A collector outlives the application that
 * hands it its last spans. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function stopsBefore(name: string, containers: readonly ContainerDefinition[]): string[] {
  return containers
    .filter(({ dependsOn }) => dependsOn.some((one) => one.containerName === name))
    .map((one) => one.name);
}
