import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../core/mesh.ts';
import { edsCluster } from '../core/envoy/common.ts';
import { complaints } from '../testing/fake-client.ts';
import { serve } from '../testing/envoy.ts';
import { EdsDirectory } from './eds-directory.ts';
import { usersOfFormerLists, type ListeningProxy } from './former-lists.ts';

const directory = mkdtempSync(join(tmpdir(), 'former-lists-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const at = (address: string): Backend => ({ address, port: 3000, zone: 'a', tls: false });
const FORMER = new Set(['0123456789abcdef']);
const answering = (stats: () => string, live = true): ListeningProxy => ({
  live,
  admin: () => Promise.resolve(stats()),
});

test('when a list is written, a real Envoy has it, without the tasks that left', async () => {
  const path = join(directory, 'eds');
  const proxies: ListeningProxy[] = [];
  const eds = new EdsDirectory(path, 'r', (former) => usersOfFormerLists(proxies, former));
  const { list, complain } = complaints();
  await eds.write(new Map([['web', [at('10.0.0.1')]]]), complain);
  const cluster = { ...edsCluster('service', 'web', path), type: 'EDS', connect_timeout: '1s' };
  const envoy = await serve({ node: { id: 'x', cluster: 'x' }, static_resources: { clusters: [cluster] } }, directory);
  try {
    proxies.push({ live: true, admin: (_, asked) => envoy.admin(asked) });
    for (const last of [2, 3, 1, 4]) {
      await eds.write(new Map([['web', [at(`10.0.0.${String(last)}`)]]]), complain);
      const shown = [...(await envoy.admin('/clusters')).matchAll(/^service::(10[\d.]+):3000::cx_active/gm)];
      expect(shown.map(([, address]) => address)).toEqual([`10.0.0.${String(last)}`]);
    }
    expect(list).toEqual([]);
  } finally {
    await envoy.stop();
  }
});

test('a proxy that uses a former list is waited for, and counted when it takes too long', async () => {
  let looks = 0;
  const slow = answering(() => `cluster.a.version_text: "${looks++ < 3 ? '0123456789abcdef' : 'fedcba9876543210'}"\n`);
  expect(await usersOfFormerLists([slow], FORMER)).toBe(0);
  expect(looks).toBe(4);
  const stopped = answering(() => 'cluster.a.version_text: "0123456789abcdef"\n');
  const silent: ListeningProxy = { live: true, admin: () => Promise.reject(new Error('it does not answer')) };
  expect(await usersOfFormerLists([slow, stopped, silent], FORMER, 50)).toBe(2);
});

test('a proxy that is not live, has another list or none is not waited for; no proxy is asked when nothing was replaced', async () => {
  const others = [
    answering(() => 'cluster.a.version_text: "0123456789abcdef"\n', false),
    answering(() => 'cluster.a.version_text: "fedcba9876543210"\ncluster.b.version_text: ""\n'),
    answering(() => ''),
  ];
  expect(await usersOfFormerLists(others, FORMER)).toBe(0);
  const unasked: ListeningProxy = { live: true, admin: () => Promise.reject(new Error('asked')) };
  expect(await usersOfFormerLists([unasked], new Set())).toBe(0);
});
