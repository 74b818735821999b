/** Which line of a template makes which line of a proxy's configuration. Pure. */
import type { Document } from '../protocol/envoy.ts';
import { egressLinks } from './egress-links.ts';
import { ingressLinks } from './ingress-links.ts';
import { CONNECT, ending, GUIDE, templatePlace, type Entry, type Link } from './link.ts';

/** @param own entries of the proxy's service; @param others those of the services that it can call */
export function envoyLinks(
  service: Document | undefined,
  own: readonly Entry[],
  others: readonly Entry[],
  envoy: readonly Document[],
): Link[] {
  const links = [
    {
      template: templatePlace(service, [...CONNECT, 'AccessLogConfiguration']),
      envoy: ending(envoy, ['access_log']),
      says: 'One line for each request, in this form.',
      documentation: `${GUIDE}service-connect-envoy-access-logs.html`,
    },
    ...own.flatMap((entry) => ingressLinks(entry, envoy)),
    ...[...own, ...others].flatMap((entry) => egressLinks(entry, envoy)),
  ];
  return links.filter((link) => link.envoy.length > 0);
}
