/**
 * What a load balancer of AWS does, as tests here have it: docs/load-balancer.md is written from it by `npm run support`. Each
 * row is called as its test, and a test that has no row fails.
 */
import { basename } from 'node:path';

const NETWORK_GUIDE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network';
const GUIDE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application';
const PAGES = {
  conditions: ['Condition types', `${GUIDE}/rule-condition-types.html`],
  actions: ['Action types', `${GUIDE}/rule-action-types.html`],
  headers: ['X-Forwarded headers', `${GUIDE}/x-forwarded-headers.html`],
  tracing: ['Request tracing', `${GUIDE}/load-balancer-request-tracing.html`],
  checks: ['Health checks', `${GUIDE}/target-group-health-checks.html`],
  errors: ['Troubleshooting', `${GUIDE}/load-balancer-troubleshooting.html`],
  limits: ['Quotas', `${GUIDE}/load-balancer-limits.html`],
  attributes: ['Attributes', `${GUIDE}/edit-load-balancer-attributes.html`],
  balancers: ['Load balancers', `${GUIDE}/application-load-balancers.html`],
  listeners: ['Listeners', `${GUIDE}/load-balancer-listeners.html`],
  groups: ['Target groups', `${GUIDE}/load-balancer-target-groups.html`],
  group: ['Target group attributes', `${GUIDE}/edit-target-group-attributes.html`],
  connect: [
    'Service Connect',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html',
  ],
  networkListeners: ['Listeners of an NLB', `${NETWORK_GUIDE}/load-balancer-listeners.html`],
  networkGroups: ['Target groups of an NLB', `${NETWORK_GUIDE}/load-balancer-target-groups.html`],
  networkGroup: ['Attributes of an NLB’s target groups', `${NETWORK_GUIDE}/edit-target-group-attributes.html`],
} as const;

export interface Row {
  readonly test: string;
  readonly page: readonly [title: string, address: string];
  /** What is different here on purpose, or not known of AWS. */
  readonly differs?: string | undefined;
}
type Short = readonly [test: string, page: keyof typeof PAGES, differs?: string];

const ROWS: Readonly<Record<string, readonly Short[]>> = {
  'rules-in-envoy.test.ts': [
    ['a path pattern sees the path alone', 'conditions'],
    ['a path pattern has wildcards', 'conditions'],
    [
      'an expression of the path is found anywhere in it',
      'conditions',
      'RE2 is what AWS’s syntax is, its engine is not named',
    ],
    ['an expression of the path does not see the query', 'conditions'],
    ['an expression of the path ends with the path', 'conditions'],
    ['$ is the end of the path', 'conditions'],
    ['a path that an expression does not match goes on', 'conditions'],
    ['an expression of the path is not looked for in the query', 'conditions'],
    ['a host is compared without regard to case', 'conditions'],
    ['a host is compared without its port', 'conditions'],
    ['^ is the beginning of the host', 'conditions'],
    ['an expression of a header matches its value', 'conditions'],
    ['an expression of a header ends where it says', 'conditions'],
    ['a header is compared without regard to case, with wildcards', 'conditions'],
    ['a query string is compared without regard to case', 'conditions'],
    ['a query string is found among others', 'conditions'],
    ['? is one character of one value', 'conditions'],
    ['\\* and \\? are the characters themselves in a query string', 'conditions'],
    ['\\* is no wildcard in the value of a query string', 'conditions'],
    ['\\? is no wildcard in the key of a query string', 'conditions'],
    ['a fixed response of 400 has its own body and type', 'actions'],
    ['a fixed response of 408 has its own body and type', 'actions'],
    ['a fixed response of 413 has its own body and type', 'actions'],
    ['a fixed response of 431 has its own body and type', 'actions'],
    ['a fixed response of 463 has its own body and type', 'actions'],
    ['a fixed response of 502 has its own body and type', 'actions'],
    ['a fixed response of 503 has its own body and type', 'actions'],
    ['a fixed response of 504 has its own body and type', 'actions'],
    ['503 where all weights are 0', 'actions', 'AWS’s pages do not say what becomes of these requests'],
    ['503 where a group has no target', 'errors'],
    ['a keyword stands within a path', 'actions'],
    ['the client’s own port is #{port}', 'actions', 'behind ports of this machine the client’s port is kept'],
    ['keywords stand anywhere, several times', 'actions'],
    ['#{host} has something in front of it', 'actions'],
    ['#{query} has something behind it', 'actions'],
    ['a new query keeps the path', 'actions'],
    ['protocol, port and host are new', 'actions'],
    ['signs of a program are nothing but signs', 'actions'],
    ['a path without a keyword is new', 'actions'],
  ],
  'application-load-balancer.test.ts': [
    ['the forwarded headers, with capitals, and nothing of Envoy', 'headers'],
    ['the client’s own names as they were written, and its own request id', 'headers'],
    [
      'the client behind those that were there already',
      'headers',
      'every client outside of the VPC has one public address',
    ],
    ['a trace id of its own', 'tracing'],
    ['Self in front of the Root of a client', 'tracing'],
    ['the other fields of a trace id', 'tracing'],
    ['a new Self in the place of the client’s', 'tracing'],
    ['a Root where a client had none', 'tracing'],
    ['trace ids that differ, of this second', 'tracing'],
    [
      'checks as the load balancer makes them',
      'checks',
      'a target that does not answer yet is asked every second, and one success is enough at first',
    ],
    ['an answer of the target, whose server and names stay', 'listeners'],
    ['502 for a target that closes', 'errors'],
    ['502 for headers of a target over 32 KB', 'limits'],
    ['405 for TRACE', 'errors'],
    ['463 for more than 30 addresses', 'errors'],
    ['200 for 30 addresses', 'errors'],
    ['400 for a header over 16 KB', 'limits'],
    ['200 for a header under 16 KB', 'limits'],
    ['400 for headers over 64 KB', 'limits'],
    ['200 for 150 headers', 'limits'],
    ['400 for what is no HTTP', 'errors'],
    [
      '414 for a request line over 16 KB',
      'errors',
      'AWS’s page has 400 for the request line and 414 for the URL: the URL is it',
    ],
    ['200 for a request line under 16 KB', 'limits'],
    [
      '400 for a length and chunks at once',
      'attributes',
      'in each desync mitigation mode: Envoy’s own parser decides what is ambiguous',
    ],
    ['200 by HTTP/1.0', 'listeners', 'the answer says HTTP/1.1'],
    ['200 by HTTP/1.0 without a host', 'listeners'],
    ['400 by HTTP/1.1 without a host', 'errors'],
    ['no HTTP/2 without TLS', 'listeners'],
    ['101 and what follows it for a WebSocket', 'listeners'],
    ['100 at once where it asked to be told', 'listeners'],
    ['504 for a target that is silent for the idle timeout', 'errors'],
    ['408 for a body that does not come', 'errors'],
    ['408 for headers that do not end', 'errors'],
  ],
  'own-answers.test.ts': [
    ['each answer of its own says awselb/2.0, and a target’s does not', 'errors'],
    ['a method of several is matched', 'conditions'],
    ['a custom method is matched', 'conditions'],
    ['a custom method reaches a target', 'conditions'],
    ['a method is compared with regard to case', 'conditions'],
    ['a path is compared with regard to case', 'conditions'],
    ['requests are shared among groups by their weights', 'actions'],
  ],
  'https-targets.test.ts': [
    ['targets of HTTPS are checked and asked by TLS, whose certificate is not checked', 'groups'],
    ['a target of HTTP is checked by HTTPS at another port, where its group says so', 'checks'],
  ],
  'connection-times.test.ts': [
    [
      'a connection that ends when nothing came for the idle timeout, and not one on which something came',
      'attributes',
      'within a fifth of a second',
    ],
    ['the connection to a target ends with the idle timeout as well', 'balancers'],
    ['the last answer of a connection that lasted for client_keep_alive.seconds says so', 'attributes'],
  ],
  'load-balancer-attributes.test.ts': [
    ['X-Forwarded-For gets the client, where it is appended', 'headers'],
    ['X-Forwarded-For gets the port of the client as well', 'headers'],
    ['X-Forwarded-For stays as it was, where it is preserved', 'headers'],
    ['X-Forwarded-For goes, where it is removed', 'headers'],
    ['no X-Forwarded-For is made, where it is preserved', 'headers'],
    ['headers with odd names come', 'attributes'],
    ['headers with odd names are dropped, where the attribute says so', 'attributes'],
    [
      'a client stays with its target by the cookie, and is sent on without',
      'group',
      'the value is Envoy’s, not encrypted',
    ],
    ['requests reach targets by least_outstanding_requests', 'group'],
    ['requests reach targets by weighted_random', 'group', 'without anomaly mitigation'],
    ['a group whose targets start slowly is served', 'group'],
  ],
  'load-balancer-protocols.test.ts': [
    ['HTTP/2 is agreed on by ALPN, and targets of version HTTP1 get HTTP/1.1', 'listeners'],
    [
      'targets are told https, and version and cipher where the attribute says so',
      'attributes',
      'the certificate is one of a local authority',
    ],
    [
      '464 for gRPC to targets of version HTTP1',
      'errors',
      'said as gRPC’s status 2 (UNKNOWN), which clients make of a 464',
    ],
    ['HTTP/2 is not offered where routing.http2.enabled is false', 'attributes'],
    ['are checked by HTTP/2, by a list and a range of codes', 'checks'],
    ['get HTTP/2', 'groups'],
    ['464 for HTTP/1.1 to them', 'errors'],
    ['that lack the method of the check are healthy by the usual code 12', 'checks'],
    ['whose method answers are healthy by the code 0 of a range', 'checks'],
    ['are healthy by a code of a list', 'checks'],
    ['are unhealthy by another code, which the log of the checks has', 'checks'],
    ['are called by a gRPC client through the listener, and HTTP/2 without POST gets 464', 'groups'],
    ['a WebSocket client sends and gets messages', 'listeners'],
    ['a client of HTTP/1.0 is served', 'listeners'],
    ['504 for a target that no connection reaches in 10 seconds', 'errors', 'two tries of 5 seconds'],
    ['a target gets the Host with the port of a listener that is not the usual one, or as it was', 'attributes'],
    [
      'rules go by the address of the connection, and not by what a header says',
      'conditions',
      'every client outside of the VPC has one public address',
    ],
    ['a sticky client gets AWSALB and, for other sites, AWSALBCORS, with their end', 'group'],
    [
      'a client of an application cookie stays with its target, by AWSALBAPP-0 as well',
      'group',
      'other attributes of its cookie are not copied',
    ],
    ['without the application cookie nobody stays, and no other is given', 'group'],
    [
      'a client stays with its target group by AWSALBTG, and AWSALBTGCORS',
      'actions',
      'a group of weight 0 gets nobody, also none that had it',
    ],
  ],
  'ingress-in-envoy.test.ts': [
    ['an application behind an HTTPS listener is told https', 'headers'],
    ['a caller of the mesh that says nothing of its protocol came by http', 'connect', 'inferred: AWS does not say it'],
    [
      'a WebSocket reaches the application',
      'connect',
      'inferred from App Mesh, its ancestor, which let WebSockets pass',
    ],
  ],
  'egress-in-envoy.test.ts': [
    [
      'a WebSocket leaves by the proxy of the task that calls',
      'connect',
      'inferred from App Mesh, its ancestor, which let WebSockets pass',
    ],
  ],
  'target-reasons-in-envoy.test.ts': [
    ['an unhealthy target has the code that it answered, that it timed out, or that it failed', 'checks'],
    [
      'an unhealthy target of gRPC has the gRPC status that it answered, or that it failed',
      'checks',
      'AWS does not say whether the code is that of HTTP or of gRPC',
    ],
  ],
  'network-in-envoy.test.ts': [
    ['bytes reach a target of TCP, and its answer the client', 'networkListeners'],
    ['connections are shared among targets', 'networkListeners', 'at random, and not by a hash of the flow'],
    ['a client stays with its target by its address, where the group is sticky', 'networkGroup'],
    [
      'a node sends to the targets of its own zone alone, unless cross-zone load balancing is on',
      'networkGroup',
      'DNS names the nodes of zones without a healthy target too',
    ],
    ['connections are shared among target groups by their weights', 'networkListeners', 'UDP goes to one group'],
    ['a connection ends when its target becomes unhealthy', 'networkGroup'],
    ['a connection stays with an unhealthy target, where the attribute says so', 'networkGroup'],
    ['a target is told who the client is by version 2 of the proxy protocol', 'networkGroup', 'not by UDP'],
    ['a TLS listener ends the TLS of its clients, and targets of TCP get what was in it', 'networkListeners'],
    ['a TLS listener agrees on what its ALPN policy says', 'networkListeners'],
    [
      'datagrams reach a target of UDP, and a flow stays with it',
      'networkGroup',
      'the target sees the address of the node, and not that of the client',
    ],
    ['a datagram of a jumbo frame comes whole', 'networkListeners'],
    ['a TCP_UDP listener takes both at one port', 'networkListeners'],
    [
      'datagrams come from a port of this machine, by either twin of the front door',
      'networkListeners',
      'every client outside of the VPC has one public address',
    ],
  ],
  'health-check-port.test.ts': [
    ['Envoy checks a target at the port and path of its group, by its codes, and nowhere else', 'checks'],
  ],
};

export const LOAD_BALANCER_ROWS: Readonly<Record<string, readonly Row[]>> = Object.fromEntries(
  Object.entries(ROWS).map(([file, rows]) => [
    file,
    rows.map(([test, page, differs]) => ({ test, page: PAGES[page], differs })),
  ]),
);

/** For `afterEach`, when the name of the test is known: a test without a row fails. */
export const inTable = (file: string) => (): void => {
  const name = expect.getState().currentTestName ?? '';
  const rows = LOAD_BALANCER_ROWS[basename(file)] ?? [];
  if (!rows.some(({ test }) => name.endsWith(test)))
    throw new Error(`"${name}" has no row in load-balancer-rows.ts: add it, and run npm run support`);
};
