import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamicResources, proxyResources, type ProxyResources } from '../core/envoy/discovery-response.ts';
import { httpConnectionManager, socketAddress } from '../core/envoy/common.ts';
import type { EnvoyConfig } from '../core/mesh.ts';
import { freePort, serve, type ServingEnvoy } from '../testing/envoy.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { TakeUp } from './take-up.ts';

const directory = mkdtempSync(join(tmpdir(), 'take-up-'));
const files = new DiscoveryFiles(join(directory, 'config'));
let envoy: ServingEnvoy;
let port: number;
let takeUp: TakeUp;

function answering(body: string, regex = '/.*'): EnvoyConfig {
  const routes = [
    { match: { safe_regex: { regex } }, direct_response: { status: 200, body: { inline_string: body } } },
  ];
  const route_config = { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], routes }] };
  return {
    name: 'listener',
    address: socketAddress('127.0.0.1', port),
    filter_chains: [{ filters: [httpConnectionManager({ stat_prefix: 's', route_config })] }],
  };
}

const cluster = (path: string): EnvoyConfig => ({
  ...{ name: 'c', type: 'EDS' },
  eds_cluster_config: { eds_config: { resource_api_version: 'V3', path_config_source: { path } } },
});

async function give(resources: ProxyResources): Promise<string | undefined> {
  await files.write(resources);
  await takeUp.look(resources);
  return takeUp.refusal;
}

/** By a connection of its own: an older one stays with the listener that it was made to. */
const said = (): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve(body);
      });
    }).on('error', reject);
  });

beforeAll(async () => {
  port = await freePort();
  await files.write(proxyResources([answering('first')], []));
  const node = { id: 'test', cluster: 'test' };
  envoy = await serve({ node, ...dynamicResources(join(directory, 'config')) }, directory);
  const asked = { admin: (_: 'GET', path: string) => envoy.admin(path) };
  takeUp = new TakeUp(asked, join(directory, 'envoy.log'), () => undefined);
});

afterAll(async () => {
  await envoy.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('what Envoy refuses is told in its words, the last good configuration stays, and a good one ends it', async () => {
  expect(await give(proxyResources([answering('second')], []))).toBeUndefined();
  expect(await give(proxyResources([answering('third', '(a')], []))).toBe('listener: missing ): (a');
  expect(await said()).toBe('second');
  expect(await give(proxyResources([answering('fourth')], []))).toBeUndefined();
  expect(await said()).toBe('fourth');
  expect(await give(proxyResources([answering('fourth')], [cluster('/not/there')]))).toContain(
    "'/not/there' does not exist",
  );
  expect(await give(proxyResources([answering('fifth')], []))).toBeUndefined();
  expect(await said()).toBe('fifth');
});

test('a proxy that ended has refused nothing', async () => {
  const gone = new TakeUp({ admin: () => Promise.reject(new Error('ECONNREFUSED')) }, '', () => undefined);
  await gone.look(proxyResources([], []));
  expect(gone.refusal).toBeUndefined();
});
