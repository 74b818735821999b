/** The end of a task's inbound traffic, as the ECS agent ends it before it stops a container. */
import pWaitFor, { TimeoutError } from 'p-wait-for';
import type { EnvoyProcess } from './envoy-process.ts';

/** LISTENER_DRAIN_WAIT_TIME_S of the Service Connect agent. */
const DRAIN_MS = 20_000;

/**
 * Closes the proxy's ingress to new connections, then waits until no request is in flight in it, at most the drain time.
 * https://github.com/aws/amazon-ecs-service-connect-agent: /drain_listeners?inboundonly
 */
export async function drain(sidecar: EnvoyProcess): Promise<void> {
  try {
    await sidecar.admin('POST', '/drain_listeners?inboundonly');
    await pWaitFor(async () => (await sidecar.gauge('^http\\.ingress_.*downstream_rq_active$')) === 0, {
      interval: 50,
      timeout: DRAIN_MS,
    });
  } catch (error) {
    // Whatever is still in flight after the drain time is cut off, and a dead proxy has nothing to drain.
    if (!(error instanceof TimeoutError) && sidecar.process.running) throw error;
  }
}
