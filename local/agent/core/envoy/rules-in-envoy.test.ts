/** Listener rules in a real Envoy: what AWS documents of a request is what the client gets. */
import { fakeLoadBalancer } from '../../testing/load-balancer.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serve, type ServingEnvoy } from '../../testing/envoy.ts';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { onLoopback, staticConfig } from '../../testing/static-config.ts';
import type { Action, Condition, Rule } from '../../../aws-shapes/listener-rule.ts';
import { loadBalancerResources } from './load-balancer.ts';

const fixed = (body: string, status = 200): Action => ({ type: 'fixed-response', status, contentType: 'text/x', body });
const path = (...values: string[]): Condition => ({ field: 'path-pattern', values });
const KEPT = { protocol: '#{protocol}', host: '#{host}', port: '#{port}', path: '/#{path}', query: '#{query}' };
const redirect = (parts: Partial<typeof KEPT>): Action => ({ type: 'redirect', status: 302, ...KEPT, ...parts });
const NASTY = `/"]]'\\#{path}\n%u..os.exit()`;

/** Statuses that Envoy has for failures, where the load balancer has a page: a rule's own answer of one is no failure. */
const REPLACED = ['400', '408', '413', '431', '463', '502', '503', '504'] as const;

const RULES: readonly (readonly [Condition[], Action])[] = [
  [[{ field: 'path-pattern', values: [], regexes: ['^/v[0-9]+/.*$', '/exact$'] }], fixed('versioned')],
  [[{ field: 'host-header', values: [], regexes: ['^api[.]shop[.]test$'] }], fixed('api host')],
  [[{ field: 'http-header', name: 'X-Kind', values: [], regexes: ['^(red|blue)$'] }], fixed('coloured')],
  [[{ field: 'http-header', name: 'X-Kind', values: ['GREEN*'] }], fixed('greenish')],
  [[{ field: 'query-string', values: [{ key: 'key', value: 'o?e' }] }], fixed('query')],
  [[{ field: 'query-string', values: [{ key: 'lit\\?', value: 'a\\*b*' }] }], fixed('literal')],
  [[path('*.php')], fixed('php')],
  ...REPLACED.map((status): [Condition[], Action] => [
    [path(`/${status}`)],
    fixed(`{"own":${status}}`, Number(status)),
  ]),
  [[path('/zero')], { type: 'forward', targetGroups: [{ arn: 'arn:tg', weight: 0 }] }],
  [[path('/nobody')], { type: 'forward', targetGroups: [{ arn: 'arn:tg', weight: 1 }] }],
  [[path('/old/*')], redirect({ path: '/new/#{path}' })],
  [[path('/between/*')], redirect({ path: '/a-#{path}-b/#{port}/#{host}' })],
  [[path('/host')], redirect({ host: 'example.#{host}' })],
  [[path('/more')], redirect({ query: '#{query}&value=xyz' })],
  [[path('/loop')], redirect({ query: 'from=lb' })],
  [[path('/elsewhere')], redirect({ protocol: 'HTTPS', port: '443', host: 'x.test', path: '/#{path}/#{path}' })],
  [[path('/nasty')], redirect({ path: NASTY.replaceAll('\n', '') })],
  [[path('/plain')], redirect({ path: '/there' })],
  [[], fixed('default')],
];

afterEach(inTable(import.meta.filename));

let port: number;
let envoy: ServingEnvoy;
const directory = mkdtempSync(join(tmpdir(), 'rules-'));

beforeAll(async () => {
  port = await freePort();
  const rules = RULES.map(([conditions, action], index): Rule => ({
    arn: `rule ${String(index)}`,
    priority: index,
    conditions,
    action,
  }));
  const listeners = [{ port, protocol: 'HTTP' as const, tls: undefined, rules }];
  const balancer = fakeLoadBalancer({ edsDirectory: directory, tlsDirectory: directory, listeners });
  const resources = loadBalancerResources(balancer, new Map(), (resource, message) => {
    throw new Error(`${resource}: ${message}`);
  });
  envoy = await serve(onLoopback(staticConfig(resources)), directory);
});

afterAll(async () => {
  await envoy.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function ask(asked: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: asked, headers: { ...headers } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        const { location, 'content-type': type } = response.headers;
        resolve({ status: response.statusCode, location, type, body });
      });
    });
    call.on('error', reject);
    call.end();
  });
}

test.each([
  ['an expression of the path is found anywhere in it', '/v1/x', {}, 'versioned'],
  ['an expression of the path does not see the query', '/v1/x?y', {}, 'versioned'],
  ['an expression of the path ends with the path', '/deep/exact?y=/z', {}, 'versioned'],
  ['$ is the end of the path', '/exactly', {}, 'default'],
  ['a path that an expression does not match goes on', '/vx/x', {}, 'default'],
  ['an expression of the path is not looked for in the query', '/?/v1/x', {}, 'default'],
  ['a host is compared without regard to case', '/', { host: 'API.shop.test' }, 'api host'],
  ['a host is compared without its port', '/', { host: 'api.shop.test:8080' }, 'api host'],
  ['^ is the beginning of the host', '/', { host: 'my.api.shop.test' }, 'default'],
  ['an expression of a header matches its value', '/', { 'x-kind': 'blue' }, 'coloured'],
  ['an expression of a header ends where it says', '/', { 'x-kind': 'bluer' }, 'default'],
  ['a header is compared without regard to case, with wildcards', '/', { 'x-kind': 'greener' }, 'greenish'],
  ['a query string is compared without regard to case', '/a?KEY=ONE', {}, 'query'],
  ['a query string is found among others', '/a?z=1&key=ole&b=c', {}, 'query'],
  ['? is one character of one value', '/a?key=o&e=1', {}, 'default'],
  ['\\* and \\? are the characters themselves in a query string', '/a?lit?=a*bc', {}, 'literal'],
  ['\\* is no wildcard in the value of a query string', '/a?lit?=axb', {}, 'default'],
  ['\\? is no wildcard in the key of a query string', '/a?litx=a*b', {}, 'default'],
  ['a path pattern has wildcards', '/x.php?f=1', {}, 'php'],
  ['a path pattern sees the path alone', '/x?f=a.php', {}, 'default'],
])('%s', async (_, asked, headers, body) => {
  expect((await ask(asked, headers as Readonly<Record<string, string>>)).body).toBe(body);
});

test.each(REPLACED.map((status) => [`a fixed response of ${status} has its own body and type`, status]))(
  '%s',
  async (_, status) => {
    expect(await ask(`/${status}`)).toMatchObject({
      status: Number(status),
      body: `{"own":${status}}`,
      type: 'text/x',
    });
  },
);

test.each([
  ['503 where all weights are 0', '/zero'],
  ['503 where a group has no target', '/nobody'],
])('%s', async (_, asked) => {
  const { status, type, body } = await ask(asked);
  expect([status, type, body]).toEqual([
    503,
    'text/html',
    expect.stringContaining('503 Service Temporarily Unavailable'),
  ]);
});

test.each([
  ['a keyword stands within a path', '/old/x?a=1', 'shop.test', 'http://shop.test:PORT/new/old/x?a=1'],
  ['the client’s own port is #{port}', '/old/x', 'shop.test:8080', 'http://shop.test:8080/new/old/x'],
  [
    'keywords stand anywhere, several times',
    '/between/c',
    'shop.test',
    'http://shop.test:PORT/a-between/c-b/PORT/shop.test',
  ],
  ['#{host} has something in front of it', '/host?q', 'shop.test', 'http://example.shop.test:PORT/host?q'],
  ['#{query} has something behind it', '/more?a=1', 'shop.test', 'http://shop.test:PORT/more?a=1&value=xyz'],
  ['a new query keeps the path', '/loop?a=1', 'shop.test', 'http://shop.test:PORT/loop?from=lb'],
  ['protocol, port and host are new', '/elsewhere?a=b', 'shop.test', 'https://x.test:443/elsewhere/elsewhere?a=b'],
  [
    'signs of a program are nothing but signs',
    '/nasty',
    '[::1]:80',
    `http://[::1]:80${NASTY.replaceAll('\n', '').replace('#{path}', 'nasty')}`,
  ],
  ['a path without a keyword is new', '/plain?a=1', 'shop.test', 'http://shop.test:PORT/there?a=1'],
])('%s', async (_, asked, host, location) => {
  const answer = await ask(asked, { host });
  expect([answer.status, answer.location]).toEqual([302, location.replaceAll('PORT', String(port))]);
});
