/** The end of a task's inbound traffic, as the ECS agent ends it before it stops a container. */
import pWaitFor, { TimeoutError } from 'p-wait-for';
import type { EnvoyProcess } from './envoy-process.ts';

/** LISTENER_DRAIN_WAIT_TIME_S of the Service Connect agent. */
const DRAIN_MS = 20_000;

/**
 * Waits until no request is in flight in the proxy's ingress, at most the drain time, then closes its ingress.
 * https://github.com/aws/amazon-ecs-service-connect-agent: /drain_listeners?inboundonly
 */
export async function drain(sidecar: EnvoyProcess): Promise<void> {
  try {
    await pWaitFor(async () => (await sidecar.gauge('^http\\.ingress_.*downstream_rq_active$')) === 0, {
      interval: 50,
      timeout: DRAIN_MS,
    });
    await sidecar.admin('POST', '/drain_listeners?inboundonly');
  } catch (error) {
    // Whatever is still in flight after the drain time is cut off, and a dead proxy has nothing to drain.
    if (!(error instanceof TimeoutError) && sidecar.process.running) throw error;
  }
}
