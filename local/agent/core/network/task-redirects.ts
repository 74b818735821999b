/**
 * What sends a task's traffic through its proxy, as Amazon's CNI plugin sets it:
 * https://github.com/aws/amazon-vpc-cni-plugins/tree/master/plugins/ecs-serviceconnect
 */
import type { Sidecar } from '../mesh.ts';
import { VIP_CIDR } from './vips.ts';

const INGRESS_CHAIN = 'ECS_SERVICE_CONNECT_INGRESS';

/** @returns rules for iptables-restore, inside the task's network namespace */
export function taskRedirects({ egressPort, ingress }: Pick<Sidecar, 'egressPort' | 'ingress'>): string {
  const intercepted = ingress.filter((port) => port.intercept);
  return [
    '*nat',
    `:${INGRESS_CHAIN} - [0:0]`,
    `-A OUTPUT -p tcp -d ${VIP_CIDR} -j REDIRECT --to-ports ${String(egressPort)}`,
    ...intercepted.map(
      (port) =>
        `-A ${INGRESS_CHAIN} -p tcp --dport ${String(port.containerPort)} -j REDIRECT --to-ports ${String(port.listenerPort)}`,
    ),
    // What the task sends to itself (its health check, the proxy's hop to the application) is not intercepted.
    `-A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -j ${INGRESS_CHAIN}`,
    'COMMIT',
    '',
  ].join('\n');
}
