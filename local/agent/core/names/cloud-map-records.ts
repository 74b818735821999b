/**
 * The records that Cloud Map makes of the instances of a service:
 * https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html
 * https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
 */
import type { DiscoveryInstance, DiscoveryService } from './region-names.ts';
import { fullName, type ZoneRecords, type ZoneSet } from './zone-file.ts';

/** What an instance is where the value of a record comes from one attribute. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  A: 'AWS_INSTANCE_IPV4',
  AAAA: 'AWS_INSTANCE_IPV6',
  CNAME: 'AWS_INSTANCE_CNAME',
};

function valueOf(type: string, { id, attributes }: DiscoveryInstance, serviceName: string): string | undefined {
  const port = attributes['AWS_INSTANCE_PORT'];
  // "The values of priority and weight are both set to 1"
  if (type === 'SRV') return port === undefined ? undefined : `1 1 ${port} ${id}.${serviceName}`;
  const attribute = ATTRIBUTES[type];
  const value = attribute === undefined ? undefined : attributes[attribute];
  return value !== undefined && type === 'CNAME' ? fullName(value) : value;
}

/** Each host that an SRV record names has its addresses. */
function hostRecords({ id, attributes }: DiscoveryInstance, serviceName: string, ttl: number): ZoneRecords[] {
  return ['A', 'AAAA'].flatMap((type): ZoneRecords[] => {
    const value = attributes[ATTRIBUTES[type] ?? ''];
    return value === undefined
      ? []
      : [{ name: `${id}.${serviceName}`, type, policy: 'simple', sets: [{ ttl, values: [value] }] }];
  });
}

/**
 * @param instances those that are to be found
 * @param addressesOf the addresses of a load balancer, by its name
 */
export function cloudMapRecords(
  service: DiscoveryService,
  instances: readonly DiscoveryInstance[],
  namespace: string,
  addressesOf: (name: string) => readonly string[] | undefined,
): ZoneRecords[] {
  const name = fullName(`${service.name}.${namespace}`);
  const policy = service.routingPolicy === 'WEIGHTED' ? 'weighted' : 'multivalue';
  return service.records.flatMap(({ type, ttl }) => {
    const sets = instances.flatMap((instance): ZoneSet[] => {
      const alias = instance.attributes['AWS_ALIAS_DNS_NAME'];
      const value = valueOf(type, instance, name);
      const aliased = alias !== undefined && type === 'A' ? (addressesOf(alias) ?? []) : [];
      const values = alias === undefined && value !== undefined ? [value] : aliased;
      return values.length === 0 ? [] : [{ ttl, values, healthy: instance.healthy }];
    });
    if (sets.length === 0) return [];
    const hosts = type === 'SRV' ? instances.flatMap((instance) => hostRecords(instance, name, ttl)) : [];
    return [{ name, type, policy, sets }, ...hosts];
  });
}
