/** Addresses that a request can go to, by where it comes from. Pure. */
import type { Region } from '../../protocol.ts';

/**
 * The load balancer as this machine reaches it; or, from a task, every name of Service Connect: first of what it calls,
 * its own last. `localhost` would be the task itself.
 * @param from a service's id; empty for this machine
 */
export function targetsFrom(
  from: string,
  { loadBalancers, services, edges }: Pick<Region, 'loadBalancers' | 'services' | 'edges'>,
): string[] {
  if (from === '') return loadBalancers.flatMap(({ url }) => (url === undefined ? [] : [`${url.replace(/\/$/, '')}/`]));
  const called = new Set(edges.filter((edge) => edge.from === from).map(({ to }) => to));
  const distance = ({ id }: { id: string }): number => (id === from ? 2 : called.has(id) ? 0 : 1);
  return [...services]
    .sort((a, b) => distance(a) - distance(b))
    .flatMap(({ aliases }) => aliases.map(({ dnsName, port }) => `http://${dnsName}:${String(port)}/`));
}
