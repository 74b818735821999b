/** Adds a complaint to the events of the services that it concerns. */
import type { ServiceController } from '../services/service-controller.ts';
import { servicesConcerned } from '../core/observation/concerned.ts';
import type { Service } from '../core/region-state.ts';

export interface Concerned {
  readonly services: readonly Pick<Service, 'arn' | 'loadBalancers'>[];
  /** ARNs of the load balancers of a target group. */
  readonly balancersOf: (targetGroupArn: string) => readonly string[];
  readonly controller: Pick<ServiceController, 'complainedAbout'>;
}

/** @returns whether it concerned a service */
export function tellServices(
  resource: string,
  message: string,
  { services, balancersOf, controller }: Concerned,
): boolean {
  const concerned = servicesConcerned(resource, services, balancersOf).map(({ arn }) => arn);
  // A service that can't be read is told so all the same.
  const unread = concerned.length === 0 && /^arn:[^:]*:ecs:[^:]*:[^:]*:service\//.test(resource) ? [resource] : [];
  for (const arn of [...concerned, ...unread]) controller.complainedAbout(arn, message);
  return concerned.length + unread.length > 0;
}
