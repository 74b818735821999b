/** Whom a complaint concerns. */
import type { Service } from '../region-state.ts';

/** `app/<name>/<id>`, which the ARNs of a load balancer, its listeners and their rules have in common. */
const balancerIn = (arn: string): string | undefined =>
  /:(?:loadbalancer|listener|listener-rule)\/(app\/[^/]+\/[^/]+)/.exec(arn)?.[1];

/**
 * The services that a complaint is told to: the service itself, or those with tasks behind the load balancer.
 * @param balancersOf ARNs of the load balancers of a target group
 */
export function servicesConcerned<S extends Pick<Service, 'arn' | 'loadBalancers'>>(
  resource: string,
  services: readonly S[],
  balancersOf: (targetGroupArn: string) => readonly string[],
): S[] {
  const balancer = balancerIn(resource);
  return services.filter(
    ({ arn, loadBalancers }) =>
      arn === resource ||
      loadBalancers
        .flatMap(({ targetGroupArn, shift }) => [
          targetGroupArn,
          ...(shift === undefined ? [] : [shift.alternateTargetGroupArn]),
        ])
        .some(
          (group) =>
            group === resource ||
            (balancer !== undefined && balancersOf(group).some((one) => balancerIn(one) === balancer)),
        ),
  );
}
