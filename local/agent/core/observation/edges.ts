/** Every way that requests can take at this moment, and whether security groups leave it open. */
import type { LoadBalancer } from '../load-balancer.ts';
import { mayConnect, type Permission } from '../network/security-groups.ts';
import type { RegionState } from '../region-state.ts';
import type { TaskPlan } from '../task-plan.ts';
import { reachedPort, serversOf } from '../topology/service-connect.ts';
import type { ObservedEdge } from '../../../region/observation.ts';

export interface EdgesInput {
  readonly state: RegionState | undefined;
  /** Plans of the tasks that are wanted. */
  readonly plans: readonly TaskPlan[];
  readonly loadBalancers: readonly { readonly loadBalancer: LoadBalancer; readonly addresses: readonly string[] }[];
  readonly permissions: readonly Permission[];
}

/** Tasks of one deployment have the same security groups, so one of them speaks for all. */
function onePerDeployment(plans: readonly TaskPlan[]): TaskPlan[] {
  return [...new Map(plans.map((plan) => [plan.deployment.id, plan])).values()];
}

const someMay = (
  permissions: readonly Permission[],
  from: readonly string[],
  to: readonly { readonly address: string; readonly port: number }[],
): boolean => from.some((own) => to.some(({ address, port }) => mayConnect(permissions, own, address, port)));

function serviceConnectEdges({ state, plans, permissions }: EdgesInput): ObservedEdge[] {
  const servers = serversOf(state);
  const speakers = onePerDeployment(plans);
  const callers = [...new Set(speakers.map(({ service }) => service.arn))];
  return callers.flatMap((caller) => {
    const own = speakers.filter(({ service }) => service.arn === caller);
    const aliases = new Map(own.flatMap(({ sidecar }) => sidecar?.aliases ?? []).map((one) => [one.edsName, one]));
    return [...aliases.values()].map(({ edsName, discoveryName, protocol }): ObservedEdge => {
      const ports = speakers.flatMap(({ address, sidecar }) =>
        (sidecar?.ingress ?? [])
          .filter((ingress) => ingress.edsName === edsName)
          .map((ingress) => ({ address, port: reachedPort(ingress), tls: ingress.tls })),
      );
      return {
        caller,
        called: edsName,
        serverArn: servers.get(edsName)?.service.arn,
        via: discoveryName,
        kind: 'service-connect',
        protocol,
        tls: ports.some(({ tls }) => tls),
        allowed: someMay(
          permissions,
          own.map(({ address }) => address),
          ports,
        ),
      };
    });
  });
}

function loadBalancerEdges({ state, plans, loadBalancers, permissions }: EdgesInput): ObservedEdge[] {
  return loadBalancers.flatMap(({ loadBalancer, addresses }) =>
    loadBalancer.targetGroups.map(({ arn, edsName, protocol }): ObservedEdge => {
      const server = state?.services.find((service) =>
        service.loadBalancers.some(
          ({ targetGroupArn, shift }) => targetGroupArn === arn || shift?.alternateTargetGroupArn === arn,
        ),
      );
      const targets = onePerDeployment(plans).flatMap((plan) =>
        plan.targets
          .filter(({ targetGroupArn }) => targetGroupArn === arn)
          .map(({ containerPort }) => ({ address: plan.address, port: containerPort })),
      );
      return {
        caller: loadBalancer.arn,
        called: edsName,
        serverArn: server?.arn,
        targetGroupArn: arn,
        via: arn.split(':targetgroup/')[1]?.split('/')[0] ?? arn,
        kind: 'target-group',
        protocol: 'http',
        tls: protocol === 'HTTPS',
        allowed: someMay(permissions, addresses, targets),
      };
    }),
  );
}

export function observedEdges(input: EdgesInput): ObservedEdge[] {
  return [...loadBalancerEdges(input), ...serviceConnectEdges(input)];
}
