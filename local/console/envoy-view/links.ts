/** Which line of a template makes which line of a proxy's configuration. Pure. */
import type { Document, EnvoyView } from '../protocol/envoy.ts';
import { placeOf, placesEnding, pointerTo, valueAt } from './pointers.ts';

type Link = EnvoyView['links'][number];
type Places = Link['envoy'];

/** One entry of `ServiceConnectConfiguration.Services`, its names resolved, with where its template lies. */
export interface Entry {
  readonly discoveryName: string;
  readonly portName: string;
  readonly containerPort: number;
  /** Document of the service that it belongs to, and its index there; absent when no stack made the service. */
  readonly document: Document | undefined;
  readonly index: number;
  readonly aliases: readonly { readonly dnsName: string; readonly port: number }[];
  /** Document of the task definition. */
  readonly taskDefinition: Document | undefined;
}

const CONNECT = ['Properties', 'ServiceConnectConfiguration'];
const API = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/';
const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/';
const ENVOY = 'https://www.envoyproxy.io/docs/envoy/latest/';

/** A place in a template when somebody set something there. */
function templatePlace(document: Document | undefined, path: readonly (string | number)[]): Link['template'] {
  if (document === undefined || valueAt(document.json, path) === undefined) return undefined;
  return { document: document.id, pointer: pointerTo(path) };
}

function ending(documents: readonly Document[], ...endings: readonly (readonly string[])[]): Places {
  return documents.flatMap(({ id, json }) =>
    endings.flatMap((keys) => placesEnding(json, keys)).map((pointer) => ({ document: id, pointer })),
  );
}

/** Places of an egress filter chain: what is below it, out of those of the whole listener. */
function inChain(places: Places, chain: string | undefined): Places {
  return chain === undefined ? [] : places.filter(({ pointer }) => pointer.startsWith(`${chain}/`));
}

/** The callers' side of an entry in this proxy. */
function egressLinks(entry: Entry, envoy: readonly Document[]): Link[] {
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

/** The side of the called: only for the proxy's own service. */
function ingressLinks(entry: Entry, envoy: readonly Document[]): Link[] {
  const ingress = envoy.filter(({ id }) => id === `listener ingress-${entry.discoveryName}`);
  const application = envoy.filter(({ id }) => id === `cluster app_${String(entry.containerPort)}`);
  const path = [...CONNECT, 'Services', entry.index];
  const { taskDefinition } = entry;
  const containers = valueAt(taskDefinition?.json, ['Properties', 'ContainerDefinitions']);
  const mapping = (Array.isArray(containers) ? containers : [])
    .map((_, index) =>
      placeOf(
        taskDefinition?.json,
        ['Properties', 'ContainerDefinitions', String(index), 'PortMappings'],
        ({ Name }) => Name === entry.portName,
      ),
    )
    .find((found) => found !== undefined);
  return [
    {
      template:
        taskDefinition === undefined || mapping === undefined
          ? undefined
          : { document: taskDefinition.id, pointer: mapping },
      envoy: [
        ...ending(application, ['socket_address', 'port_value'], ['typed_extension_protocol_options']),
        ...ending(ingress, ['filters', '0', 'name']),
      ],
      says: 'Requests are handed to the application on loopback; appProtocol decides how they are understood.',
      documentation: `${API}API_PortMapping.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'IngressPortOverride']),
      envoy: ending(ingress, ['address', 'socket_address', 'port_value']),
      says: 'Where the proxy listens. Without a setting it takes a free port and gets what is sent to the container port.',
      documentation: `${API}API_ServiceConnectService.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'Timeout', 'PerRequestTimeoutSeconds']),
      envoy: ending(ingress, ['route', 'timeout']),
      says: "The server's side ends a request after the same time.",
      documentation: `${API}API_TimeoutConfiguration.html`,
    },
    {
      template: templatePlace(entry.document, [...path, 'Tls']),
      envoy: ending(ingress, ['transport_socket']),
      says: 'The proxy takes TLS and nothing else, with a certificate of the private authority.',
      documentation: `${GUIDE}service-connect-tls.html`,
    },
    {
      envoy: ending(ingress, ['http_filters', '0']),
      says: 'At rest. `highlands fault` sets it off; Service Connect has no such filter.',
      documentation: `${ENVOY}configuration/http/http_filters/fault_filter`,
    },
  ];
}

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
