/** Which task serves where: the endpoints of every discovery name and of every target group. */
import { testEdsName, zoneEdsName } from '../eds-names.ts';
import { isEnabled, type TargetGroup } from '../load-balancer.ts';
import type { Backend } from '../mesh.ts';
import type { RegionState } from '../region-state.ts';
import type { Traffic } from '../scheduler/blue-green.ts';
import type { TaskPlan } from '../task-plan.ts';
import { clientEdsName, edsNameOf, namespaceOf, reachedPort } from './service-connect.ts';

export interface ServingTask {
  readonly plan: TaskPlan;
  /** Wanted, running and not unhealthy: what Service Connect sends requests to. */
  readonly serving: boolean;
  /** Wanted, running, healthy once and listening: what is registered with the target groups, whose own checks decide from then on. */
  readonly registered: boolean;
  /** In a zone that load balancers send nothing to: Service Connect goes on until ECS stops the task. */
  readonly shiftedAway: boolean;
}

export interface Instance {
  readonly namespaceId: string;
  readonly discoveryName: string;
  readonly taskId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A target group's EDS name, from its ARN's own unique part. */
export function targetGroupEdsName(targetGroupArn: string): string {
  return `tg.${targetGroupArn.split(':targetgroup/')[1]?.replaceAll('/', '.') ?? targetGroupArn}`;
}

/** The lists that nodes of its load balancer may ask for. */
const listsOfGroup = ({ edsName, zonesApart = false, zones = [] }: TargetGroup): string[] => [
  edsName,
  ...(zonesApart ? zones.map((zone) => zoneEdsName(edsName, zone)) : []),
];

/** The deployments that get requests, of services with a blue/green deployment strategy, by service ARN. */
export type TrafficByService = ReadonlyMap<string, Traffic>;

/** The lists that a task is in: that of all requests, and that of requests with the test header. */
function listsOf(edsName: string, { service, deployment }: TaskPlan, traffic: TrafficByService): string[] {
  const shift = traffic.get(service.arn) ?? { production: deployment.id, test: deployment.id };
  return [
    ...(shift.production === deployment.id ? [edsName] : []),
    ...(shift.test === deployment.id ? [testEdsName(edsName)] : []),
  ];
}

/** Outside of the VPC. */
const NO_ZONE = '';

/** A target with the way in which its group checks it. */
const checkedBackend = (
  target: { readonly address: string; readonly port: number; readonly zone: string },
  group: TargetGroup | undefined,
): Backend => ({
  ...target,
  tls: false,
  healthCheckPort: group?.healthCheck.port ?? target.port,
  ...(group?.protocolVersion === 'GRPC' ? { relayedCheck: true } : {}),
});

/** Backends by EDS name. A name that exists but has no backend is there with an empty list: its file has to exist. */
export function endpointsByEdsName(
  tasks: readonly ServingTask[],
  state: RegionState,
  targetGroups: readonly TargetGroup[],
  traffic: TrafficByService = new Map(),
  lostZones: readonly string[] = [],
): Map<string, Backend[]> {
  const groups = new Map(targetGroups.map((group) => [group.arn, group]));
  const endpoints = new Map<string, Backend[]>(targetGroups.flatMap(listsOfGroup).map((name) => [name, []]));
  const add = (name: string, backend: Backend): void => {
    endpoints.set(name, [...(endpoints.get(name) ?? []), backend]);
  };
  for (const service of state.services) {
    for (const deployment of service.deployments) {
      const namespace = namespaceOf(deployment, state.namespaces);
      if (namespace === undefined) continue;
      const served = (deployment.serviceConnect?.services ?? []).map((entry) =>
        edsNameOf(namespace, entry.discoveryName),
      );
      const names = served.length === 0 ? [clientEdsName(namespace, service.name)] : served;
      for (const one of names.flatMap((name) => [name, testEdsName(name)]))
        if (!endpoints.has(one)) endpoints.set(one, []);
    }
  }
  for (const { plan, serving, registered, shiftedAway } of tasks) {
    const { address } = plan;
    const { zone } = plan.subnet;
    for (const ingress of serving ? (plan.sidecar?.ingress ?? []) : []) {
      for (const name of listsOf(ingress.edsName, plan, traffic))
        add(name, { address, port: reachedPort(ingress), zone, tls: ingress.tls });
    }
    // Zone-aware routing weighs the caller's own tasks, also those of a caller that serves nothing.
    if (serving && plan.sidecar?.ingress.length === 0)
      add(plan.sidecar.localEdsName, { address, port: plan.sidecar.egressPort, zone, tls: false });
    for (const target of registered ? plan.targets : []) {
      const group = groups.get(target.targetGroupArn);
      if (group !== undefined && !isEnabled(group, zone)) continue;
      const edsName = targetGroupEdsName(target.targetGroupArn);
      const one = { address, port: target.containerPort, zone };
      const backend = { ...checkedBackend(one, group), shiftedAway };
      add(edsName, backend);
      if (group?.zonesApart === true) add(zoneEdsName(edsName, zone), backend);
    }
  }
  for (const group of targetGroups) {
    for (const { address, port, zone } of group.registered ?? []) {
      const isThere =
        endpoints.get(group.edsName)?.some((one) => one.address === address && one.port === port) === true;
      if (isThere || !isEnabled(group, zone)) continue;
      const shiftedAway = zone !== undefined && lostZones.includes(zone);
      const backend = { ...checkedBackend({ address, port, zone: zone ?? NO_ZONE }, group), shiftedAway };
      add(group.edsName, backend);
      // A target of all zones gets requests of each node.
      const nodes = group.zonesApart === true ? (zone === undefined ? (group.zones ?? []) : [zone]) : [];
      for (const node of nodes) add(zoneEdsName(group.edsName, node), backend);
    }
  }
  return endpoints;
}

/** The Cloud Map instances of the tasks that serve, with the attributes that ECS registers. */
export function cloudMapInstances(tasks: readonly ServingTask[], state: RegionState): Instance[] {
  return tasks.flatMap(({ plan, serving }) => {
    const namespace = namespaceOf(plan.deployment, state.namespaces);
    if (!serving || namespace === undefined || plan.sidecar === undefined) return [];
    return plan.sidecar.ingress.map((ingress) => ({
      namespaceId: namespace.id,
      discoveryName: ingress.discoveryName,
      taskId: plan.id,
      attributes: {
        AWS_INSTANCE_IPV4: plan.address,
        AWS_INSTANCE_PORT: String(reachedPort(ingress)),
        AVAILABILITY_ZONE: plan.subnet.zone,
        ECS_CLUSTER_NAME: plan.sidecar?.clusterName ?? '',
        ECS_SERVICE_NAME: plan.service.name,
        ECS_TASK_DEFINITION_FAMILY: plan.taskDefinition.family,
      },
    }));
  });
}
