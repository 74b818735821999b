/** A region with services that have one Service Connect port, as small as it goes. */
import { containerDefinition } from './container-definition.ts';
import { NO_NAMES } from '../core/names/region-names.ts';
import type { PlannerSettings } from '../core/topology/task-planner.ts';
import type { Deployment, RegionState, Service } from '../core/region-state.ts';
import type { TaskDefinition } from '../core/task-definition.ts';

export const SUBNET = { id: 'subnet-1', vpcId: 'vpc-1', cidr: '10.0.1.0/28', zone: 'us-east-1a' };
export const NAMESPACE = { id: 'ns-1', arn: 'arn:ns-1', name: 'highlands.local' };

export function definition(appProtocol: 'http' | 'grpc' | undefined): TaskDefinition {
  const portMappings = [{ name: 'web', containerPort: 3000, appProtocol }];
  return {
    arn: 'arn:td',
    family: 'f',
    revision: 1,
    cpu: 1024,
    memoryMiB: 2048,
    containers: [containerDefinition({ portMappings })],
    unsupported: [],
  };
}

export function deployment(
  entry: Partial<NonNullable<Deployment['serviceConnect']>['services'][number]> = {},
): Deployment {
  const services = [
    {
      portName: 'web',
      discoveryName: 'service-a',
      clientAliases: [{ dnsName: 'service-a', port: 8080 }],
      ingressPortOverride: undefined,
      idleTimeoutSeconds: undefined,
      perRequestTimeoutSeconds: undefined,
      certificateAuthorityArn: undefined,
      testHeader: undefined,
      ...entry,
    },
  ];
  return {
    id: 'd',
    status: 'PRIMARY',
    taskDefinitionArn: 'arn:td',
    rolloutState: 'COMPLETED',
    subnetIds: [SUBNET.id],
    securityGroupIds: [],
    serviceConnect: { namespace: NAMESPACE.arn, services, accessLog: undefined },
  };
}

/** A deployment under way, without Service Connect. */
export const deploymentWith = (id: string, overrides: Partial<Deployment> = {}): Deployment => ({
  ...{ id, status: 'PRIMARY', taskDefinitionArn: `arn:${id}`, rolloutState: 'IN_PROGRESS' },
  ...{ subnetIds: [SUBNET.id], securityGroupIds: [], serviceConnect: undefined },
  ...overrides,
});

/** A service of one task that has nothing special, but for what is given. */
export const serviceWith = (overrides: Partial<Service>): Service => ({
  arn: 'arn:service',
  name: 'a',
  clusterArn: 'arn:cluster/c',
  status: 'ACTIVE',
  desiredCount: 1,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  blueGreen: undefined,
  circuitBreaker: { enable: true, rollback: true },
  capacityProviders: [],
  executeCommand: false,
  healthCheckGracePeriodSeconds: 0,
  loadBalancers: [],
  registries: [],
  deployments: [],
  ...overrides,
});

export function stateWith(deployments: readonly Deployment[], protocol: 'http' | 'grpc' | 'tcp' = 'http'): RegionState {
  const services = deployments.map((one, index) => serviceWith({ arn: `arn:${String(index)}`, deployments: [one] }));
  return {
    services,
    taskDefinitions: new Map([['arn:td', definition(protocol === 'tcp' ? undefined : protocol)]]),
    subnets: new Map([[SUBNET.id, SUBNET]]),
    vpcCidrs: new Map(),
    ...{ routeTables: [], vpcEndpoints: [], securityGroups: [] },
    namespaces: [NAMESPACE],
    names: NO_NAMES,
    taskOrders: [],
    tasksToStop: new Map(),
  };
}

/** Where a plan puts its files, in tests that write none. */
export const PLANNER_SETTINGS: PlannerSettings = {
  ...{ region: 'us-east-1', runDirectory: '/run', logDirectory: '/log' },
  ...{ edsDirectory: '/eds', tlsDirectory: '/tls', socketDirectory: '/s' },
};
