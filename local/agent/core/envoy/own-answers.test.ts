/** The load balancer's own answers: each names it, and each page is the load balancer's. */
import { inTable } from '../../testing/load-balancer-rows.ts';
import { GROUP, loadBalancerStand, type Stand } from '../../testing/load-balancer-stand.ts';
import { targetGroup } from '../../testing/target-group.ts';
import type { Action, Condition, Rule } from '../../../aws-shapes/listener-rule.ts';

afterEach(inTable(import.meta.filename));

const NOBODY = `${GROUP}-nobody`;
const KEPT = { protocol: '#{protocol}', host: '#{host}', port: '#{port}', path: '/#{path}', query: '#{query}' };
const at = (path: string): Condition => ({ field: 'path-pattern', values: [path] });
const fixed = (status: number): Action => ({ type: 'fixed-response', status, contentType: 'text/plain', body: 'own' });
const RULES: readonly (readonly [Condition[], Action])[] = [
  [[at('/redirect')], { type: 'redirect', status: 301, ...KEPT, path: '/there' }],
  [[at('/keyword')], { type: 'redirect', status: 302, ...KEPT, path: '/there/#{path}' }],
  [[at('/fixed')], fixed(200)],
  [[at('/fixed-400')], fixed(400)],
  [[at('/fixed-502')], fixed(502)],
  [[at('/zero')], { type: 'forward', targetGroups: [{ arn: GROUP, weight: 0 }] }],
  [[at('/nobody')], { type: 'forward', targetGroups: [{ arn: NOBODY, weight: 1 }] }],
  [[{ field: 'http-request-method', values: ['PURGE', 'DELETE', 'OWN-ONE'] }], fixed(403)],
  [[at('/Case')], fixed(409)],
  [[], { type: 'forward', targetGroups: [{ arn: GROUP, weight: 1 }] }],
];

let stand: Stand;
beforeAll(async () => {
  stand = await loadBalancerStand({
    attributes: { idleTimeoutSeconds: 1 },
    rules: RULES.map(([conditions, action], index): Rule => ({ arn: 'rule', priority: index, conditions, action })),
    answer: (head, socket) => {
      if (head.includes('/silent')) return undefined;
      if (head.includes('/close')) socket.destroy();
      return 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    },
  });
});
afterAll(async () => {
  await stand.stop();
});

const get = (path: string, headers = '', method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
const ADDRESSES = `X-Forwarded-For: ${Array.from({ length: 31 }, () => '10.0.0.1').join(', ')}\r\n`;

test('each answer of its own says awselb/2.0, and a target’s does not', async () => {
  const asked: Readonly<Record<string, string>> = {
    '301': get('/redirect'),
    '302': get('/keyword'),
    '200': get('/fixed'),
    '502 of a rule': get('/fixed-502'),
    '503 without weights': get('/zero'),
    '503 without a target': get('/nobody'),
    '400': 'HELLO\r\n\r\n',
    '400 of a large header': get('/', `X-A: ${'a'.repeat(17_000)}\r\n`),
    '405': get('/', '', 'TRACE'),
    '408': get('/silent', 'Content-Length: 9\r\n', 'POST'),
    '414': get(`/${'a'.repeat(17_000)}`),
    '463': get('/', ADDRESSES),
    '502': get('/close'),
    '504': get('/silent'),
  };
  const said = await Promise.all(
    Object.entries(asked).map(async ([name, bytes]) => {
      const answer = await stand.send(bytes);
      const [, status] = answer.split(' ');
      const own = /^server: awselb\/2\.0\r$/im.test(answer);
      return [name, status, own];
    }),
  );
  expect(said).toEqual(Object.keys(asked).map((name) => [name, name.slice(0, 3), true]));
  expect(await stand.send(get('/fixed-400'))).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\nown$/);
  expect(await stand.send(get('/'))).not.toMatch(/awselb/);
});

test.each([
  ['a method of several is matched', get('/', '', 'DELETE'), '403'],
  ['a custom method is matched', get('/', '', 'OWN-ONE'), '403'],
  ['a custom method reaches a target', get('/', '', 'OWN-OTHER'), '200'],
  ['a method is compared with regard to case', get('/', '', 'delete'), '200'],
  ['a path is compared with regard to case', get('/case'), '200'],
])('%s', async (_, bytes, status) => {
  expect((await stand.send(bytes)).split(' ')[1]).toBe(status);
});

test('requests are shared among groups by their weights', async () => {
  const names = ['heavy', 'light', 'none'];
  const groups = names.map((name) => targetGroup(`${GROUP}-${name}`));
  const targetGroups = groups.map(({ arn }, index) => ({ arn, weight: [9, 1, 0][index] ?? 0 }));
  const rule: Rule = { arn: 'rule', priority: 1, conditions: [], action: { type: 'forward', targetGroups } };
  const weighted = await loadBalancerStand({ others: groups, rules: [rule] });
  try {
    for (let count = 0; count < 200; count++) await weighted.send(get('/', 'Connection: close\r\n'), 10_000);
    const stats = await weighted.admin('/stats?filter=tg.*upstream_rq_total');
    const [heavy = 0, light = 0, none = 0] = groups.map(({ edsName }) =>
      Number(
        stats
          .split('\n')
          .find((line) => line.includes(`${edsName}.upstream_rq_total`))
          ?.split(' ')[1],
      ),
    );
    expect(heavy + light).toBe(200);
    // By chance alone the light one gets nobody once in a thousand million times, and as many as the other never.
    expect(light).toBeGreaterThan(0);
    expect(heavy).toBeGreaterThan(light);
    expect(none).toBe(0);
  } finally {
    await weighted.stop();
  }
});
