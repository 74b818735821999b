/** Makes the plan of a new task from the region's state. */
import { hostnameOf, hostsFile, resolvConf } from '../network/hosts-file.ts';
import { assignVips } from '../network/vips.ts';
import { resolverAddress } from '../names/vpc-zones.ts';
import type { ClientAlias, Sidecar } from '../mesh.ts';
import type { Deployment, RegionState, Service, ServiceLoadBalancer, Subnet } from '../region-state.ts';
import { overridden } from '../ordered-task.ts';
import type { TaskOrder } from '../task-order.ts';
import type { TaskPlan } from '../task-plan.ts';
import { gatewayOf } from './addresses.ts';
import { clientEdsName, EGRESS_PORT, ingressPortsOf, namespaceOf } from './service-connect.ts';

export interface PlannerSettings {
  readonly region: string;
  /** Directories below which each task gets one of its own. */
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
  /** Kept apart and short: a unix socket's path has at most 107 bytes, https://man7.org/linux/man-pages/man7/unix.7.html */
  readonly socketDirectory: string;
}

export interface NewTask {
  readonly id: string;
  readonly service: Service;
  readonly deployment: Deployment;
  readonly zone: string;
  readonly address: string;
  readonly capacityProvider: string | undefined;
  /** The aliases that existed when the deployment was made. */
  readonly aliases: readonly ClientAlias[];
  /** The target group for a service's own one: the same, or its alternate. */
  readonly targetGroupOf: (loadBalancer: ServiceLoadBalancer) => string;
  /** Of a task of no service. */
  readonly order?: TaskOrder | undefined;
}

/** Zones of a deployment's subnets, in their order, each once. @throws Error that names a subnet that does not exist */
export function zonesOf(deployment: Deployment, state: RegionState): string[] {
  return [...new Set(subnetsOf(deployment, state).map((subnet) => subnet.zone))];
}

function subnetsOf(deployment: Deployment, state: RegionState): Subnet[] {
  return deployment.subnetIds.map((id) => {
    const subnet = state.subnets.get(id);
    if (subnet === undefined) throw new Error(`subnet ${id} does not exist: check the service's network configuration`);
    return subnet;
  });
}

export function subnetIn(zone: string, deployment: Deployment, state: RegionState): Subnet {
  const subnet = subnetsOf(deployment, state).find((one) => one.zone === zone);
  if (subnet === undefined) throw new Error(`the service has no subnet in ${zone}`);
  return subnet;
}

/** @throws Error with one line for each thing that can't run here */
export function planTask(task: NewTask, state: RegionState, settings: PlannerSettings): TaskPlan {
  const { deployment, service } = task;
  const taskDefinition = state.taskDefinitions.get(deployment.taskDefinitionArn);
  if (taskDefinition === undefined) throw new Error(`task definition ${deployment.taskDefinitionArn} does not exist`);
  if (taskDefinition.unsupported.length > 0) {
    throw new Error(
      `the local region can't run ${taskDefinition.family}:${String(taskDefinition.revision)}: ${taskDefinition.unsupported.join('; ')}`,
    );
  }
  const subnet = subnetIn(task.zone, deployment, state);
  const runDirectory = `${settings.runDirectory}/${task.id}`;
  const clusterName = service.clusterArn.split('/').at(-1) ?? '';
  const sidecar =
    deployment.serviceConnect === undefined ? undefined : planSidecar(task, clusterName, subnet, state, settings);
  const hostname = hostnameOf(task.address, settings.region);
  const [primary] = state.vpcCidrs.get(subnet.vpcId) ?? [];
  const vips = assignVips((sidecar?.aliases ?? []).map((alias) => alias.dnsName));
  return {
    id: task.id,
    arn: `${service.clusterArn.replace(':cluster/', ':task/')}/${task.id}`,
    service,
    deployment,
    order: task.order,
    taskDefinition: task.order === undefined ? taskDefinition : overridden(taskDefinition, task.order.overrides),
    subnet,
    capacityProvider: task.capacityProvider,
    address: task.address,
    gateway: gatewayOf(subnet),
    hostname,
    hosts: hostsFile({ hostname, address: task.address, vips }),
    resolv: primary === undefined ? '' : resolvConf(resolverAddress(primary), settings.region),
    sidecar,
    targets: service.loadBalancers.map((one) => ({
      targetGroupArn: task.targetGroupOf(one),
      containerPort: one.containerPort,
    })),
    logDirectory: `${settings.logDirectory}/${task.id}`,
    runDirectory,
  };
}

function planSidecar(
  task: NewTask,
  clusterName: string,
  subnet: Subnet,
  state: RegionState,
  settings: PlannerSettings,
): Sidecar {
  const { deployment } = task;
  const taskDefinition = state.taskDefinitions.get(deployment.taskDefinitionArn);
  const namespace = namespaceOf(deployment, state.namespaces);
  if (taskDefinition === undefined || namespace === undefined) {
    throw new Error(
      `Service Connect namespace ${deployment.serviceConnect?.namespace ?? ''} does not exist: create it before the service`,
    );
  }
  const ingress = ingressPortsOf(deployment, taskDefinition, namespace);
  return {
    taskId: task.id,
    clusterName,
    serviceName: task.service.name,
    region: settings.region,
    zone: task.zone,
    zoneCount: zonesOf(deployment, state).length,
    egressPort: EGRESS_PORT,
    aliases: task.aliases,
    ingress,
    localEdsName: ingress[0]?.edsName ?? clientEdsName(namespace, task.service.name),
    accessLog: deployment.serviceConnect?.accessLog,
    vpcCidrs: state.vpcCidrs.get(subnet.vpcId) ?? [],
    adminSocketPath: `${settings.socketDirectory}/${task.id.slice(0, 12)}.sock`,
    edsDirectory: settings.edsDirectory,
    tlsDirectory: settings.tlsDirectory,
    configDirectory: `${settings.runDirectory}/${task.id}/envoy`,
  };
}
