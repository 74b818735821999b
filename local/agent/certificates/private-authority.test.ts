import { X509Certificate } from 'node:crypto';
import { createServer, connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PrivateAuthority } from './private-authority.ts';

test('a certificate is for one name, for a week, and signed by its authority', async () => {
  const authority = await PrivateAuthority.create('arn:aws:acm-pca:us-east-1:0:certificate-authority/x');
  const leaf = new X509Certificate((await authority.issue('service-a.highlands.local')).certificate);
  expect(leaf.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(leaf.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(leaf.checkHost('service-a.highlands.local')).toBe('service-a.highlands.local');
  expect(leaf.checkHost('service-c.highlands.local')).toBeUndefined();
  const days = (Date.parse(leaf.validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThanOrEqual(7);
});

test('a certificate may be for other names as well', async () => {
  const authority = await PrivateAuthority.create('arn:/x');
  const leaf = new X509Certificate((await authority.issue('localhost', ['lb.example', '*.example.com'])).certificate);
  expect(['localhost', 'lb.example', 'a.example.com'].map((name) => leaf.checkHost(name))).not.toContain(undefined);
});

/** A handshake with a certificate for `issued`, by a client that trusts `trusted` and asks for `asked`. */
async function handshake(issuer: PrivateAuthority, trusted: PrivateAuthority, asked: string): Promise<string> {
  const { certificate, privateKey } = await issuer.issue('a.ns');
  const server = createServer({ cert: certificate, key: privateKey, minVersion: 'TLSv1.3' });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const outcome = await new Promise<string>((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: trusted.certificate, servername: asked }, () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
  server.close();
  return outcome;
}

test('only a client that trusts the authority and asks for the name gets through', async () => {
  const [one, other] = await Promise.all([PrivateAuthority.create('arn:/one'), PrivateAuthority.create('arn:/other')]);
  expect(await handshake(one, one, 'a.ns')).toBe('TLSv1.3');
  expect(await handshake(one, one, 'b.ns')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await handshake(one, other, 'a.ns')).not.toBe('TLSv1.3');
});

test('clients that trusted an authority before trust what it signs after it was kept', async () => {
  const authority = await PrivateAuthority.create('arn:/x');
  const kept = await PrivateAuthority.restore(await authority.store());
  expect(kept.certificate).toBe(authority.certificate);
  expect(await handshake(kept, authority, 'a.ns')).toBe('TLSv1.3');
});
