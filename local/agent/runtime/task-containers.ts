/** The containers of a task: from where they come, how each is started, in which order they end. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSettings } from '../core/container-command.ts';
import { startOrder, stopsBefore } from '../core/container-order.ts';
import type { CollectorStandIn } from '../core/envoy/collector.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { collectorPorts } from '../core/tracing/collector.ts';
import { startCollector } from './collector-stand-in.ts';
import type { ContainerBody, ContainerProcess } from './container-process.ts';
import { startImage, type ContainerContext } from './image-container.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

export interface Image {
  readonly root: string;
  readonly settings: ImageSettings;
}

export interface ContainersContext extends ContainerContext {
  readonly envoyPath: string;
  /** Unpacks the image; the same image for many tasks is unpacked once. */
  readonly image: (reference: string) => Promise<Image>;
  /** Where spans are taken in. */
  readonly otlpSockets: CollectorStandIn['sockets'];
  readonly socketDirectory: string;
}

/** Images by container name; a collector that is stood in for needs none. */
export async function pullImages(
  containers: readonly ContainerDefinition[],
  { image: pull }: ContainersContext,
): Promise<Map<string, Image>> {
  const pulled = containers.filter((one) => collectorPorts(one) === undefined);
  return new Map(await Promise.all(pulled.map(async ({ name, image }) => [name, await pull(image)] as const)));
}

/** @param image absent for a collector that is stood in for */
export async function startContainer(
  definition: ContainerDefinition,
  image: Image | undefined,
  plan: TaskPlan,
  holder: NamespaceHolder,
  context: ContainersContext,
): Promise<ContainerBody> {
  const file = (name: string): string => join(plan.runDirectory, name);
  const logFile = join(plan.logDirectory, `${definition.name}.log`);
  if (image !== undefined) {
    const directory = file(definition.name);
    await mkdir(directory, { recursive: true });
    const files = { root: image.root, directory, hosts: file('hosts'), resolv: file('resolv.conf'), logFile };
    return startImage(definition, image.settings, files, holder, context);
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
