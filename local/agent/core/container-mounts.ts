/** What is mounted into a container beside its image: volumes of the task, and memory. */
import type { ContainerDefinition } from './region-state.ts';

export type Mount =
  | { readonly kind: 'volume'; readonly volume: string; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: 'tmpfs'; readonly path: string; readonly options: string };

/**
 * The container's own mount points and those of the containers that it takes volumes from.
 * @throws Error that names a container which the task definition does not have
 */
export function mountsOf(container: ContainerDefinition, containers: readonly ContainerDefinition[]): Mount[] {
  const own = container.mountPoints.map((point) => ({ kind: 'volume' as const, ...point }));
  const others = container.volumesFrom.flatMap(({ sourceContainer, readOnly }) => {
    const source = containers.find(({ name }) => name === sourceContainer);
    if (source === undefined)
      throw new Error(
        `container ${container.name} takes volumes from ${sourceContainer}, which the task definition does not have`,
      );
    return source.mountPoints.map((point) => ({
      kind: 'volume' as const,
      ...point,
      readOnly: point.readOnly || readOnly,
    }));
  });
  const memory = container.tmpfs.map(({ path, sizeMiB, options }) => ({
    kind: 'tmpfs' as const,
    path,
    options: [`size=${String(sizeMiB)}m`, ...options].join(','),
  }));
  return [...own, ...others, ...memory];
}
