/** The containers of a task: from where they come, how each is started, in which order they end. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSettings } from '../core/container-command.ts';
import { mountsOf } from '../core/container-mounts.ts';
import { startOrder, stopsBefore } from '../core/container-order.ts';
import type { CollectorStandIn } from '../core/envoy/collector.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import { containerLog } from '../core/container-logs.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { collectorPorts } from '../core/tracing/collector.ts';
import { adoptCollector, startCollector } from './collector-stand-in.ts';
import type { ContainerBody, ContainerProcess } from './container-process.ts';
import { adoptImage, startImage, type ContainerContext, type FromTask } from './image-container.ts';
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
  /** Variables that Fargate gives a container. */
  readonly environment: (definition: ContainerDefinition) => Readonly<Record<string, string>>;
  /** Where spans are taken in. */
  readonly otlpSockets: CollectorStandIn['sockets'];
  readonly socketDirectory: string;
}

/** What each container is started from, by its name; a collector that is stood in for needs none. */
export async function fetchParts(
  containers: readonly ContainerDefinition[],
  { image: pull, secrets: fetchSecrets, environment: give }: ContainersContext,
): Promise<Map<string, ContainerParts>> {
  const wanted = containers.filter((one) => collectorPorts(one) === undefined);
  const fetched = wanted.map(async (definition) => {
    // Secrets first, as on Fargate: without them nothing is pulled.
    const secrets = await fetchSecrets(definition);
    const image = await pull(definition.image);
    const given = { environment: give(definition), secrets, mounts: mountsOf(definition, containers) };
    return [definition.name, { ...image, ...given }] as const;
  });
  return new Map(await Promise.all(fetched));
}

/** Makes the volumes of a task, as the containers that come first have them. @returns their directories by name */
export async function makeTaskVolumes(
  plan: TaskPlan,
  parts: ReadonlyMap<string, ContainerParts>,
): Promise<ReadonlyMap<string, string>> {
  const inOrder = startOrder(plan.taskDefinition.containers).flatMap(({ name }) => parts.get(name) ?? []);
  return makeVolumes(join(plan.runDirectory, 'volumes'), inOrder);
}

/**
 * @param parts absent for a collector that is stood in for
 * @param volumes as `makeTaskVolumes` made them
 */
export async function startContainer(
  definition: ContainerDefinition,
  parts: ContainerParts | undefined,
  volumes: ReadonlyMap<string, string>,
  plan: TaskPlan,
  holder: NamespaceHolder,
  context: ContainersContext,
): Promise<ContainerBody> {
  const { bundle, collector } = filesOf(definition, plan, context);
  if (parts === undefined) return startCollector(definition, collector.standIn, holder, collector.files);
  await mkdir(bundle.bundle, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(plan.runDirectory, name);
  const ofTask = { hosts: file('hosts'), hostname: file('hostname'), resolv: file('resolv.conf') };
  const files = { ...bundle, root: parts.root, ofTask, volumes };
  return startImage(definition, parts.settings, parts, files, plan, holder, context);
}

/** Takes over a container that another agent started. @throws Error when its description is gone */
export async function adoptContainer(
  definition: ContainerDefinition,
  identity: ProcessIdentity,
  plan: TaskPlan,
  context: ContainersContext,
): Promise<ContainerBody> {
  const { bundle, collector } = filesOf(definition, plan, context);
  if (collectorPorts(definition) !== undefined) return adoptCollector(identity, collector.standIn, collector.files);
  return adoptImage(identity, bundle, plan.id, context.tools);
}

/** Where a container's files are, and those of what stands in for it. */
function filesOf(definition: ContainerDefinition, plan: TaskPlan, context: ContainersContext) {
  const file = (name: string): string => join(plan.runDirectory, name);
  const logFile = containerLog(plan, definition.name);
  // Names from outside are no part of a path.
  const index = String(plan.taskDefinition.containers.indexOf(definition));
  // Below the run directory a socket's path might be too long: 107 characters. https://man7.org/linux/man-pages/man7/unix.7.html
  const standIn = {
    taskId: plan.id,
    ports: collectorPorts(definition) ?? { http: undefined, grpc: undefined },
    adminSocketPath: join(context.socketDirectory, `${plan.id.slice(0, 12)}-${index}.sock`),
    sockets: context.otlpSockets,
  };
  return {
    bundle: { bundle: file(index), runtimeDirectory: file('runtime'), logFile },
    collector: { standIn, files: { envoyPath: context.envoyPath, configFile: file(`${index}.json`), logFile } },
  };
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
