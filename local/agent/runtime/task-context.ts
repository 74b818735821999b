/** What a task has from its agent. */
import type { ContainersContext } from './task-containers.ts';
import type { VpcRouter } from './vpc-router.ts';

export interface TaskContext extends ContainersContext {
  readonly router: Pick<VpcRouter, 'attach' | 'detach'>;
  /** Resolves when somebody answers at the task's own endpoint. @throws Error when nobody can */
  readonly endpointReady: () => Promise<void>;
  readonly onChange: () => void;
  /**
   * Resolves when no proxy or load balancer sends new requests to a task that is no longer wanted.
   * @param dead when it answers none any more
   */
  readonly withdrawn: (dead: boolean) => Promise<void>;
  /** The load balancer nodes that may still wait for answers of a target that leaves, by IPv4 address, and for how many seconds at most. */
  readonly deregistration: () => Promise<{ readonly balancers: readonly string[]; readonly seconds: number }>;
}
