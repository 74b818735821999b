import { TEST_CERTIFICATE } from '../../testing/certificate.ts';
import { validate } from '../../testing/envoy.ts';
import { staticConfig } from '../../testing/static-config.ts';
import { edsFileName, testEdsName } from '../eds-names.ts';
import type { AppProtocol, ClientAlias, IngressPort, Sidecar } from '../mesh.ts';
import { endpointsResource } from './endpoints.ts';
import { CLUSTERS_FILE, LISTENERS_FILE } from './discovery-response.ts';
import { faultRuntime, NO_FAULT } from './faults.ts';
import { sidecarBootstrap, sidecarResources } from './sidecar.ts';
import { certificateFile, certificateSecret, trustFile, trustSecret } from './tls.ts';

function alias(name: string, port: number, protocol: AppProtocol = 'http', perRequestSeconds = 10): ClientAlias {
  return {
    dnsName: name,
    port,
    discoveryName: name,
    edsName: `ns.${name}`,
    serverName: `${name}.ns`,
    testHeader: undefined,
    protocol,
    timeouts: { perRequestSeconds: protocol === 'tcp' ? undefined : perRequestSeconds, idleSeconds: 300 },
  };
}

function ingress(protocol: AppProtocol = 'http', overrides: Partial<IngressPort> = {}): IngressPort {
  return {
    discoveryName: 'own',
    edsName: 'ns.own',
    tls: false,
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
    tlsDirectory: '@directory@',
    configDirectory: '@directory@',
    ...overrides,
  };
}

const { certificate, privateKey, authority } = TEST_CERTIFICATE;
const FILES = Object.fromEntries(
  ['ns.own', 'ns.a', 'ns.b'].flatMap((name) => [
    [edsFileName(name), endpointsResource(name, [], 'us-east-1')],
    [edsFileName(testEdsName(name)), endpointsResource(testEdsName(name), [], 'us-east-1')],
    [trustFile(name), trustSecret(name, authority)],
    [certificateFile(name), certificateSecret(name, certificate, privateKey)],
  ]),
);
const VARIANTS: [string, Partial<Sidecar>][] = [
  ['http with a JSON log', {}],
  ['a text log with query parameters', { accessLog: { format: 'TEXT', includeQueryParameters: true } }],
  ['no log', { accessLog: undefined }],
  ['http2', { aliases: [alias('a', 8080, 'http2')], ingress: [ingress('http2')] }],
  ['grpc', { aliases: [alias('a', 8080, 'grpc')], ingress: [ingress('grpc')] }],
  ['tcp', { aliases: [alias('a', 8080, 'tcp')], ingress: [ingress('tcp')] }],
  ['a client only', { ingress: [] }],
  ['a server in an empty namespace', { aliases: [] }],
  [
    'two ports of one name',
    { aliases: [alias('a', 8080), { ...alias('a', 9090), discoveryName: 'b', edsName: 'ns.b' }] },
  ],
  ['timeouts turned off', { aliases: [alias('a', 8080, 'http', 0)] }],
  ['TLS on its own port', { ingress: [ingress('http', { tls: true })] }],
  ['TLS over TCP', { ingress: [ingress('tcp', { tls: true })] }],
  [
    'test headers of blue/green deployments',
    {
      aliases: [
        { ...alias('a', 8080), testHeader: { name: 'x-amzn-ecs-blue-green-test', exact: undefined } },
        { ...alias('b', 8081, 'grpc'), testHeader: { name: 'x-test', exact: 'green' } },
      ],
    },
  ],
  ['an ingress port override', { ingress: [ingress('http', { listenerPort: 9000, intercept: false })] }],
];

test.each(VARIANTS)('Envoy takes %s', (_, overrides) => {
  const whole = sidecar(overrides);
  const resources = sidecarResources(whole);
  validate(staticConfig(resources), FILES);
  const files = { ...FILES, [LISTENERS_FILE]: resources.listeners, [CLUSTERS_FILE]: resources.clusters };
  validate(sidecarBootstrap(whole), files);
});

function text(overrides: Partial<Sidecar> = {}): string {
  return JSON.stringify(sidecarResources(sidecar(overrides)));
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
    { address: '10.0.0.4', port: 3000, zone: 'a', tls: false },
    { address: '10.0.0.5', port: 3000, zone: 'b', tls: true },
  ] as const;
  expect(endpointsResource('x', [one, two], 'r')).toEqual(endpointsResource('x', [two, one], 'r'));
  expect(endpointsResource('x', [one], 'r')['version_info']).not.toBe(
    endpointsResource('x', [two], 'r')['version_info'],
  );
});

test('TLS is 1.3 and the name of the called service, on endpoints that have it', () => {
  const config = text({ ingress: [ingress('http', { tls: true })] });
  expect(config.match(/"tls_minimum_protocol_version":"TLSv1_3"/g)).toHaveLength(3);
  expect(config).toContain('"match_typed_subject_alt_names":[{"san_type":"DNS","matcher":{"exact":"a.ns"}}]');
  const marked = endpointsResource('x', [{ address: '10.0.0.4', port: 3000, zone: 'a', tls: true }], 'r');
  expect(JSON.stringify(marked)).toContain('"envoy.transport_socket_match":{"tls":"true"}');
});

test('a request with the test header goes to the revision under test, all others do not', () => {
  const header = { name: 'x-test', exact: 'green' };
  const config = text({ aliases: [{ ...alias('a', 8080), testHeader: header }] });
  expect(config).toContain(
    '"headers":[{"name":"x-test","string_match":{"exact":"green"}}]},"route":{"cluster":"a-test"',
  );
  expect(config).toContain('{"match":{"prefix":"/"},"route":{"cluster":"a"');
  expect(config).toContain('"service_name":"ns.a.test"');
});

test('a fault is at rest until its runtime values say otherwise, and empty ones end it', () => {
  expect(text()).toContain('"http_status":503,"percentage":{"numerator":0');
  expect(Object.values(faultRuntime(NO_FAULT))).toEqual(['', '', '', '']);
  expect(faultRuntime({ abort: { status: 500, percent: 30 }, delay: undefined })).toMatchObject({
    'fault.http.abort.abort_percent': '30',
    'fault.http.abort.http_status': '500',
  });
});

test('no list of endpoints is read again because another one changed: each has a directory of its own', () => {
  interface Eds {
    readonly eds_config: { readonly path_config_source: { readonly watched_directory: { readonly path: string } } };
  }
  const resources = sidecarResources(sidecar()).clusters['resources'] as { readonly eds_cluster_config?: Eds }[];
  const watched = resources.flatMap(
    ({ eds_cluster_config: eds }) => eds?.eds_config.path_config_source.watched_directory.path ?? [],
  );
  expect(watched).toHaveLength(2);
  expect(watched[0]).not.toBe(watched[1]);
});
