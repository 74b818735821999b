/**
 * A task's sidecar, as the Service Connect agent boots it and its control plane fills it:
 * https://github.com/aws/amazon-ecs-service-connect-agent
 */
import type { EnvoyConfig, Sidecar } from '../mesh.ts';
import { adminOn, CONNECTION_LIMIT, edsCluster, STATS_CONFIG } from './common.ts';
import { dynamicResources, proxyResources, type ProxyResources } from './discovery-response.ts';
import { egressClusters, egressListener } from './egress.ts';
import { applicationClusters, ingressListeners } from './ingress.ts';

/** The cluster of the task's own service, which zone-aware routing weighs itself against. */
const LOCAL_CLUSTER = 'local_cluster';

/** What stays for the life of the proxy. */
export function sidecarBootstrap(sidecar: Sidecar): EnvoyConfig {
  const own = edsCluster(LOCAL_CLUSTER, sidecar.localEdsName, sidecar.edsDirectory);
  return {
    node: {
      id: `task-set/${sidecar.clusterName}/${sidecar.serviceName}/${sidecar.taskId}`,
      cluster: sidecar.serviceName,
      locality: { region: sidecar.region, zone: sidecar.zone },
    },
    admin: adminOn(sidecar.adminSocketPath),
    cluster_manager: {
      local_cluster_name: LOCAL_CLUSTER,
      outlier_detection: { event_log_path: '/dev/stdout' },
    },
    // As the agent writes it; values set through the admin interface hold without a restart.
    layered_runtime: { layers: [{ name: 'admin', admin_layer: {} }] },
    ...CONNECTION_LIMIT,
    ...STATS_CONFIG,
    static_resources: { clusters: [own] },
    ...dynamicResources(sidecar.configDirectory),
  };
}

/** What may change while it runs. */
export function sidecarResources(sidecar: Sidecar): ProxyResources {
  return proxyResources(
    [...(sidecar.aliases.length === 0 ? [] : [egressListener(sidecar)]), ...ingressListeners(sidecar)],
    [...egressClusters(sidecar), ...applicationClusters(sidecar)],
  );
}
