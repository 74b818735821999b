/** How a registry is reached: its address, whom of its certificates to trust, and through which proxy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { DOCKER_HUB } from '../reference.ts';

/** Where the API of Docker Hub is: https://docs.docker.com/reference/api/registry/latest/ */
const HUB_API = 'registry-1.docker.io';

/** https://docs.docker.com/reference/cli/dockerd/#insecure-registries: those of this machine may speak plain HTTP. */
const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);

/** The addresses to try, in their order. */
export function addressesOf(host: string): [string, ...string[]] {
  const https = `https://${host === DOCKER_HUB ? HUB_API : host}`;
  return isLoopback(host) ? [https, `http://${host}`] : [https];
}

/**
 * https://docs.docker.com/engine/security/certificates/ and, for Docker without root and for Podman,
 * https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md
 */
const certificateFolders = (environment: NodeJS.ProcessEnv): string[] => {
  const configuration = environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? homedir(), '.config');
  return [
    join(configuration, 'docker/certs.d'),
    join(configuration, 'containers/certs.d'),
    '/etc/docker/certs.d',
    '/etc/containers/certs.d',
  ];
};

/** The authorities that are trusted for a registry alone, in PEM. */
function authoritiesFor(host: string, environment = process.env): string[] {
  const folders = certificateFolders(environment).map((folder) => join(folder, host));
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.crt'))
        .map((name) => join(folder, name)),
    )
    .map((file) => readFileSync(file, 'utf8'));
}

/** Node adds NODE_EXTRA_CA_CERTS to its own list only where no other list is given. */
function extraOfNode(file: string | undefined): string[] {
  return file !== undefined && existsSync(file) ? [readFileSync(file, 'utf8')] : [];
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY hold for all but this machine, as with Docker. */
export function dispatcherFor(host: string, environment = process.env): Dispatcher {
  const own = authoritiesFor(host, environment);
  const tls =
    own.length === 0 ? {} : { ca: [...rootCertificates, ...extraOfNode(environment['NODE_EXTRA_CA_CERTS']), ...own] };
  return isLoopback(host) ? new Agent({ connect: tls }) : new EnvHttpProxyAgent({ connect: tls, requestTls: tls });
}
