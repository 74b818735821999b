import { NO_CALLS } from '../../agent/core/metrics/call-window.ts';
import type { ObservedEdge, ObservedInterval } from '../../region/observation.ts';
import { composeRegion } from './compose.ts';
import { deniedEdges } from './denied.ts';
import { edgesOf, ratesOf, secondOf } from './edges.ts';
import { serviceIds } from '../../region/service-ids.ts';
import { withSecretsMasked } from './services.ts';

const IDS = new Map([
  ['arn:b', 'b'],
  ['arn:a', 'a'],
]);
const edge = (caller: string, called: string, allowed: boolean): ObservedEdge => ({
  ...{ caller: `arn:${caller}`, called: `ns.${called}`, serverArn: `arn:${called}`, via: called },
  ...{ kind: 'service-connect', protocol: 'http', tls: false, allowed },
});
const EDGES = [edge('b', 'a', true), edge('a', 'b', false)];

function interval(at: number, requests: number, errors: number, caller = 'b'): ObservedInterval {
  const calls = {
    ...NO_CALLS,
    requests,
    responses: { ...NO_CALLS.responses, 2: requests - errors, 5: errors },
    latency: new Map([[10, requests]]),
    activeConnections: 2,
  };
  const called = caller === 'b' ? 'ns.a' : 'ns.b';
  return { at, milliseconds: 1000, edges: [{ caller: `arn:${caller}`, called, calls }], inbound: [] };
}

test('rates are those of the last seconds, and what nobody may call is no edge', () => {
  const intervals = [interval(1_000, 1_000, 1_000), ...[10, 11, 12, 13, 14].map((at) => interval(at * 1000, 10, 1))];
  expect(edgesOf(EDGES, intervals, IDS)).toMatchObject([
    { id: 'b>a', from: 'b', to: 'a', lastCallAt: 14_000, now: { requestsPerSecond: 10, errorShare: 0.1, p50Ms: 5 } },
  ]);
});

test('retries are shown apart, and what no host took is a request all the same', () => {
  const calls = { ...NO_CALLS, requests: 30, retries: 20, responses: { ...NO_CALLS.responses, 5: 10 } };
  expect(ratesOf(calls, 1000)).toMatchObject({ requestsPerSecond: 10, retriesPerSecond: 20, errorShare: 1 });
  const refused = { ...NO_CALLS, responses: { ...NO_CALLS.responses, 5: 10 } };
  expect(ratesOf(refused, 1000).requestsPerSecond).toBe(10);
});

test('a gRPC call that failed is an error, although its status is 200', () => {
  const calls = { ...NO_CALLS, requests: 10, responses: { ...NO_CALLS.responses, 2: 9, 5: 1 }, grpcFailures: 4 };
  expect(ratesOf(calls, 1000)).toMatchObject({ errorShare: 0.4, responsesPerSecond: { '2xx': 6, '5xx': 4 } });
});

test('an edge that nobody called is there if security groups allow it', () => {
  expect(edgesOf(EDGES, [], IDS)).toMatchObject([{ id: 'b>a', lastCallAt: undefined, now: { requestsPerSecond: 0 } }]);
});

test('one that is not allowed is there once it was tried', () => {
  expect(edgesOf(EDGES, [interval(1_000, 1, 1, 'a')], IDS)).toMatchObject([
    { id: 'b>a' },
    { id: 'a>b', allowed: false, now: { errorShare: 1 } },
  ]);
});

test('a second has a point for each edge that a proxy counted', () => {
  expect(secondOf(interval(1_000, 4, 1), EDGES, IDS)).toMatchObject({
    at: 1_000,
    edges: { 'b>a': { requestsPerSecond: 4, '2xx': 3, '5xx': 1, activeConnections: 2 } },
  });
});

test('denied connections have the names of both ends, and the groups that lack the rule', () => {
  const groups = new Map([['arn:a', ['sg-a']]]);
  const one = { fromArn: 'arn:a', from: '10.0.0.4', to: '10.9.9.9', port: 3000, packets: 3, firstAt: 1, lastAt: 2 };
  expect(deniedEdges([{ ...one, missing: 'egress' }], IDS, groups)).toMatchObject([
    { from: 'a', to: '10.9.9.9', securityGroupIds: ['sg-a'], packets: 3 },
  ]);
  expect(deniedEdges([{ ...one, missing: 'ingress' }], IDS, groups)).toMatchObject([{ securityGroupIds: [] }]);
});

test('two services with one discovery name keep apart', () => {
  const service = (arn: string, serviceName: string, ...discoveryNames: string[]) => ({
    arn,
    serviceName,
    discoveryNames,
  });
  expect([
    ...serviceIds([
      service('1', 'Stack1-X', 'web'),
      service('2', 'Stack2-X', 'web'),
      service('3', 'Job'),
      service('4', 'Y', 'api'),
    ]),
  ]).toEqual([
    ['1', 'Stack1-X'],
    ['2', 'Stack2-X'],
    ['3', 'Job'],
    ['4', 'api'],
  ]);
});

test.each([
  ...['DB_PASSWORD', 'DB_PASS', 'DB_PWD', 'SIGNING_KEY', 'ENCRYPTION_KEY', 'JWT_KEY', 'apiKey', 'BASIC_AUTH'].map(
    (name) => [name, 'x', '••••••••'],
  ),
  ...['RUST_LOG', 'AUTHORITY', 'BYPASS_CACHE', 'KEYSPACE'].map((name) => [name, 'x', 'x']),
  ['DATABASE_URL', 'postgres://app:p4ss@db:5432/x', 'postgres://app:••••••••@db:5432/x'],
  ['UPSTREAM', 'http://service-a:8080/@me', 'http://service-a:8080/@me'],
])('in a template, %s with %s is shown as %s', (Name, Value, shown) => {
  expect(withSecretsMasked({ Environment: [{ Name, Value }] })).toEqual({ Environment: [{ Name, Value: shown }] });
});

test('what is wrong is there, with the service whose page has it', () => {
  const moment = {
    ...{ at: 9, services: [], names: new Map(), stopped: [], awaited: new Map(), stackEvents: [] },
    stacks: [{ name: 'Shop', status: 'ROLLBACK_COMPLETE', reason: 'no image', at: 2 }],
    complaints: [{ resource: 'arn:balancer', message: 'all weights are 0', since: 1 }],
  };
  const region = composeRegion({
    ...{ at: 9, region: { regionId: 'r', startedAt: '', endpoint: '' }, controlPlaneAnswers: true, agentAnswers: true },
    aws: { services: [], definitions: new Map(), namespaces: [], loadBalancers: [], moment },
    observation: {
      ...{ at: 0, tasks: [], edges: [], denied: [], ejected: [] },
      loadBalancers: [
        { arn: 'arn:balancer', name: 'front', internetFacing: true, nodes: [], securityGroupIds: [], targetGroups: [] },
      ],
    },
    ...{
      intervals: [],
      doors: [],
      orders: { faults: {}, lostZones: [], minuteSeconds: 60, rotateCertificatesBefore: 0 },
    },
  });
  expect(region.problems).toMatchObject([
    { what: 'all weights are 0', since: 1 },
    { name: 'stack Shop', what: 'ROLLBACK_COMPLETE: no image', since: 2 },
  ]);
});
