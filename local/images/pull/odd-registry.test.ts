/** What no registry should answer, and one may: those that keep to the rules are in test/registry. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, machineArchitecture, MEDIA } from '../oci.ts';
import { RegistryImages } from './registry-images.ts';

const CONFIG = Buffer.from(JSON.stringify({ architecture: machineArchitecture(), os: 'linux' }));
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest: digestOf(CONFIG), size: CONFIG.length },
    layers: [],
  }),
);
const before = process.env['HIGHLANDS_PULL'];

let root: string;
let server: Server;
let images: RegistryImages;
let reference: string;
/** What the registry answers. */
let answer: RequestListener;

beforeEach(async () => {
  // Of `npm test`, which lets no test ask a registry; this one is here.
  delete process.env['HIGHLANDS_PULL'];
  root = mkdtempSync(join(tmpdir(), 'odd-registry-'));
  server = createServer((request, response) => {
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  reference = `127.0.0.1:${String((server.address() as AddressInfo).port)}/shop/web:1`;
  const configFile = join(root, 'config.json');
  writeFileSync(configFile, '{}');
  images = new RegistryImages(root, { account: '000000000000', configFile });
});

afterEach(async () => {
  if (before !== undefined) process.env['HIGHLANDS_PULL'] = before;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  rmSync(root, { recursive: true, force: true });
});

/** As a registry should. */
const rightly: RequestListener = ({ method, url = '' }, response) => {
  const content = url.includes('/manifests/') ? MANIFEST : CONFIG;
  response.writeHead(200, { 'docker-content-digest': digestOf(content) });
  response.end(method === 'HEAD' ? undefined : content);
};

test('a digest that leads out of the folder is none', async () => {
  mkdirSync(join(root, 'blobs'), { recursive: true });
  writeFileSync(join(root, 'elsewhere'), '{}');
  answer = (request, response) => {
    if (request.method !== 'HEAD') rightly(request, response);
    else response.writeHead(200, { 'docker-content-digest': '../elsewhere' }).end();
  };
  expect((await images.resolve(reference)).manifest.config.digest).toBe(digestOf(CONFIG));
});

test('a manifest that is cut off is asked for again', async () => {
  let cut = 0;
  answer = (request, response) => {
    if (request.method !== 'GET' || cut > 0) {
      rightly(request, response);
      return;
    }
    cut += 1;
    response.writeHead(200, { 'content-length': String(MANIFEST.length) });
    response.write(MANIFEST.subarray(0, 10), () => response.destroy());
  };
  expect((await images.resolve(reference)).manifest.config.digest).toBe(digestOf(CONFIG));
  expect(cut).toBe(1);
});

test('where each is cut off, what was pulled before serves, with the reason', async () => {
  answer = rightly;
  await images.resolve(reference);
  answer = ({ method }, response) => {
    response.writeHead(200, { 'content-length': String(MANIFEST.length) });
    if (method === 'HEAD') response.end();
    else response.write(MANIFEST.subarray(0, 10), () => response.destroy());
  };
  const { manifest, away } = await images.resolve(reference);
  expect(manifest.config.digest).toBe(digestOf(CONFIG));
  expect(away).toMatch(/^127\.0\.0\.1:\d+ can't be asked: /);
});

test.each(['[]', '{"token": 5}', 'none'])('tokens that are none (%s) are named', async (tokens) => {
  answer = ({ url = '', headers }, response) => {
    if (url.startsWith('/token')) response.end(tokens);
    else
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${headers.host ?? ''}/token",service="odd"` })
        .end();
  };
  await expect(images.resolve(reference)).rejects.toThrow(/names for its tokens, gave none/);
});
