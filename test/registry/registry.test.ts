/** Pulls from real registries (Debian's docker-registry) on loopback: with and without TLS, basic authentication and tokens. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateAuthority } from '../../local/agent/certificates/private-authority.ts';
import { ensureRootFilesystem } from '../../local/images/image-store.ts';
import { digestOf, indexOf, machineArchitecture } from '../../local/images/oci.ts';
import { RegistryImages } from '../../local/images/pull/registry-images.ts';
import { pushImage, pushIndex } from '../../local/images/registry-client.ts';
import { READER, startRegistry, type ARegistry, type RegistryOptions } from './a-registry.ts';
import { anImage, ZSTD_LAYER } from './images.ts';
import { SERVICE, startTokenServer } from './token-server.ts';

const ACCOUNT = '000000000000';
const OTHER = machineArchitecture() === 'amd64' ? 'arm64' : 'amd64';
/** Enough for several pieces on the way, and quick to make. */
const LARGE = randomBytes(3_000_000);

const root = mkdtempSync(join(tmpdir(), 'registry-'));
const storage = join(root, 'storage');
const certificates = join(root, 'config/docker/certs.d');
const registries: ARegistry[] = [];
let plain: ARegistry;
let authority: PrivateAuthority;
let folders = 0;

const newFolder = (): string => join(root, String((folders += 1)));
const start = async (options: Partial<RegistryOptions> = {}): Promise<ARegistry> => {
  const registry = await startRegistry({ folder: newFolder(), storage, ...options });
  registries.push(registry);
  return registry;
};

/** A registry with a certificate that nobody trusts but who has the authority's. */
async function startWithTls(auth?: RegistryOptions['auth']): Promise<ARegistry> {
  const { certificate, privateKey } = await authority.issue('localhost');
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const tls = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(tls.certificate, certificate);
  writeFileSync(tls.key, privateKey);
  return start({ folder, tls, ...(auth === undefined ? {} : { auth }) });
}

function trust(port: number): void {
  const folder = join(certificates, `localhost:${String(port)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
}

/** A folder of images of its own, with a Docker configuration. */
function images(configuration: object = {}): RegistryImages {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, JSON.stringify(configuration));
  return new RegistryImages(folder, { account: ACCOUNT, configFile });
}

const at = ({ port }: { port: number }, name = 'shop/web:1'): string => `localhost:${String(port)}/${name}`;

beforeAll(async () => {
  // Of `npm test`, which lets no other test ask a registry.
  delete process.env['HIGHLANDS_PULL'];
  process.env['XDG_CONFIG_HOME'] = join(root, 'config');
  authority = await PrivateAuthority.create('arn:/registry');
  plain = await start();
  const registry = { url: `http://127.0.0.1:${String(plain.port)}`, authorization: undefined };
  const own = await anImage(machineArchitecture(), [{ 'a.txt': 'one' }, ZSTD_LAYER]);
  const others = await anImage(OTHER, [{ 'a.txt': 'of another processor' }]);
  await pushIndex(registry, 'shop/web', [others, own], '1');
  await pushImage(registry, 'shop/web', others, 'other');
  await pushImage(registry, 'shop/web', await anImage(machineArchitecture(), [{ large: LARGE }]), 'large');
});
afterAll(async () => {
  for (const registry of registries) await registry.stop();
  rmSync(root, { recursive: true });
});

test('an image for several processors is pulled for this one, and unpacked from files of gzip and zstd', async () => {
  const mine = images();
  const told: [number, number][] = [];
  const { rootDirectory, config } = await ensureRootFilesystem({
    reference: at(plain),
    // The region's own, which has nothing of it.
    registry: {
      url: `http://127.0.0.1:${String((await start({ storage: newFolder() })).port)}`,
      authorization: undefined,
    },
    elsewhere: async (reference) => {
      const resolved = await mine.resolve(reference);
      await mine.pull(resolved, (bytes, of) => told.push([bytes, of]));
      return { manifest: resolved.manifest, blob: ({ digest }) => Promise.resolve(mine.file(digest)) };
    },
    storeDirectory: newFolder(),
  });
  expect(readFileSync(join(rootDirectory, 'a.txt'), 'utf8')).toBe('one');
  expect(readFileSync(join(rootDirectory, 'hello'), 'utf8')).toBe('hello\n');
  expect(config).toMatchObject({ User: '65532', Cmd: ['/program'] });
  const [bytes, of] = told.at(-1) ?? [];
  expect(bytes).toBe(of);
});

test('what is only for another processor, is not there, or is no reference to pull says so', async () => {
  await expect(images().resolve(at(plain, 'shop/web:other'))).rejects.toThrow(
    `it is for linux/${OTHER} alone, and this machine is linux/${machineArchitecture()}`,
  );
  await expect(images().resolve(at(plain, 'shop/web:none'))).rejects.toThrow(
    /^localhost:\d+ has no such image \(404, "manifest unknown"\)$/,
  );
  await expect(images().resolve(`${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web:1`)).rejects.toThrow(
    'the registry of this region does not have it',
  );
});

test('a digest is pulled by its digest, and is not asked for again', async () => {
  const registry = await start();
  const own = await anImage(machineArchitecture(), [{ 'a.txt': 'one' }, ZSTD_LAYER]);
  const index = digestOf(indexOf([await anImage(OTHER, [{ 'a.txt': 'of another processor' }]), own]));
  const mine = images();
  const reference = at(registry, `shop/web:whatever@${index}`);
  const { manifest } = await mine.resolve(reference);
  expect(manifest).toEqual(JSON.parse(own.manifest.toString()));
  await registry.stop();
  expect(await mine.resolve(reference)).toEqual({ reference, manifest });
});

test('where a registry is away, what was pulled before serves, and it is said', async () => {
  const registry = await start();
  const mine = images();
  const first = await mine.resolve(at(registry));
  await mine.pull(first);
  await registry.stop();
  const again = await mine.resolve(at(registry));
  expect(again).toMatchObject({
    manifest: first.manifest,
    away: expect.stringContaining('nothing answers at') as string,
  });
  expect(again.asOf).toBeInstanceOf(Date);
  await mine.pull(again);
  expect(await mine.resolve(at(registry), Date.now() - 60_000)).toEqual(first);
  await expect(images().resolve(at(registry))).rejects.toThrow(/^nothing answers at localhost:\d+ \(ECONNREFUSED\)$/);
});

test('a certificate is trusted where it is said, and otherwise named', async () => {
  const registry = await startWithTls();
  await expect(images().resolve(at(registry))).rejects.toThrow(
    /^the certificate of localhost:\d+ is not trusted \(\w+\): name its authority's file in NODE_EXTRA_CA_CERTS, or put it at /,
  );
  trust(registry.port);
  expect(await images().resolve(at(registry))).toMatchObject({ reference: at(registry) });
});

test('basic authentication takes what `docker login` wrote, or what a helper has', async () => {
  const registry = await startWithTls('basic');
  trust(registry.port);
  const host = `localhost:${String(registry.port)}`;
  const auth = Buffer.from(READER).toString('base64');
  expect(await images({ auths: { [host]: { auth } } }).resolve(at(registry))).toBeDefined();
  const wrong = Buffer.from('reader:wrong').toString('base64');
  await expect(images({ auths: { [host]: { auth: wrong } } }).resolve(at(registry))).rejects.toThrow(
    `${host} does not let the credentials of the Docker configuration have it`,
  );
  await expect(images().resolve(at(registry))).rejects.toThrow(
    `${host} wants credentials for it, or has no such repository (401, "authentication required"): \`docker login ${host}\``,
  );
  const programs = newFolder();
  mkdirSync(programs);
  const helper = join(programs, 'docker-credential-test');
  const [name = '', secret = ''] = READER.split(':');
  writeFileSync(
    helper,
    `#!/bin/sh\nread -r server\n[ "$server" = "${host}" ] || exit 1\necho '{"Username":"${name}","Secret":"${secret}"}'\n`,
  );
  chmodSync(helper, 0o755);
  process.env['PATH'] = `${programs}:${process.env['PATH'] ?? ''}`;
  expect(await images({ credHelpers: { [host]: 'test' } }).resolve(at(registry))).toBeDefined();
  expect(await images({ credsStore: 'test' }).resolve(at(registry))).toBeDefined();
  await expect(images({ credsStore: 'none' }).resolve(at(registry))).rejects.toThrow(
    'docker-credential-none, which the Docker configuration names, is not in the PATH',
  );
});

test('a token is asked for, for nobody, by name and password, or with an identity token', async () => {
  const signer = await authority.issue('tokens');
  const authorityFile = join(root, 'authority.pem');
  writeFileSync(authorityFile, authority.certificate);
  const may = new Set(['']);
  const tokens = await startTokenServer({ certificate: signer.certificate, key: signer.privateKey }, (asker) =>
    may.has(asker),
  );
  try {
    const registry = await startWithTls({ realm: tokens.realm, service: SERVICE, authority: authorityFile });
    trust(registry.port);
    const host = `localhost:${String(registry.port)}`;
    expect(await images().resolve(at(registry))).toBeDefined();
    may.clear();
    may.add(READER).add('an identity');
    await expect(images().resolve(at(registry))).rejects.toThrow(`${host} wants credentials for it`);
    const [username, password] = READER.split(':');
    const mine = images({ auths: { [`https://${host}`]: { username, password } } });
    await mine.pull(await mine.resolve(at(registry)));
    await images({ auths: { [host]: { identitytoken: 'an identity' } } }).resolve(at(registry));
    expect([...new Set(tokens.askers)]).toEqual(['', READER, 'an identity']);
  } finally {
    tokens.stop();
  }
});

/** Between a client and the registry: each answer may be cut off, changed or replaced. */
async function between(
  change: (path: string, range: string | undefined, body: Buffer) => { status?: number; cutAt?: number; body?: Buffer },
): Promise<{ port: number; stop: () => void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const { range, accept } = request.headers;
      const headers = { ...(range === undefined ? {} : { range }), ...(accept === undefined ? {} : { accept }) };
      const url = `http://127.0.0.1:${String(plain.port)}${request.url ?? ''}`;
      const answer = await fetch(url, { method: request.method ?? 'GET', headers });
      const body = Buffer.from(await answer.arrayBuffer());
      const { status = answer.status, cutAt, body: sent = body } = change(request.url ?? '', range, body);
      response.writeHead(status, Object.fromEntries([...answer.headers].filter(([name]) => name !== 'connection')));
      if (cutAt === undefined) response.end(sent);
      else response.write(sent.subarray(0, cutAt), () => response.destroy());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('a download that is cut off goes on where it was', async () => {
  const ranges: (string | undefined)[] = [];
  const server = await between((_, range, body) => {
    if (body.length < 1_000_000) return {};
    ranges.push(range);
    return ranges.length === 1 ? { cutAt: 1_500_000 } : {};
  });
  try {
    const mine = images();
    const resolved = await mine.resolve(at(server, 'shop/web:large'));
    await mine.pull(resolved);
    const [layer] = resolved.manifest.layers;
    expect(digestOf(readFileSync(mine.file(layer?.digest ?? '')))).toBe(layer?.digest);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d{3,6}-$/)]);
  } finally {
    server.stop();
  }
});

test('what is not what its digest says is not kept', async () => {
  const server = await between((path, _, body) =>
    path.includes('/blobs/') && body.length > 1_000_000
      ? { body: Buffer.concat([Buffer.from('x'), body.subarray(1)]) }
      : {},
  );
  try {
    const mine = images();
    const resolved = await mine.resolve(at(server, 'shop/web:large'));
    const [{ digest } = { digest: '' }] = resolved.manifest.layers;
    await expect(mine.pull(resolved)).rejects.toThrow(`it sent something else for ${digest}`);
    expect(existsSync(mine.file(digest))).toBe(false);
  } finally {
    server.stop();
  }
});

test('a registry that has had enough, or fails, is asked again, and then says so', async () => {
  let asked = 0;
  const busy = await between(() => ((asked += 1) <= 2 ? { status: 503 } : {}));
  const full = await between(() => ({
    status: 429,
    body: Buffer.from('{"errors":[{"code":"TOOMANYREQUESTS","message":"pull rate limit"}]}'),
  }));
  try {
    expect(await images().resolve(at(busy))).toBeDefined();
    await expect(images().resolve(at(full))).rejects.toThrow(
      /^localhost:\d+ lets no more be pulled for now \(429.*\): wait, or `docker login localhost:\d+`$/,
    );
  } finally {
    busy.stop();
    full.stop();
  }
});

test('HIGHLANDS_PULL=never asks no registry', async () => {
  process.env['HIGHLANDS_PULL'] = 'never';
  try {
    await expect(images().resolve(at(plain))).rejects.toThrow('HIGHLANDS_PULL=never: no registry is asked');
  } finally {
    delete process.env['HIGHLANDS_PULL'];
  }
});
