/** The console's server on a real region: what it tells is what happens, and who may do what. The tests run in order. */
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { ActionResult, EnvoyView, Region, RequestView, type ActionInput } from '../../local/console/protocol.ts';
import { askB, highlands, URL_OF_B } from '../e2e/harness.ts';

const ADDRESS = new URL(process.env['HIGHLANDS_CONSOLE'] ?? 'http://127.0.0.1:1/#token=');
const TOKEN = ADDRESS.hash.replace('#token=', '');

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await (await fetch(new URL(path, ADDRESS))).json());
}

const region = (): Promise<Region> => get('/api/region', Region);

/** Looks each second until the region is as expected; a busy machine gets a minute. */
async function until<Found>(look: (now: Region) => Found | undefined): Promise<Found> {
  for (let left = 60; ; left--) {
    const now = await region();
    const found = look(now);
    if (found !== undefined) return found;
    if (left === 0) throw new Error(`it never came about: ${JSON.stringify(now, undefined, 1)}`);
    await setTimeout(1_000);
  }
}

async function act(action: ActionInput): Promise<ActionResult> {
  const response = await fetch(new URL('/api/actions', ADDRESS), {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(action),
  });
  return ActionResult.parse(await response.json());
}

/** Raw, because fetch does not let the Host header be chosen. */
function statusOf(method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = ADDRESS;
    const path = method === 'GET' ? '/api/region' : '/api/actions';
    request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(method === 'GET' ? undefined : JSON.stringify({ action: 'clear' }));
  });
}

const json = { 'content-type': 'application/json' };
test.each<[string, string, Record<string, string>, number]>([
  ['a read', 'GET', {}, 200],
  ['a name that resolves to this machine', 'GET', { host: 'evil.example' }, 403],
  ["another page's read", 'GET', { origin: 'http://evil.example' }, 403],
  ['a change without the token', 'POST', json, 401],
  [
    "another page's change, with the token",
    'POST',
    { ...json, authorization: `Bearer ${TOKEN}`, origin: 'http://evil.example' },
    403,
  ],
  ['a change with the token', 'POST', { ...json, authorization: `Bearer ${TOKEN}` }, 200],
])('%s: %s', async (_, method, headers, status) => {
  expect(await statusOf(method, headers)).toBe(status);
});

test('the page comes with a strict policy, and nothing else may be embedded', async () => {
  const { status, headers } = await fetch(new URL('/', ADDRESS));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/html');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('edges are those of real traffic', async () => {
  for (let index = 0; index < 10; index++) await askB();
  // One that is not allowed and was tried is there too; tests before this one may have done so.
  const called = await until(({ edges }) => {
    const found = edges.filter(({ lastCallAt, allowed }) => lastCallAt !== undefined && allowed);
    return found.length >= 3 ? found.map(({ from, to }) => `${from} > ${to}`) : undefined;
  });
  const balancer = (await region()).loadBalancers[0]?.id ?? '';
  expect(called.sort()).toEqual([`${balancer} > service-b`, 'service-b > service-a', 'service-b > service-c'].sort());
});

test('a connection that security groups stop is told of, with who lacks the rule', async () => {
  await highlands('exec', 'service-c', '--', 'curl', '-s', '-m', '3', 'http://service-a:8080/');
  const denied = await until(({ denied: found }) =>
    found.find(({ from, to }) => from === 'service-c' && to === 'service-a'),
  );
  expect(denied).toMatchObject({ port: 3000, missing: 'egress' });
  expect(denied.packets).toBeGreaterThan(0);
});

test('events come as they happen', async () => {
  const over = new AbortController();
  const { body } = await fetch(new URL('/api/events', ADDRESS), { signal: over.signal });
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    if (/event: history[^]*event: region[^]*event: second/.test(text)) break;
  }
  over.abort();
  expect(text).toContain('event: second');
});

test('a request from the page runs as the command that it shows, and both proxies know its id', async () => {
  const sent = await act({ action: 'request', from: 'service-b', url: 'http://service-a:8080/route?p=Console' });
  expect(sent.command).toContain('exec service-b -- curl');
  expect(sent.response).toMatchObject({ status: 200, body: expect.stringContaining('(Console)') as string });
  const lines = await accessLines('service=service-b&direction=egress&text=%2Froute');
  const requestId = /"requestId":"([^"]+)"/.exec(lines)?.[1] ?? '';
  const { lines: both } = await get(`/api/requests/${requestId}`, RequestView);
  expect(both.map(({ direction }) => direction).sort()).toEqual(expect.arrayContaining(['egress', 'ingress']));
});

/** The first batch of the access log that has a line. */
async function accessLines(query: string): Promise<string> {
  const over = new AbortController();
  const { body } = await fetch(new URL(`/api/logs/access?${query}`, ADDRESS), { signal: over.signal });
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"requestId"')) break;
  }
  over.abort();
  return text;
}

test('a fault raises the share of errors on its edge, and can be cleared', async () => {
  expect(await act({ action: 'fault', service: 'service-c', abortStatus: 503 })).toMatchObject({ ok: true });
  await until(({ faults }) => faults.services['service-c']?.abort);
  const errors = await until(({ edges }) => {
    void fetch(URL_OF_B).catch(() => undefined);
    return edges.find(({ from, to, now }) => from === 'service-b' && to === 'service-c' && now.errorShare > 0.5);
  });
  expect(errors.now.responsesPerSecond['5xx']).toBeGreaterThan(0);
  expect(await act({ action: 'clear' })).toMatchObject({ ok: true });
  await until(({ faults }) => (Object.keys(faults.services).length === 0 ? true : undefined));
});

test('a bounded load, and a service that does not exist', async () => {
  const done = await act({ action: 'load', url: URL_OF_B, ratePerSecond: 20, seconds: 2 });
  expect(done).toMatchObject({ ok: true, output: expect.stringContaining('200') as string });
  expect(await act({ action: 'scale', service: 'nobody', count: 1 })).toMatchObject({
    ok: false,
    output: expect.stringContaining('no service nobody') as string,
  });
});

test('scaling and a stopped task show', async () => {
  await act({ action: 'scale', service: 'service-c', count: 3 });
  const running = (now: Region) =>
    now.tasks.filter(({ service, status }) => service === 'service-c' && status === 'RUNNING');
  const three = await until((now) => (running(now).length === 3 ? running(now) : undefined));
  const victim = three[0]?.id ?? '';
  expect(await act({ action: 'stop-task', task: victim.slice(0, 12) })).toMatchObject({ ok: true });
  await until((now) => (now.tasks.every(({ id }) => id !== victim) && running(now).length === 3 ? true : undefined));
  await act({ action: 'scale', service: 'service-c', count: 2 });
});

test('the configuration of the proxy stands beside the lines that it was made from', async () => {
  const view = await get('/api/services/service-b/envoy', EnvoyView);
  const timeout = view.links.find(({ template }) => template?.pointer.endsWith('/PerRequestTimeoutSeconds'));
  expect(view.template.map(({ id }) => id)).toContain(timeout?.template?.document);
  const values = (timeout?.envoy ?? []).map(({ document, pointer }) =>
    pointer
      .slice(1)
      .split('/')
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown>)[key],
        view.envoy.find(({ id }) => id === document)?.json,
      ),
  );
  expect(new Set(values)).toEqual(new Set(['10s']));
});

test('the same in a terminal', async () => {
  const { code, stdout } = await highlands('top', '--once');
  expect(code).toBe(0);
  for (const name of ['service-a', 'service-b', 'service-c', 'req/s', 'denied from']) expect(stdout).toContain(name);
});
