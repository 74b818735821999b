/** What gives tokens for a registry: https://distribution.github.io/distribution/spec/auth/token/ */
import { sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SERVICE = 'registry.test';

export interface TokenServer {
  readonly realm: string;
  /** Who asked, in Basic, or with which identity token; empty for nobody. */
  readonly askers: string[];
  stop(): void;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** https://distribution.github.io/distribution/spec/auth/jwt/ */
function tokenFor(scope: string, { certificate, key }: { certificate: string; key: string }): string {
  const [type, name, actions = ''] = scope.split(':');
  const now = Math.floor(Date.now() / 1000);
  const x5c = [new X509Certificate(certificate).raw.toString('base64')];
  const claims = {
    ...{ iss: 'test', sub: '', aud: SERVICE, exp: now + 300, nbf: now - 300, iat: now, jti: scope },
    access: [{ type, name, actions: actions.split(',') }],
  };
  const signed = `${part({ typ: 'JWT', alg: 'ES256', x5c })}.${part(claims)}`;
  // https://www.rfc-editor.org/rfc/rfc7518#section-3.4: both numbers side by side, not in DER.
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** @param mayRead whether an asker gets a token that opens something */
export async function startTokenServer(
  signer: { certificate: string; key: string },
  mayRead: (asker: string) => boolean,
): Promise<TokenServer> {
  const askers: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = new URLSearchParams(Buffer.concat(chunks).toString());
      const asked = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const basic = Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
      const asker = body.get('refresh_token') ?? basic;
      askers.push(asker);
      const scope = asked.get('scope') ?? body.get('scope') ?? '';
      if (!mayRead(asker)) response.writeHead(401, { 'content-type': 'application/json' });
      response.end(mayRead(asker) ? JSON.stringify({ token: tokenFor(scope, signer) }) : '{"details":"incorrect"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${String(port)}/token`,
    askers,
    stop: () => {
      server.close();
    },
  };
}
