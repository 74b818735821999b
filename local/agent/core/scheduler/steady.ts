/** When a running task is proven to stay: a deployment counts nothing less. */

/**
 * How long a container without any check has to run. A process that dies of a wrong setting lives some hundred
 * milliseconds, and on two busy cores the container itself may take up to a second to get to its program: this is the sum,
 * rounded up. ECS looks at a service over tens of seconds before it calls it steady; here a person is watching.
 */
export const STEADY_MS = 2_000;

/** What is known of a container that runs. */
export interface ContainerProof {
  readonly essential: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Whether a check of its own, or a target group's at one of its ports, says that it is healthy. */
  readonly checked: boolean;
}

/** A health check that succeeded is proof enough; who has none has to stay up for a while. */
export function isSteady(containers: readonly ContainerProof[], now: number): boolean {
  return containers.every(({ essential, startedAt, checked }) => !essential || checked || now - startedAt >= STEADY_MS);
}
