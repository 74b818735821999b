/** What is mounted into a container beside its image: volumes of the task, and memory. */
import type { OciMount } from './oci/config.ts';
import type { ContainerDefinition } from './task-definition.ts';

export type Mount =
  | { readonly kind: 'volume'; readonly volume: string; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: 'tmpfs'; readonly path: string; readonly options: readonly string[] };

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
    // Docker's own, before those of the definition, which may take them back.
    options: ['nosuid', 'nodev', 'noexec', `size=${String(sizeMiB)}m`, ...options],
  }));
  return [...own, ...others, ...memory];
}

/**
 * As the runtime mounts it; the runtime follows links of the container inside of its root.
 * @param volumes the directory of each volume by its name
 */
export function ociMount(mount: Mount, volumes: ReadonlyMap<string, string>): OciMount {
  if (mount.kind === 'tmpfs')
    return { destination: mount.path, type: 'tmpfs', source: 'tmpfs', options: mount.options };
  const source = volumes.get(mount.volume);
  if (source === undefined) throw new Error(`volume ${mount.volume} was not made`);
  const options = ['rbind', 'rprivate', 'nosuid', 'nodev', mount.readOnly ? 'ro' : 'rw'];
  return { destination: mount.path, type: 'bind', source, options };
}
