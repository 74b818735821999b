/** A load balancer as an Envoy whose listeners and clusters change while it runs. */
import type { Complain } from '../../../region/complaints.ts';
import type { Listener, LoadBalancer, LocalPorts } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, STATS_CONFIG } from './common.ts';
import { dynamicResources, proxyResources, type ProxyResources } from './discovery-response.ts';
import { GRPC_CHECK_CLUSTERS, GRPC_CHECK_LISTENER } from './grpc-checks.ts';
import { listenerOf } from './load-balancer-listener.ts';
import { networkListeners } from './network-listener.ts';
import { networkClusterOf } from './network-target-group.ts';
import { routesOf } from './load-balancer-rules.ts';
import { clusterOf } from './target-group-cluster.ts';

export interface LoadBalancerBootstrap {
  readonly name: string;
  readonly adminSocketPath: string;
  /** Holds its listeners and clusters. */
  readonly configDirectory: string;
}

export function loadBalancerBootstrap({ name, adminSocketPath, configDirectory }: LoadBalancerBootstrap): EnvoyConfig {
  return {
    node: { id: `load-balancer/${name}`, cluster: 'load-balancer' },
    admin: adminOn(adminSocketPath),
    ...CONNECTION_LIMIT,
    ...STATS_CONFIG,
    ...dynamicResources(configDirectory),
  };
}

/** What throws is complained about, and left out. */
function orNothing<T>(arn: string, complain: Complain, make: () => readonly T[]): readonly T[] {
  try {
    return make();
  } catch (error) {
    complain(arn, error instanceof Error ? error.message : String(error));
    return [];
  }
}

/**
 * @param localPorts where this machine reaches its listeners
 * @param complain about a rule or a target group that can't be had here, and is left out
 * @param checkLog a file that gets what each failed check found; absent for none
 * @param zone of the node
 */
export function loadBalancerResources(
  balancer: LoadBalancer,
  localPorts: LocalPorts,
  complain: Complain,
  checkLog?: string,
  zone = '',
): ProxyResources {
  const { listeners, targetGroups } = balancer;
  if (balancer.type === 'network')
    return proxyResources(
      listeners.flatMap((one) => orNothing(balancer.arn, complain, () => networkListeners(one, balancer))),
      targetGroups.flatMap((one) =>
        orNothing(one.arn, complain, () => [networkClusterOf(one, balancer, zone, checkLog)]),
      ),
    );
  const relay = targetGroups.some(({ protocolVersion }) => protocolVersion === 'GRPC');
  const routesTo = (listener: Listener): readonly EnvoyConfig[] =>
    listener.rules.flatMap((rule) =>
      orNothing(rule.arn, complain, () => routesOf(rule, balancer, localPorts, listener)),
    );
  return proxyResources(
    [
      ...listeners.map((listener) => listenerOf(listener, balancer, routesTo(listener))),
      ...(relay ? [GRPC_CHECK_LISTENER] : []),
    ],
    [
      ...targetGroups.flatMap((group) => orNothing(group.arn, complain, () => [clusterOf(group, balancer, checkLog)])),
      ...(relay ? GRPC_CHECK_CLUSTERS : []),
    ],
  );
}
