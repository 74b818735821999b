/** A load balancer in one of its zones. */
import { z } from 'zod';
import type { EnvoyProcess } from './envoy-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import type { TakeUp } from './take-up.ts';

export interface NodePlace {
  readonly zone: string;
  readonly address: string;
  readonly gateway: string;
  readonly adminSocketPath: string;
  readonly configFile: string;
}

const Clusters = z.object({
  cluster_statuses: z
    .array(
      z.object({
        name: z.string(),
        host_statuses: z
          .array(
            z.object({
              address: z.object({ socket_address: z.object({ address: z.string(), port_value: z.number() }) }),
              health_status: z.object({
                failed_active_health_check: z.boolean().default(false),
                pending_active_hc: z.boolean().default(false),
              }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export const CLUSTERS_PATH = '/clusters?format=json';

/** What Envoy says at that path. */
export function healthIn(answer: string): NodeHealth {
  return new Map(
    Clusters.parse(JSON.parse(answer)).cluster_statuses.flatMap(({ name, host_statuses }) =>
      host_statuses.map(({ address, health_status }) => [
        `${name} ${address.socket_address.address}:${String(address.socket_address.port_value)}`,
        health_status.pending_active_hc ? undefined : !health_status.failed_active_health_check,
      ]),
    ),
  );
}

/** Healthy or not by a node's own checks for each `cluster address:port`; undefined while the first check is under way. */
export type NodeHealth = ReadonlyMap<string, boolean | undefined>;

export class LoadBalancerNode {
  readonly place: NodePlace;
  readonly holder: NamespaceHolder;
  readonly envoy: EnvoyProcess;
  readonly takeUp: TakeUp;

  constructor(place: NodePlace, holder: NamespaceHolder, envoy: EnvoyProcess, takeUp: TakeUp) {
    this.place = place;
    this.holder = holder;
    this.envoy = envoy;
    this.takeUp = takeUp;
  }

  get running(): boolean {
    return this.envoy.process.running && this.holder.running;
  }

  async health(): Promise<NodeHealth> {
    return healthIn(await this.envoy.admin('GET', CLUSTERS_PATH));
  }
}
