import { USUAL_TARGET_GROUP } from '../../../aws-shapes/target-group-attributes.ts';
import { TEST_CERTIFICATE } from '../../testing/certificate.ts';
import { validate } from '../../testing/envoy.ts';
import { fakeLoadBalancer } from '../../testing/load-balancer.ts';
import { staticConfig } from '../../testing/static-config.ts';
import { edsFileName } from '../eds-names.ts';
import type { Action, Condition, Rule } from '../../../aws-shapes/listener-rule.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { ListenerTls } from '../listener-tls.ts';
import { endpointsResource } from './endpoints.ts';
import { doorBootstrap, doorsInside, doorsOutside } from './front-door.ts';
import { CLUSTERS_FILE, LISTENERS_FILE } from './discovery-response.ts';
import { loadBalancerBootstrap, loadBalancerResources } from './load-balancer.ts';
import { statusRanges } from './health-checks.ts';
import { routesOf } from './load-balancer-rules.ts';
import { patternToRegex } from './rule-conditions.ts';
import { certificateFile, certificateSecret } from './tls.ts';

const FORWARD: Action = { type: 'forward', targetGroups: [{ arn: 'arn:1', weight: 1 }] };
const NOT_FOUND: Action = { type: 'fixed-response', status: 404, contentType: 'application/json', body: '{}' };
const REDIRECT = {
  type: 'redirect',
  status: 301,
  protocol: 'HTTPS',
  host: '#{host}',
  port: '443',
  path: '/#{path}',
  query: '#{query}',
} as const;

const TLS: ListenerTls = { secretName: 'listener.1', names: ['localhost'], minimum: '1.2', maximum: '1.3' };
const fail = (_: string, message: string): never => {
  throw new Error(message);
};
const LOCAL_PORTS = new Map([
  [80, 8080],
  [443, 8081],
]);

const CONDITIONS: Condition[] = [
  { field: 'path-pattern', values: ['/a/*', '/b?'] },
  { field: 'host-header', values: ['*.example.com'] },
  { field: 'http-request-method', values: ['GET', 'POST'] },
  { field: 'http-header', name: 'X-Test', values: ['a*'] },
  {
    field: 'query-string',
    values: [
      { key: 'v', value: '1*' },
      { key: undefined, value: 'x' },
    ],
  },
];

function balancer(rules: readonly Rule[]): LoadBalancer {
  const healthCheck = {
    protocol: 'HTTP' as const,
    path: '/health',
    port: undefined,
    intervalSeconds: 10,
    timeoutSeconds: 3,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    matcher: '200-299,301',
  };
  return fakeLoadBalancer({
    listeners: [
      { port: 80, protocol: 'HTTP', tls: undefined, rules },
      { port: 443, protocol: 'HTTPS', tls: TLS, rules },
    ],
    targetGroups: [
      {
        arn: 'arn:1',
        edsName: 'tg.1',
        protocol: 'HTTP',
        protocolVersion: 'HTTP1',
        attributes: USUAL_TARGET_GROUP,
        healthCheck,
      },
      {
        arn: 'arn:2',
        edsName: 'tg.2',
        protocol: 'HTTPS',
        protocolVersion: 'HTTP1',
        attributes: USUAL_TARGET_GROUP,
        healthCheck: { ...healthCheck, protocol: 'HTTPS' },
      },
    ],
    edsDirectory: '@directory@',
    tlsDirectory: '@directory@',
  });
}

function validateWhole(of: LoadBalancer): void {
  const files = Object.fromEntries(
    ['tg.1', 'tg.2'].map((name) => [edsFileName(name), endpointsResource(name, [], 'r')]),
  );
  const secret = certificateSecret(TLS.secretName, TEST_CERTIFICATE.certificate, TEST_CERTIFICATE.privateKey);
  const all = { ...files, [certificateFile(TLS.secretName)]: secret };
  validate(staticConfig(loadBalancerResources(of, LOCAL_PORTS, fail)), all);
}

test('Envoy takes every kind of condition and action', () => {
  const weighted: Action = {
    type: 'forward',
    targetGroups: [
      { arn: 'arn:1', weight: 3 },
      { arn: 'arn:2', weight: 1 },
    ],
  };
  validateWhole(
    balancer([
      { arn: 'arn:rule', priority: 1, conditions: CONDITIONS, action: FORWARD },
      { arn: 'arn:rule', priority: 2, conditions: [], action: weighted },
      { arn: 'arn:rule', priority: 3, conditions: [], action: REDIRECT },
      { arn: 'arn:rule', priority: undefined, conditions: [], action: NOT_FOUND },
    ]),
  );
});

test('Envoy takes the bootstraps of the load balancer and of the front door', () => {
  const empty = loadBalancerResources({ ...balancer([]), listeners: [], targetGroups: [] }, LOCAL_PORTS, fail);
  const files = {
    [LISTENERS_FILE]: empty.listeners,
    [CLUSTERS_FILE]: empty.clusters,
  };
  validate(
    loadBalancerBootstrap({
      name: 'lb',
      adminSocketPath: '/tmp/highlands-validate.sock',
      configDirectory: '@directory@',
    }),
    files,
  );
  const door = {
    protocol: 'TCP_UDP',
    listen: { address: '127.0.0.1', port: 8080 },
    upstreams: [
      { address: '10.0.0.4', port: 80 },
      { address: '10.0.1.4', port: 80 },
    ],
    socketPath: '@directory@/door',
  };
  for (const { listeners, clusters } of [doorsInside([door], 'a'), doorsOutside([door])]) {
    const bootstrap = doorBootstrap('/tmp/highlands-validate.sock', '@directory@');
    validate(bootstrap, { [LISTENERS_FILE]: listeners, [CLUSTERS_FILE]: clusters });
    validate(staticConfig({ listeners, clusters }));
  }
});

test.each(['HTTP', 'HTTPS'] as const)('Envoy takes health checks of another protocol than %s', (protocol) => {
  const whole = balancer([]);
  const other = protocol === 'HTTP' ? 'HTTPS' : 'HTTP';
  const targetGroups = whole.targetGroups.map((group) => ({
    ...group,
    protocol,
    healthCheck: { ...group.healthCheck, protocol: other } as const,
  }));
  validateWhole({ ...whole, targetGroups });
});

test('a target that does not answer yet is asked again soon, whether or not its group had a request', () => {
  const { clusters } = loadBalancerResources(balancer([]), LOCAL_PORTS, fail);
  expect(JSON.parse(JSON.stringify(clusters))).toMatchObject({
    resources: [1, 2].map(() => ({
      health_checks: [
        {
          interval: '10s',
          unhealthy_interval: '1s',
          unhealthy_edge_interval: '1s',
          no_traffic_interval: '1s',
          no_traffic_healthy_interval: '10s',
        },
      ],
    })),
  });
});

function routes(conditions: readonly Condition[], action: Action): unknown[] {
  return routesOf({ arn: 'arn:rule', priority: 1, conditions, action }, balancer([]), LOCAL_PORTS, {
    port: 80,
    protocol: 'HTTP',
  });
}

test('a complaint names what cannot be done', () => {
  const withRule = (conditions: Condition[], action: Action) => () => routes(conditions, action);
  expect(withRule([{ field: 'path-pattern', values: [], regexes: ['(a'] }], FORWARD)).toThrow('no regular expression');
  expect(() => statusRanges('ok')).toThrow('matcher "ok"');
});

test.each(['(?i)^/api', '[[:alpha:]]+', '(?P<version>v[0-9]+)', '\\pN'])(
  '%s is one that JavaScript does not have',
  (regex) => {
    const condition: Condition = { field: 'path-pattern', values: [], regexes: [regex] };
    expect(JSON.stringify(routes([condition], FORWARD))).toContain(JSON.stringify(regex).slice(1, -1));
  },
);

test.each(['(a', '^/(?=x)', '(?<!a)b', '(a)\\1', 'a++', '(?>a)', '[b-a]', '(a{1,99}){1,99}'])(
  '%s is no expression of AWS',
  (regex) => {
    const condition: Condition = { field: 'path-pattern', values: [], regexes: [regex] };
    expect(() => routes([condition], FORWARD)).toThrow(`"${regex}" is no regular expression`);
  },
);

test('a rule and a target group that cannot be had are complained about, and everything else is there', () => {
  const source: Condition = { field: 'path-pattern', values: [], regexes: ['(a'] };
  const rules = [
    { arn: 'arn:odd', priority: 1, conditions: [source], action: FORWARD },
    { arn: 'arn:good', priority: 2, conditions: [], action: NOT_FOUND },
  ];
  const whole = balancer(rules);
  const [first, second] = whole.targetGroups;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const odd = { ...first, healthCheck: { ...first.healthCheck, matcher: 'ok' } };
  const complaints: string[] = [];
  const { listeners, clusters } = loadBalancerResources(
    { ...whole, targetGroups: [odd, second] },
    LOCAL_PORTS,
    (resource) => complaints.push(resource),
  );
  expect(complaints).toEqual(['arn:odd', 'arn:odd', 'arn:1']);
  expect(JSON.stringify(listeners)).toContain('"status":404');
  expect(clusters).toMatchObject({ resources: [{ name: 'tg.2' }] });
});

test('a redirect leads who came by a port of this machine to another one, and everybody else to the one of AWS', () => {
  expect(routes([], REDIRECT)).toMatchObject([
    {
      match: { headers: [{ name: ':authority', string_match: { safe_regex: { regex: '.*:(?:8080|8081)' } } }] },
      redirect: { scheme_redirect: 'https', port_redirect: 8081 },
    },
    { match: { prefix: '/' }, redirect: { scheme_redirect: 'https', port_redirect: 443 } },
  ]);
  expect(routes([], { ...REDIRECT, port: '8443' })).toHaveLength(1);
});

test('a target group with weight 0 gets nothing', () => {
  const action: Action = {
    type: 'forward',
    targetGroups: [
      { arn: 'arn:1', weight: 1 },
      { arn: 'arn:2', weight: 0 },
    ],
  };
  expect(JSON.stringify(routes([], action))).toContain('"cluster":"tg.1"');
});

test.each([
  ['200', [[200, 201]]],
  [
    '200,202',
    [
      [200, 201],
      [202, 203],
    ],
  ],
  ['200-299', [[200, 300]]],
])('matcher %s', (matcher, expected) => {
  expect(statusRanges(matcher).map(({ start, end }) => [start, end])).toEqual(expected);
});

test('a pattern is nothing but * and ?', () => {
  expect(patternToRegex('/a+(b)[c]*?')).toBe('/a\\+\\(b\\)\\[c\\].*.');
});
