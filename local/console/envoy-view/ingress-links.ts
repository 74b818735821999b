/** Which line of a template makes which line on the called side of a proxy. Pure. */
import type { Document } from '../protocol/envoy.ts';
import { API, CONNECT, ending, ENVOY, GUIDE, templatePlace, type Entry, type Link } from './link.ts';
import { placeOf, valueAt } from './pointers.ts';

/** The side of the called: only for the proxy's own service. */
export function ingressLinks(entry: Entry, envoy: readonly Document[]): Link[] {
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
