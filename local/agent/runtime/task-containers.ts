/** The containers of a task: from where they come, how each is started, in which order they end. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSettings } from '../core/container-command.ts';
import { mountsOf } from '../core/container-mounts.ts';
import { startOrder, stopsBefore } from '../core/container-order.ts';
import type { CollectorStandIn } from '../core/envoy/collector.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { collectorPorts } from '../core/tracing/collector.ts';
import { startCollector } from './collector-stand-in.ts';
import type { ContainerBody, ContainerProcess } from './container-process.ts';
import { startImage, type ContainerContext, type FromTask } from './image-container.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import { makeVolumes } from './volumes.ts';

export interface Image {
  readonly root: string;
  readonly settings: ImageSettings;
}

/** Everything that a container is started from. */
export interface ContainerParts extends Image, FromTask {}

export interface ContainersContext extends ContainerContext {
  readonly envoyPath: string;
  /** Unpacks the image; the same image for many tasks is unpacked once. */
  readonly image: (reference: string) => Promise<Image>;
  /** Fetches the secrets of a container. @throws Error with ECS's reason for a task that can't start */
  readonly secrets: (definition: ContainerDefinition) => Promise<Readonly<Record<string, string>>>;
  /** Where spans are taken in. */
  readonly otlpSockets: CollectorStandIn['sockets'];
  readonly socketDirectory: string;
}

/** What each container is started from, by its name; a collector that is stood in for needs none. */
export async function fetchParts(
  containers: readonly ContainerDefinition[],
  { image: pull, secrets: fetchSecrets }: ContainersContext,
): Promise<Map<string, ContainerParts>> {
  const wanted = containers.filter((one) => collectorPorts(one) === undefined);
  const fetched = wanted.map(async (definition) => {
    // Secrets first, as on Fargate: without them nothing is pulled.
    const secrets = await fetchSecrets(definition);
    const image = await pull(definition.image);
    return [definition.name, { ...image, secrets, mounts: mountsOf(definition, containers) }] as const;
  });
  return new Map(await Promise.all(fetched));
}

/** Makes the volumes of a task, as the containers that come first have them. */
export async function makeTaskVolumes(plan: TaskPlan, parts: ReadonlyMap<string, ContainerParts>): Promise<void> {
  const inOrder = startOrder(plan.taskDefinition.containers).flatMap(({ name }) => parts.get(name) ?? []);
  await makeVolumes(volumesOf(plan), inOrder);
}

const volumesOf = (plan: TaskPlan): string => join(plan.runDirectory, 'volumes');

/** @param parts absent for a collector that is stood in for */
export async function startContainer(
  definition: ContainerDefinition,
  parts: ContainerParts | undefined,
  plan: TaskPlan,
  holder: NamespaceHolder,
  context: ContainersContext,
): Promise<ContainerBody> {
  const file = (name: string): string => join(plan.runDirectory, name);
  const logFile = join(plan.logDirectory, `${definition.name}.log`);
  if (parts !== undefined) {
    const directory = file(definition.name);
    await mkdir(directory, { recursive: true });
    const files = {
      root: parts.root,
      directory,
      hosts: file('hosts'),
      resolv: file('resolv.conf'),
      logFile,
      volumes: volumesOf(plan),
    };
    return startImage(definition, parts.settings, parts, files, holder, context);
  }
  // Below the run directory a socket's path might be too long: 107 characters. https://man7.org/linux/man-pages/man7/unix.7.html
  const index = plan.taskDefinition.containers.indexOf(definition);
  const standIn = {
    taskId: plan.id,
    ports: collectorPorts(definition) ?? { http: undefined, grpc: undefined },
    adminSocketPath: join(context.socketDirectory, `${plan.id.slice(0, 12)}-${String(index)}.sock`),
    sockets: context.otlpSockets,
  };
  const configFile = file(`${definition.name}.json`);
  return startCollector(definition, standIn, holder, { envoyPath: context.envoyPath, configFile, logFile });
}

/** Ends each container when those that depend on it have ended. */
export async function stopInOrder(
  running: ReadonlyMap<string, ContainerProcess>,
  containers: readonly ContainerDefinition[],
  abrupt: boolean,
): Promise<void> {
  const stops = new Map<string, Promise<void>>();
  for (const { name } of startOrder(containers).reverse()) {
    const before = stopsBefore(name, containers).flatMap((dependant) => stops.get(dependant) ?? []);
    stops.set(
      name,
      Promise.all(before).then(() => running.get(name)?.stop(abrupt)),
    );
  }
  await Promise.all(stops.values());
}
