/**
 * Service Connect's namespace as data: which aliases exist, and what a server listens on.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
import type { AppProtocol, ClientAlias, IngressPort, Timeouts } from '../mesh.ts';
import type {
  Deployment,
  Namespace,
  RegionState,
  Service,
  ServiceConnectService,
  TaskDefinition,
} from '../region-state.ts';

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

/** File stem of a discovery name's endpoints; the namespace id keeps two namespaces apart. */
export function edsNameOf(namespace: Namespace, discoveryName: string): string {
  return `${namespace.id}.${discoveryName}`;
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

/** Every alias of a namespace at this moment. A deployment keeps the list of the moment it was made. */
export function aliasesOf(namespace: Namespace, state: RegionState): ClientAlias[] {
  return state.services
    .filter((service) => service.status === 'ACTIVE')
    .flatMap((service) => {
      const deployment = primaryOf(service);
      if (deployment === undefined || namespaceOf(deployment, state.namespaces)?.id !== namespace.id) return [];
      return endpointsOf(deployment, state.taskDefinitions.get(deployment.taskDefinitionArn));
    })
    .flatMap(({ entry, protocol }) =>
      entry.clientAliases.map((alias) => ({
        dnsName: alias.dnsName ?? `${entry.discoveryName}.${namespace.name}`,
        port: alias.port,
        discoveryName: entry.discoveryName,
        edsName: edsNameOf(namespace, entry.discoveryName),
        protocol,
        timeouts: timeouts(entry, protocol),
      })),
    )
    .sort((a, b) => a.dnsName.localeCompare(b.dnsName) || a.port - b.port);
}

export function ingressPortsOf(deployment: Deployment, taskDefinition: TaskDefinition): IngressPort[] {
  return endpointsOf(deployment, taskDefinition).map(({ entry, containerPort, protocol }, index) => ({
    discoveryName: entry.discoveryName,
    containerPort,
    listenerPort: entry.ingressPortOverride ?? FIRST_LISTENER_PORT + index,
    intercept: entry.ingressPortOverride === undefined,
    protocol,
    timeouts: timeouts(entry, protocol),
  }));
}

/** The port at which other tasks reach an ingress port: the override, or the container port that is intercepted. */
export function reachedPort(ingress: IngressPort): number {
  return ingress.intercept ? ingress.containerPort : ingress.listenerPort;
}
