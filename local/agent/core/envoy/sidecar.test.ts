import { validate } from '../../testing/envoy.ts';
import type { AppProtocol, ClientAlias, IngressPort, Sidecar } from '../mesh.ts';
import { endpointsResource } from './endpoints.ts';
import { sidecarBootstrap } from './sidecar.ts';

function alias(name: string, port: number, protocol: AppProtocol = 'http', perRequestSeconds = 10): ClientAlias {
  return {
    dnsName: name,
    port,
    discoveryName: name,
    edsName: `ns.${name}`,
    protocol,
    timeouts: { perRequestSeconds: protocol === 'tcp' ? undefined : perRequestSeconds, idleSeconds: 300 },
  };
}

function ingress(protocol: AppProtocol = 'http', overrides: Partial<IngressPort> = {}): IngressPort {
  return {
    discoveryName: 'own',
    containerPort: 3000,
    listenerPort: 15_001,
    intercept: true,
    protocol,
    timeouts: { perRequestSeconds: protocol === 'tcp' ? undefined : 10, idleSeconds: 300 },
    ...overrides,
  };
}

function sidecar(overrides: Partial<Sidecar> = {}): Sidecar {
  return {
    taskId: 't',
    clusterName: 'c',
    serviceName: 's',
    region: 'us-east-1',
    zone: 'us-east-1a',
    zoneCount: 2,
    egressPort: 15_000,
    aliases: [alias('a', 8080), alias('b', 8081)],
    ingress: [ingress()],
    localEdsName: 'ns.own',
    accessLog: { format: 'JSON', includeQueryParameters: false },
    vpcCidrs: ['10.0.0.0/16'],
    adminSocketPath: '/tmp/highlands-validate.sock',
    edsDirectory: '@directory@',
    ...overrides,
  };
}

const EDS = Object.fromEntries(
  ['own', 'a', 'b'].map((name) => [`ns.${name}.json`, endpointsResource(`ns.${name}`, [], 'us-east-1')]),
);
const VARIANTS: [string, Partial<Sidecar>][] = [
  ['http with a JSON log', {}],
  ['a text log with query parameters', { accessLog: { format: 'TEXT', includeQueryParameters: true } }],
  ['no log', { accessLog: undefined }],
  ['http2', { aliases: [alias('a', 8080, 'http2')], ingress: [ingress('http2')] }],
  ['grpc', { aliases: [alias('a', 8080, 'grpc')], ingress: [ingress('grpc')] }],
  ['tcp', { aliases: [alias('a', 8080, 'tcp')], ingress: [ingress('tcp')] }],
  ['a client only', { ingress: [], localEdsName: undefined }],
  ['a server in an empty namespace', { aliases: [] }],
  [
    'two ports of one name',
    { aliases: [alias('a', 8080), { ...alias('a', 9090), discoveryName: 'b', edsName: 'ns.b' }] },
  ],
  ['timeouts turned off', { aliases: [alias('a', 8080, 'http', 0)] }],
  ['an ingress port override', { ingress: [ingress('http', { listenerPort: 9000, intercept: false })] }],
];

test.each(VARIANTS)('Envoy takes %s', (_, overrides) => {
  validate(sidecarBootstrap(sidecar(overrides)), EDS);
});

function text(overrides: Partial<Sidecar> = {}): string {
  return JSON.stringify(sidecarBootstrap(sidecar(overrides)));
}

test('a request is tried again twice, on another host, after failures to connect, resets and 503', () => {
  expect(text()).toContain(
    '"retry_on":"connect-failure,refused-stream,reset,retriable-status-codes","retriable_status_codes":[503],"num_retries":2',
  );
  expect(text()).toContain('previous_hosts');
});

test('the request timeout is the template’s, and 0 turns it off', () => {
  expect(text()).toContain('"timeout":"10s"');
  expect(text({ aliases: [alias('a', 8080, 'http', 0)], ingress: [] })).toContain('"timeout":"0s"');
});

test('zone-aware routing begins at two endpoints for each zone', () => {
  expect(text()).toContain('"min_cluster_size":4');
  expect(text({ zoneCount: 3 })).toContain('"min_cluster_size":6');
});

test('each name has its own virtual address, and its port', () => {
  expect(text()).toContain(
    '{"destination_port":8080,"prefix_ranges":[{"address_prefix":"127.255.0.1","prefix_len":32}]}',
  );
  expect(text()).toContain(
    '{"destination_port":8081,"prefix_ranges":[{"address_prefix":"127.255.0.2","prefix_len":32}]}',
  );
});

test('the access log drops the query unless asked for', () => {
  expect(text()).toContain('"path":"%PATH(NQ:ORIG_OR_PATH)%"');
  expect(text({ accessLog: { format: 'JSON', includeQueryParameters: true } })).toContain(
    '"path":"%PATH(WQ:ORIG_OR_PATH)%"',
  );
});

test('endpoints are the same for the same backends in any order', () => {
  const [one, two] = [
    { address: '10.0.0.4', port: 3000, zone: 'a' },
    { address: '10.0.0.5', port: 3000, zone: 'b' },
  ] as const;
  expect(endpointsResource('x', [one, two], 'r')).toEqual(endpointsResource('x', [two, one], 'r'));
  expect(endpointsResource('x', [one], 'r')['version_info']).not.toBe(
    endpointsResource('x', [two], 'r')['version_info'],
  );
});
