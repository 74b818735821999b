/** Containers of a task that wait for more than the start of another one, and what one said last. */
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { ContainerProcess } from './container-process.ts';

const LAST_LINES = 5;

/**
 * Holds the containers after this one back as long as one of them asks for more than START.
 * @param giveUp when nobody waits any more
 * @throws Error that says what did not come
 */
export async function dependenciesMet(
  container: ContainerProcess,
  containers: readonly ContainerDefinition[],
  giveUp: AbortSignal,
): Promise<void> {
  const { name } = container.definition;
  const waiting = containers.flatMap((other) =>
    other.dependsOn
      .filter((one) => one.containerName === name)
      .map(({ condition }) => ({ condition, waiter: other.name })),
  );
  for (const { condition, waiter } of waiting) {
    if (condition === 'COMPLETE' || condition === 'SUCCESS') await container.exited(giveUp);
    if (condition === 'HEALTHY') await container.healthyOrEnded(giveUp);
    if (giveUp.aborted) return;
    const failed =
      (condition === 'SUCCESS' && container.process.exit?.code !== 0) ||
      (condition === 'HEALTHY' && container.healthStatus !== 'HEALTHY');
    if (failed)
      throw new Error(
        `container ${waiter} waits for ${condition} of container ${name}, which did not come; ${said(container)}`,
      );
  }
}

export function said(container: ContainerProcess): string {
  const lines = container.lastLines(LAST_LINES);
  return lines.length === 0 ? 'it logged nothing' : `its last log lines: ${lines.join(' | ')}`;
}
