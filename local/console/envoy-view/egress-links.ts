/** Which line of a template makes which line on the callers' side of a proxy. Pure. */
import type { Document } from '../protocol/envoy.ts';
import { API, CONNECT, ending, GUIDE, templatePlace, type Entry, type Link, type Places } from './link.ts';
import { placeOf } from './pointers.ts';

/** Places of an egress filter chain: what is below it, out of those of the whole listener. */
function inChain(places: Places, chain: string | undefined): Places {
  return chain === undefined ? [] : places.filter(({ pointer }) => pointer.startsWith(`${chain}/`));
}

/** The callers' side of an entry in this proxy. */
export function egressLinks(entry: Entry, envoy: readonly Document[]): Link[] {
  const egress = envoy.filter(({ id }) => id === 'listener egress');
  const clusters = envoy.filter(({ id }) => id === `cluster ${entry.discoveryName}`);
  const path = [...CONNECT, 'Services', entry.index];
  const chains = entry.aliases.map(({ dnsName, port }) =>
    egress
      .map(({ json }) => placeOf(json, ['filter_chains'], ({ name }) => name === `${dnsName}:${String(port)}`))
      .find((found) => found !== undefined),
  );
  const below = (...endings: readonly (readonly string[])[]): Places =>
    chains.flatMap((chain) => inChain(ending(egress, ...endings), chain));
  return [
    ...entry.aliases.flatMap(({ dnsName, port }, index): Link[] => [
      {
        template: templatePlace(entry.document, [...path, 'ClientAliases', index]),
        envoy: inChain(ending(egress, ['filter_chain_match']), chains[index]),
        says: `Calls to ${dnsName}:${String(port)} arrive here: the name has a virtual address, which is redirected to the proxy.`,
        documentation: `${API}API_ServiceConnectClientAlias.html`,
      },
    ]),
    {
      template:
        templatePlace(entry.document, [...path, 'DiscoveryName']) ??
        templatePlace(entry.document, [...path, 'PortName']),
      envoy: [...ending(clusters, ['eds_cluster_config', 'service_name']), ...below(['route', 'cluster'])],
      says: `The endpoints of ${entry.discoveryName} are its healthy tasks, taken up as they come and go.`,
      documentation: `${API}API_ServiceConnectService.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'Timeout', 'PerRequestTimeoutSeconds']),
      envoy: below(['route', 'timeout']),
      says: 'A request that takes longer ends with 504. Without a setting it is 15 seconds.',
      documentation: `${API}API_TimeoutConfiguration.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'Timeout', 'IdleTimeoutSeconds']),
      envoy: below(['stream_idle_timeout'], ['route', 'idle_timeout'], ['typed_config', 'idle_timeout']),
      says: 'A connection without traffic is closed after this time. Without a setting it is 5 minutes, for TCP an hour.',
      documentation: `${API}API_TimeoutConfiguration.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'Tls']),
      envoy: ending(clusters, ['transport_socket_matches']),
      says: 'Endpoints that take TLS are called with it, and their certificate has to carry this name.',
      documentation: `${GUIDE}service-connect-tls.html`,
    },
    {
      envoy: below(['retry_policy']),
      says: 'Two more tries on other hosts after a failed connection, a reset or a 503: a default that has no setting.',
      documentation: `${GUIDE}service-connect-concepts-deploy.html`,
    },
    {
      envoy: ending(clusters, ['outlier_detection']),
      says: 'A host with five errors in a row is left out for 30 seconds and longer: a default that has no setting.',
      documentation: `${GUIDE}service-connect-concepts-deploy.html`,
    },
    {
      envoy: ending(clusters, ['zone_aware_lb_config']),
      says: 'With enough endpoints in each zone, calls stay in their own.',
      documentation: `${GUIDE}service-connect-zone-aware-routing.html`,
    },
  ];
}
