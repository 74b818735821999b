/** Reads ECS services with their deployments, and narrows them. */
import {
  DescribeServicesCommand,
  paginateListClusters,
  paginateListServices,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import { ServiceSchema } from '../../aws-shapes/service.ts';
import type { Service } from '../core/region-state.ts';
import { oneLine } from '../../region/one-line.ts';
import { nameIn } from './read-each.ts';

/** @returns undefined for one that is no longer there */
export function narrowService(raw: unknown): Service | undefined {
  const service = ServiceSchema.parse(raw);
  return service.status === 'INACTIVE' ? undefined : { ...service, status: service.status };
}

/** Every service that is ACTIVE or DRAINING, over all clusters. One that can't be read stays as it was read last. */
export class ServicesReader {
  readonly #ecs: ECSClient;
  #last: ReadonlyMap<string, Service> = new Map();

  constructor(ecs: ECSClient) {
    this.#ecs = ecs;
  }

  async read(complain: Complain): Promise<Service[]> {
    const services = (await this.#rows()).flatMap((raw) => {
      try {
        return narrowService(raw) ?? [];
      } catch (error) {
        const arn = nameIn(raw, 'serviceArn');
        complain(arn, `service ${nameIn(raw, 'serviceName', 'serviceArn')} can't be read: ${oneLine(error)}`);
        return keptService(raw, this.#last.get(arn)) ?? [];
      }
    });
    this.#last = new Map(services.map((service) => [service.arn, service]));
    return services;
  }

  async #rows(): Promise<unknown[]> {
    const rows: unknown[] = [];
    for await (const clusters of paginateListClusters({ client: this.#ecs }, {})) {
      for (const cluster of clusters.clusterArns ?? []) {
        for await (const page of paginateListServices({ client: this.#ecs }, { cluster, maxResults: 10 })) {
          const arns = page.serviceArns ?? [];
          if (arns.length === 0) continue;
          const answer = await this.#ecs.send(new DescribeServicesCommand({ cluster, services: arns }));
          rows.push(...(answer.services ?? []));
        }
      }
    }
    return rows;
  }
}

const Bare = z.object({
  serviceArn: z.string(),
  serviceName: z.string(),
  clusterArn: z.string(),
  status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']),
});

/** What is known of a service that can't be read: a deletion must come to its end all the same. */
function keptService(raw: unknown, last: Service | undefined): Service | undefined {
  const { data } = Bare.safeParse(raw);
  if (data?.status === 'ACTIVE' || data === undefined) return last;
  if (data.status === 'INACTIVE') return undefined;
  return { ...(last ?? narrowService({ ...data, desiredCount: 0 })), status: 'DRAINING', desiredCount: 0 } as Service;
}
