/** Services as the page has them, from what the AWS APIs answered. */
import type { Service as EcsService, TaskDefinition as EcsTaskDefinition } from '@aws-sdk/client-ecs';
import type { Namespace, Service as NarrowService } from '../../agent/core/region-state.ts';
import type { TaskDefinition as NarrowDefinition } from '../../agent/core/task-definition.ts';
import { ingressPortsOf, namespaceOf } from '../../agent/core/topology/service-connect.ts';
import type { Observation } from '../../region/observation.ts';
import type { Container, Deployment, Service, ServiceConnect, TaskDefinition } from '../protocol/service.ts';

export interface ReadDefinition {
  readonly raw: EcsTaskDefinition;
  readonly narrow: NarrowDefinition;
}

export interface ReadService {
  readonly raw: EcsService;
  readonly narrow: NarrowService;
}

export interface ServicesInput {
  readonly services: readonly ReadService[];
  /** By ARN. */
  readonly definitions: ReadonlyMap<string, ReadDefinition>;
  readonly namespaces: readonly Namespace[];
  readonly tasks: Observation['tasks'];
  /** Service ids by ARN. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What a value is called tells whether it is one to keep from a screen. */
const SECRET_NAME =
  /secret|token|passw|passphrase|(^|_)pass(_|$)|pwd|credential|private|keys?$|api_?key|access_?key|(^|_)auth(_|$)|authorization/i;
const MASK = '••••••••';
/** https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1 */
const PASSWORD_IN_URL = /(:\/\/[^/\s:@]*:)[^/\s@]+@/g;

const masked = (name: string, value: string): string =>
  SECRET_NAME.test(name) ? MASK : value.replaceAll(PASSWORD_IN_URL, `$1${MASK}@`);

/** A resource of a template with what sounds like a secret masked: by its name, or as a URL's password. */
export function withSecretsMasked(node: unknown): unknown {
  if (typeof node === 'string') return masked('', node);
  if (Array.isArray(node)) return node.map(withSecretsMasked);
  if (typeof node !== 'object' || node === null) return node;
  const { Name, Value } = node as { Name?: unknown; Value?: unknown };
  if (typeof Name === 'string' && Value !== undefined && SECRET_NAME.test(Name)) return { ...node, Value: MASK };
  return Object.fromEntries(
    Object.entries(node).map(([key, value]: [string, unknown]) => [key, withSecretsMasked(value)]),
  );
}

function containerOf(raw: NonNullable<EcsTaskDefinition['containerDefinitions']>[number]): Container {
  const image = raw.image ?? '';
  return {
    name: raw.name ?? '',
    image,
    imageDigest: image.split('@')[1],
    essential: raw.essential ?? true,
    environment: (raw.environment ?? []).map(({ name = '', value = '' }) => {
      const shown = masked(name, value);
      return { name, value: shown, masked: shown !== value };
    }),
    secrets: (raw.secrets ?? []).map(({ name = '', valueFrom = '' }) => ({ name, valueFrom })),
    ports: (raw.portMappings ?? []).map(({ name, containerPort = 0, appProtocol }) => ({
      name,
      containerPort,
      appProtocol,
    })),
  };
}

const revisionOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';

function definitionOf({ raw }: ReadDefinition): TaskDefinition {
  return {
    arn: raw.taskDefinitionArn ?? '',
    name: revisionOf(raw.taskDefinitionArn),
    cpu: raw.cpu,
    memoryMiB: raw.memory,
    containers: (raw.containerDefinitions ?? []).map(containerOf),
  };
}

/** The settings as they take effect, with Service Connect's defaults told apart from what the service says. */
function serviceConnectOf({ narrow }: ReadService, input: ServicesInput): ServiceConnect | undefined {
  const [primary] = narrow.deployments;
  const definition = input.definitions.get(primary?.taskDefinitionArn ?? '');
  const namespace = primary === undefined ? undefined : namespaceOf(primary, input.namespaces);
  if (primary?.serviceConnect === undefined || definition === undefined || namespace === undefined) return undefined;
  const ports = ingressPortsOf(primary, definition.narrow, namespace);
  return {
    namespace: namespace.name,
    services: primary.serviceConnect.services.flatMap((entry) => {
      const port = ports.find(({ discoveryName }) => discoveryName === entry.discoveryName);
      if (port === undefined) return [];
      const { perRequestSeconds, idleSeconds } = port.timeouts;
      return {
        portName: entry.portName,
        discoveryName: entry.discoveryName,
        clientAliases: entry.clientAliases.map((alias) => ({
          dnsName: alias.dnsName ?? `${entry.discoveryName}.${namespace.name}`,
          port: alias.port,
        })),
        ingressPortOverride: entry.ingressPortOverride,
        perRequestTimeoutSeconds:
          perRequestSeconds === undefined
            ? undefined
            : { value: perRequestSeconds, isDefault: entry.perRequestTimeoutSeconds === undefined },
        idleTimeoutSeconds: { value: idleSeconds, isDefault: entry.idleTimeoutSeconds === undefined },
        tls: port.tls,
        protocol: port.protocol,
      };
    }),
    accessLog: primary.serviceConnect.accessLog,
  };
}

function deploymentsOf(raw: EcsService, tasks: Observation['tasks']): Deployment[] {
  const states = ['IN_PROGRESS', 'COMPLETED', 'FAILED'] as const;
  return (raw.deployments ?? []).map((one) => {
    const healthy = tasks.filter(
      (task) => task.deploymentId === one.id && task.wanted && task.status === 'RUNNING' && task.health !== 'UNHEALTHY',
    );
    const desired = one.desiredCount ?? 0;
    const rolloutState = states.find((state) => state === one.rolloutState) ?? 'IN_PROGRESS';
    return {
      id: one.id ?? '',
      status: one.status ?? '',
      taskDefinition: revisionOf(one.taskDefinition),
      rolloutState,
      rolloutStateReason: one.rolloutStateReason ?? '',
      desired,
      running: one.runningCount ?? 0,
      pending: one.pendingCount ?? 0,
      failedTasks: one.failedTasks ?? 0,
      createdAt: one.createdAt?.getTime() ?? 0,
      updatedAt: one.updatedAt?.getTime() ?? 0,
      progress: rolloutState === 'COMPLETED' || desired === 0 ? 1 : Math.min(1, healthy.length / desired),
    };
  });
}

export function servicesOf(input: ServicesInput): Service[] {
  return input.services
    .map((service): Service => {
      const { raw, narrow } = service;
      const own = input.tasks.filter(({ serviceArn }) => serviceArn === narrow.arn);
      const [primary] = narrow.deployments;
      const definition = input.definitions.get(primary?.taskDefinitionArn ?? '');
      const serviceConnect = serviceConnectOf(service, input);
      const entries = serviceConnect?.services ?? [];
      const running = own.filter(({ status }) => status === 'RUNNING').length;
      return {
        id: input.ids.get(narrow.arn) ?? narrow.name,
        serviceName: narrow.name,
        arn: narrow.arn,
        cluster: narrow.clusterArn.split('/').at(-1) ?? '',
        status: narrow.status,
        discoveryNames: entries.map(({ discoveryName }) => discoveryName),
        aliases: entries.flatMap(({ clientAliases, discoveryName }) =>
          clientAliases.map((alias) => ({ ...alias, discoveryName })),
        ),
        desired: narrow.desiredCount,
        running,
        pending:
          own.filter(({ wanted }) => wanted).length -
          own.filter((one) => one.wanted && one.status === 'RUNNING').length,
        strategy: narrow.blueGreen === undefined ? 'ROLLING' : 'BLUE_GREEN',
        deployments: deploymentsOf(raw, own).sort(
          (a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'),
        ),
        taskDefinition: definition === undefined ? undefined : definitionOf(definition),
        serviceConnect,
        securityGroupIds: [...(primary?.securityGroupIds ?? [])],
        containers: [...new Set(own.flatMap(({ containers }) => containers.map(({ name }) => name)))],
        events: (raw.events ?? []).map(({ createdAt, message = '' }) => ({ at: createdAt?.getTime() ?? 0, message })),
      };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}
