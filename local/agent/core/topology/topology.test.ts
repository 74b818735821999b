import type { Deployment, RegionState, Service, TaskDefinition } from '../region-state.ts';
import { gatewayOf, nextAddress } from './addresses.ts';
import { aliasesOf, currentAliases, ingressPortsOf, reachedPort, tlsNamesOf } from './service-connect.ts';

const SUBNET = { id: 'subnet-1', vpcId: 'vpc-1', cidr: '10.0.1.0/28', zone: 'us-east-1a' };
const NAMESPACE = { id: 'ns-1', arn: 'arn:ns-1', name: 'highlands.local' };

describe('addresses', () => {
  test('the router has the first, the first four and the last are kept', () => {
    expect(gatewayOf(SUBNET)).toBe('10.0.1.1');
    expect(nextAddress(SUBNET, new Set(), undefined)).toBe('10.0.1.4');
  });

  test('an address that was given up comes round last', () => {
    expect(nextAddress(SUBNET, new Set(), '10.0.1.4')).toBe('10.0.1.5');
    expect(nextAddress(SUBNET, new Set(['10.0.1.5']), '10.0.1.4')).toBe('10.0.1.6');
    expect(nextAddress(SUBNET, new Set(), '10.0.1.14')).toBe('10.0.1.4');
  });

  test('a full subnet is named', () => {
    const used = new Set(Array.from({ length: 11 }, (_, index) => `10.0.1.${String(index + 4)}`));
    expect(() => nextAddress(SUBNET, used, undefined)).toThrow('subnet subnet-1 (10.0.1.0/28) has no free address');
  });
});

function definition(appProtocol: 'http' | 'grpc' | undefined): TaskDefinition {
  const container = {
    name: 'app',
    image: 'x',
    essential: true,
    entryPoint: undefined,
    command: undefined,
    environment: {},
    user: undefined,
    workingDirectory: undefined,
    readonlyRootFilesystem: true,
    stopTimeoutSeconds: 30,
    healthCheck: undefined,
    dependsOn: [],
    portMappings: [{ name: 'web', containerPort: 3000, appProtocol }],
  };
  return {
    arn: 'arn:td',
    family: 'f',
    revision: 1,
    cpu: 1024,
    memoryMiB: 2048,
    containers: [container],
    unsupported: [],
  };
}

function deployment(entry: Partial<NonNullable<Deployment['serviceConnect']>['services'][number]> = {}): Deployment {
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

function stateWith(deployments: readonly Deployment[], protocol: 'http' | 'grpc' | 'tcp' = 'http'): RegionState {
  const services: Service[] = deployments.map((one, index) => ({
    arn: `arn:${String(index)}`,
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
    deployments: [one],
  }));
  return {
    services,
    taskDefinitions: new Map([['arn:td', definition(protocol === 'tcp' ? undefined : protocol)]]),
    subnets: new Map(),
    vpcCidrs: new Map(),
    securityGroups: [],
    namespaces: [NAMESPACE],
    tasksToStop: new Map(),
  };
}

describe('aliases', () => {
  test('have the documented defaults', () => {
    expect(aliasesOf(NAMESPACE, stateWith([deployment()]))).toEqual([
      {
        dnsName: 'service-a',
        port: 8080,
        discoveryName: 'service-a',
        edsName: 'ns-1.service-a',
        serverName: 'service-a.highlands.local',
        testHeader: undefined,
        protocol: 'http',
        timeouts: { perRequestSeconds: 15, idleSeconds: 300 },
      },
    ]);
  });

  test('a port without appProtocol is TCP: no request timeout, an hour idle', () => {
    const [alias] = aliasesOf(NAMESPACE, stateWith([deployment({ perRequestTimeoutSeconds: 10 })], 'tcp'));
    expect(alias).toMatchObject({ protocol: 'tcp', timeouts: { perRequestSeconds: undefined, idleSeconds: 3600 } });
  });

  test('0 stays 0, and a nameless alias takes the namespace', () => {
    const [alias] = aliasesOf(
      NAMESPACE,
      stateWith([deployment({ perRequestTimeoutSeconds: 0, clientAliases: [{ dnsName: undefined, port: 80 }] })]),
    );
    expect(alias).toMatchObject({ dnsName: 'service-a.highlands.local', timeouts: { perRequestSeconds: 0 } });
  });

  test('another namespace is another world', () => {
    expect(aliasesOf({ ...NAMESPACE, id: 'ns-2', arn: 'arn:ns-2', name: 'other' }, stateWith([deployment()]))).toEqual(
      [],
    );
  });
});

describe('what a server changes reaches its callers without a deployment of theirs', () => {
  const [before] = aliasesOf(NAMESPACE, stateWith([deployment()]));
  const known = before === undefined ? [] : [before];

  test('timeouts do', () => {
    const state = stateWith([deployment({ perRequestTimeoutSeconds: 3 })]);
    expect(currentAliases(known, state)[0]?.timeouts.perRequestSeconds).toBe(3);
  });

  test('new names do not, and a name that is gone stays known', () => {
    const state = stateWith([deployment({ clientAliases: [{ dnsName: 'other', port: 8080 }] })]);
    expect(currentAliases(known, state)).toEqual(known);
  });
});

test('the authority of a name is that of the newest deployment', () => {
  const old = { ...deployment(), status: 'ACTIVE' } as const;
  const state = stateWith([deployment({ certificateAuthorityArn: 'arn:ca' })]);
  const services = state.services.map((one) => ({ ...one, deployments: [...one.deployments, old] }));
  expect(tlsNamesOf({ ...state, services })).toEqual([
    { edsName: 'ns-1.service-a', serverName: 'service-a.highlands.local', certificateAuthorityArn: 'arn:ca' },
  ]);
});

test.each([
  [undefined, { listenerPort: 15_001, intercept: true }, 3000],
  [9000, { listenerPort: 9000, intercept: false }, 9000],
])('ingress port override %s', (ingressPortOverride, expected, reached) => {
  const [ingress] = ingressPortsOf(deployment({ ingressPortOverride }), definition('http'), NAMESPACE);
  expect(ingress).toMatchObject(expected);
  expect(ingress === undefined ? undefined : reachedPort(ingress)).toBe(reached);
});
