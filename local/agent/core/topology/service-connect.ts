/**
 * Service Connect's namespace as data: which aliases exist, and what a server listens on.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
import type { AppProtocol, ClientAlias, IngressPort, TestHeader, Timeouts } from '../mesh.ts';
import type { Deployment, Namespace, RegionState, Service, ServiceConnectService } from '../region-state.ts';
import type { TaskDefinition } from '../task-definition.ts';

/** Ingress listeners get ports from here up: below the kernel's ephemeral range, above what applications use. */
const FIRST_LISTENER_PORT = 15_001;
export const EGRESS_PORT = 15_000;

/** The documented defaults: 15 s a request; idle 5 minutes for HTTP, HTTP/2 and gRPC, 1 hour for TCP. */
function timeouts(entry: ServiceConnectService, protocol: AppProtocol): Timeouts {
  const idle = protocol === 'tcp' ? 3600 : 300;
  return {
    perRequestSeconds: protocol === 'tcp' ? undefined : (entry.perRequestTimeoutSeconds ?? 15),
    idleSeconds: entry.idleTimeoutSeconds ?? idle,
  };
}

export function namespaceOf(deployment: Deployment, namespaces: readonly Namespace[]): Namespace | undefined {
  const wanted = deployment.serviceConnect?.namespace;
  return namespaces.find((namespace) => namespace.arn === wanted || namespace.name === wanted);
}

/** The name in a server's certificate. AWS documents none; this one can't be taken for another service's. */
function serverNameOf(namespace: Namespace, discoveryName: string): string {
  return `${discoveryName}.${namespace.name}`;
}

/** File stem of a discovery name's endpoints; the namespace id keeps two namespaces apart. */
export function edsNameOf(namespace: Namespace, discoveryName: string): string {
  return `${namespace.id}.${discoveryName}`;
}

/** The list of a client-only service's own tasks, which nobody sends requests to. */
export function clientEdsName(namespace: Namespace, serviceName: string): string {
  return `${namespace.id}.client.${serviceName}`;
}

interface Endpoint {
  readonly entry: ServiceConnectService;
  readonly containerPort: number;
  readonly protocol: AppProtocol;
}

/** The Service Connect entries of a deployment with the port mappings that they name. */
function endpointsOf(deployment: Deployment, taskDefinition: TaskDefinition | undefined): Endpoint[] {
  const ports = taskDefinition?.containers.flatMap((container) => container.portMappings) ?? [];
  return (deployment.serviceConnect?.services ?? []).flatMap((entry) => {
    const port = ports.find((mapping) => mapping.name === entry.portName);
    return port === undefined
      ? []
      : [{ entry, containerPort: port.containerPort, protocol: port.appProtocol ?? 'tcp' }];
  });
}

function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html: the header without a rule */
const DEFAULT_TEST_HEADER: TestHeader = { name: 'x-amzn-ecs-blue-green-test', exact: undefined };

function testHeaderOf(entry: ServiceConnectService, service: Service): TestHeader | undefined {
  return service.blueGreen === undefined ? undefined : (entry.testHeader ?? DEFAULT_TEST_HEADER);
}

/** Every alias of a namespace at this moment. A deployment keeps the list of the moment it was made. */
export function aliasesOf(namespace: Namespace, state: RegionState): ClientAlias[] {
  return state.services
    .filter((service) => service.status === 'ACTIVE')
    .flatMap((service) => {
      const deployment = primaryOf(service);
      if (deployment === undefined || namespaceOf(deployment, state.namespaces)?.id !== namespace.id) return [];
      const definition = state.taskDefinitions.get(deployment.taskDefinitionArn);
      return endpointsOf(deployment, definition).map((endpoint) => ({ ...endpoint, service }));
    })
    .flatMap(({ entry, protocol, service }) =>
      entry.clientAliases.map((alias) => ({
        dnsName: alias.dnsName ?? `${entry.discoveryName}.${namespace.name}`,
        port: alias.port,
        discoveryName: entry.discoveryName,
        edsName: edsNameOf(namespace, entry.discoveryName),
        serverName: serverNameOf(namespace, entry.discoveryName),
        protocol,
        timeouts: timeouts(entry, protocol),
        testHeader: protocol === 'tcp' ? undefined : testHeaderOf(entry, service),
      })),
    )
    .sort((a, b) => a.dnsName.localeCompare(b.dnsName) || a.port - b.port);
}

/**
 * The aliases of a deployment as they are now: which names there are was fixed when the deployment was made, how each is
 * called (timeouts, test header) is the server's to change.
 */
export function currentAliases(aliases: readonly ClientAlias[], state: RegionState): ClientAlias[] {
  const keyOf = ({ edsName, dnsName, port }: ClientAlias) => `${edsName} ${dnsName}:${String(port)}`;
  const now = new Map(
    state.namespaces.flatMap((namespace) => aliasesOf(namespace, state)).map((alias) => [keyOf(alias), alias]),
  );
  return aliases.map((alias) => now.get(keyOf(alias)) ?? alias);
}

export interface Server {
  readonly service: Service;
  readonly discoveryName: string;
  /** Unknown when its task definition is missing. */
  readonly protocol: AppProtocol | undefined;
}

/** Who serves each discovery name, by the name of its endpoints: a discovery name alone may exist in two namespaces. */
export function serversOf(state: RegionState | undefined): ReadonlyMap<string, Server> {
  const servers = (state?.services ?? []).flatMap((service) =>
    [...service.deployments].reverse().flatMap((deployment) => {
      const namespace = namespaceOf(deployment, state?.namespaces ?? []);
      if (namespace === undefined) return [];
      const endpoints = endpointsOf(deployment, state?.taskDefinitions.get(deployment.taskDefinitionArn));
      return (deployment.serviceConnect?.services ?? []).map((entry) => {
        const { discoveryName } = entry;
        const protocol = endpoints.find((endpoint) => endpoint.entry === entry)?.protocol;
        return [edsNameOf(namespace, discoveryName), { service, discoveryName, protocol }] as const;
      });
    }),
  );
  return new Map(servers);
}

export interface TlsName {
  readonly edsName: string;
  readonly serverName: string;
  /** What the certificate is good for as well. */
  readonly otherNames?: readonly string[];
  readonly certificateAuthorityArn: string | undefined;
}

/** The authority that signs for each discovery name, as the PRIMARY deployment has it. */
export function tlsNamesOf(state: RegionState): TlsName[] {
  const names = state.services.flatMap((service) =>
    [...service.deployments].reverse().flatMap((deployment) => {
      const namespace = namespaceOf(deployment, state.namespaces);
      if (namespace === undefined) return [];
      return (deployment.serviceConnect?.services ?? []).map(({ discoveryName, certificateAuthorityArn }) => ({
        edsName: edsNameOf(namespace, discoveryName),
        serverName: serverNameOf(namespace, discoveryName),
        certificateAuthorityArn,
      }));
    }),
  );
  return [...new Map(names.map((name) => [name.edsName, name])).values()];
}

export function ingressPortsOf(
  deployment: Deployment,
  taskDefinition: TaskDefinition,
  namespace: Namespace,
): IngressPort[] {
  return endpointsOf(deployment, taskDefinition).map(({ entry, containerPort, protocol }, index) => ({
    discoveryName: entry.discoveryName,
    edsName: edsNameOf(namespace, entry.discoveryName),
    containerPort,
    listenerPort: entry.ingressPortOverride ?? FIRST_LISTENER_PORT + index,
    intercept: entry.ingressPortOverride === undefined,
    protocol,
    timeouts: timeouts(entry, protocol),
    tls: entry.certificateAuthorityArn !== undefined,
  }));
}

/** The port at which other tasks reach an ingress port: the override, or the container port that is intercepted. */
export function reachedPort(ingress: IngressPort): number {
  return ingress.intercept ? ingress.containerPort : ingress.listenerPort;
}
