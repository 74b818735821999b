/** The start of a task, from its files to its last container. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskPlan } from '../core/task-plan.ts';
import { fetchParts } from './task-containers.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskParts } from './task-parts.ts';

export interface PullListener {
  readonly begun: () => unknown;
  /** The images, the secrets and the network are there. */
  readonly over: () => void;
}

/** @throws Error that says why the task can't start; what was made until then is in the parts */
export async function startParts(
  parts: TaskParts,
  plan: TaskPlan,
  context: TaskContext,
  pull: PullListener,
): Promise<void> {
  // What images and secrets put there is for nobody else on the machine.
  await mkdir(plan.logDirectory, { recursive: true, mode: 0o700 });
  await mkdir(plan.runDirectory, { recursive: true, mode: 0o700 });
  const files = { hosts: plan.hosts, hostname: `${plan.hostname}\n`, 'resolv.conf': plan.resolv };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(plan.runDirectory, name), text)));
  pull.begun();
  // All to their ends, even if one fails: a network that came up after the task was taken away would stay.
  const [fetched, network, endpoint] = await Promise.allSettled([
    fetchParts(plan.taskDefinition.containers, context),
    parts.openNetwork(),
    context.endpointReady(),
  ]);
  if (network.status === 'rejected') throw network.reason;
  if (endpoint.status === 'rejected') throw endpoint.reason;
  if (fetched.status === 'rejected') throw fetched.reason;
  pull.over();
  await parts.startProxy();
  await parts.startContainers(fetched.value);
}
