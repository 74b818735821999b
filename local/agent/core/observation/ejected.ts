/** Which hosts a proxy leaves out: https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--clusters */
import { z } from 'zod';

export const CLUSTERS_PATH = '/clusters?format=json';

const Clusters = z.object({
  cluster_statuses: z
    .array(
      z.object({
        host_statuses: z
          .array(
            z.object({
              address: z.object({ socket_address: z.object({ address: z.string() }).optional() }),
              health_status: z.object({ failed_outlier_check: z.boolean().default(false) }).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** @param answer of CLUSTERS_PATH; undefined when there was none */
export function ejectedAddresses(answer: string | undefined): string[] {
  if (answer === undefined) return [];
  const hosts = Clusters.parse(JSON.parse(answer)).cluster_statuses.flatMap(({ host_statuses }) => host_statuses);
  const ejected = hosts.filter(({ health_status }) => health_status?.failed_outlier_check === true);
  return [...new Set(ejected.flatMap(({ address }) => address.socket_address?.address ?? []))];
}
