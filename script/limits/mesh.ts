/** A mesh of any size as the agent would see it, and what it would give to a proxy in it. */
import { edsNameOf, reachedPort, aliasesOf } from '../../local/agent/core/topology/service-connect.ts';
import { planTask, type PlannerSettings } from '../../local/agent/core/topology/task-planner.ts';
import type { Backend, Sidecar } from '../../local/agent/core/mesh.ts';
import type { RegionState } from '../../local/agent/core/region-state.ts';
import { deployment, NAMESPACE, stateWith, SUBNET } from '../../local/agent/testing/region-state.ts';

/** Tasks of a service lie in so many zones, as in base-infra. */
const ZONES = ['us-east-1a', 'us-east-1b'];

export interface Size {
  readonly services: number;
  /** Of each service. */
  readonly tasks: number;
}

const nameOf = (index: number): string => `service-${String(index)}`;

/** @param timeoutSeconds what the first service's callers wait for it: another value is another deployment of it */
export function stateOf({ services }: Size, timeoutSeconds: number): RegionState {
  return stateWith(
    Array.from({ length: services }, (_, index) =>
      deployment({
        discoveryName: nameOf(index),
        clientAliases: [{ dnsName: nameOf(index), port: 8080 }],
        perRequestTimeoutSeconds: index === 0 ? timeoutSeconds : undefined,
      }),
    ),
  );
}

/** The proxy of a task of the last service, which calls all of them. */
export function proxyOf(state: RegionState, settings: PlannerSettings): Sidecar {
  const service = state.services.at(-1);
  const [own] = service?.deployments ?? [];
  if (service === undefined || own === undefined) throw new Error('a mesh without a service has no proxy');
  const { sidecar } = planTask(
    {
      ...{ id: '0'.repeat(32), service, deployment: own, zone: SUBNET.zone, address: '10.0.1.4' },
      ...{ capacityProvider: undefined, aliases: aliasesOf(NAMESPACE, state), targetGroupOf: () => '' },
    },
    state,
    settings,
  );
  if (sidecar === undefined) throw new Error('the task has no proxy');
  return sidecar;
}

/** @param generation how many of the service's tasks were replaced so far, the oldest first */
export function endpointsOf(service: number, tasks: number, proxy: Sidecar, generation = 0): Backend[] {
  const [ingress] = proxy.ingress;
  const port = ingress === undefined ? 0 : reachedPort(ingress);
  return Array.from({ length: tasks }, (_, index) => {
    const host = generation + index;
    // Two million addresses, so that no two tasks share one.
    const address = `10.${String(service % 256)}.${String((host >> 8) % 256)}.${String(host % 256)}`;
    return { address, port, zone: ZONES[host % ZONES.length] ?? SUBNET.zone, tls: false };
  });
}

export const edsName = (service: number): string => edsNameOf(NAMESPACE, nameOf(service));
