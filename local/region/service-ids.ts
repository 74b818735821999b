/** What things are called on the map. */

export interface NamedService {
  readonly arn: string;
  readonly serviceName: string;
  readonly discoveryNames: readonly string[];
}

/**
 * A service's id by its ARN: its first discovery name, as long as no other service has it too; then, and for one that only
 * calls, the name that ECS has. Both are names that the command line takes.
 */
export function serviceIds(services: readonly NamedService[]): ReadonlyMap<string, string> {
  const firsts = services.map(({ discoveryNames, serviceName }) => discoveryNames[0] ?? serviceName);
  return new Map(
    services.map(({ arn, serviceName }, index) => {
      const first = firsts[index] ?? serviceName;
      const isUnique = firsts.indexOf(first) === firsts.lastIndexOf(first);
      return [arn, isUnique ? first : serviceName];
    }),
  );
}

/** No service can have a slash in its name. */
export const loadBalancerId = (name: string): string => `load-balancer/${name}`;
